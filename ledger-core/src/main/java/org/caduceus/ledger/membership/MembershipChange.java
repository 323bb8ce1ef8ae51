package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.AssuranceTier;

/**
 * What governance may decide about the next epoch, layout {@code CDC1CHNG}. A member alone decides
 * about its own voting keys; everything else needs ballots of more than half of the members.
 */
public sealed interface MembershipChange {
  /** Most bytes of evidence in a change: a ballot must fit into one entry. */
  int MAX_EVIDENCE = 8 * 1024;

  /**
   * A member's seat goes to another instance of its enclave.
   *
   * @param member id
   * @param votingKey SEC 1 point of the new instance
   * @param evidence what the new instance says of itself
   */
  record ReplaceKey(String member, Bytes votingKey, Bytes evidence) implements MembershipChange {}

  /**
   * An institution gets a seat.
   *
   * @param member with the hash of the evidence
   * @param evidence what its enclave says of itself
   */
  record AddMember(Member member, Bytes evidence) implements MembershipChange {}

  /**
   * An institution loses its seat: it is suspended until it is added again, or expelled.
   *
   * @param member id
   */
  record RemoveMember(String member) implements MembershipChange {}

  /** Other rules for the same members; the fields are those of {@link EpochConfig}. */
  record SetRules(
      int slotK,
      int timeoutMs,
      int maxTimeoutMs,
      int maxBlockEntries,
      int maxBlockBytes,
      AssuranceTier minimumTier,
      int maxEvidenceAge,
      List<Bytes> measurements)
      implements MembershipChange {
    /** Freezes the list. */
    public SetRules {
      measurements = List.copyOf(measurements);
    }
  }

  /**
   * With which key a member would vote in another mode. Changes nothing by itself: {@link SetMode}
   * needs it in the same epoch.
   *
   * @param member id
   * @param mode that other mode
   * @param votingKey SEC 1 point
   * @param evidence what an enclave says of itself; empty for a process
   */
  record AnnounceKey(String member, EpochConfig.Mode mode, Bytes votingKey, Bytes evidence)
      implements MembershipChange {}

  /**
   * Another mode for the same members, with the keys that they announced for it. Nobody decides
   * about another's key: who announced none keeps the old one, which signs nothing in that mode, so
   * all but f must have announced. From BFT-2P there is no way back yet: the enclaves' checker
   * cannot follow through epochs of that mode.
   */
  record SetMode(EpochConfig.Mode mode) implements MembershipChange {
    /**
     * The configuration in this mode.
     *
     * @param announced of the epoch
     * @return empty until enough members announced a key, or if the mode makes no sense there
     */
    Optional<EpochConfig> with(EpochConfig config, Collection<AnnounceKey> announced) {
      if (mode != EpochConfig.Mode.BFT_2P
          || config.mode() == mode
          || config.n() < mode.leastMembers()) {
        return Optional.empty();
      }
      List<Member> members = new ArrayList<>(config.members());
      int known = 0;
      for (AnnounceKey key : announced) {
        OptionalInt seat = config.indexOf(key.member());
        if (key.mode() == mode && seat.isPresent()) {
          Hash evidence = Hash.sha256(key.evidence().unsafeArray());
          members.set(
              seat.getAsInt(),
              members.get(seat.getAsInt()).withVotingKey(key.votingKey(), evidence));
          known++;
        }
      }
      return known < config.n() - mode.faults(config.n())
          ? Optional.empty()
          : Optional.of(config.with(config.epoch(), members).with(mode));
    }
  }

  /** Layout of the formats page. */
  default Bytes encode() {
    Writer out = new Writer().tag("CDC1CHNG");
    switch (this) {
      case ReplaceKey(String member, Bytes votingKey, Bytes evidence) ->
          writeId(out.u8(1), member).bytes(votingKey).sized(evidence.unsafeArray());
      case AddMember(Member member, Bytes evidence) -> {
        member.writeTo(out.u8(2));
        out.sized(evidence.unsafeArray());
      }
      case RemoveMember(String member) -> writeId(out.u8(3), member);
      case SetRules rules -> {
        out.u8(4)
            .u16(rules.slotK())
            .u32(rules.timeoutMs())
            .u32(rules.maxTimeoutMs())
            .u32(rules.maxBlockEntries())
            .u32(rules.maxBlockBytes())
            .u8(rules.minimumTier().code())
            .u32(rules.maxEvidenceAge())
            .u16(rules.measurements().size());
        rules.measurements().forEach(out::bytes);
      }
      case AnnounceKey(String member, EpochConfig.Mode mode, Bytes votingKey, Bytes evidence) ->
          writeId(out.u8(5), member).u8(mode.code()).bytes(votingKey).sized(evidence.unsafeArray());
      case SetMode(EpochConfig.Mode mode) -> out.u8(6).u8(mode.code());
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException or another {@link IllegalArgumentException} if the bytes are no
   *     change
   */
  static MembershipChange decode(byte[] bytes) {
    Reader in = new Reader(bytes, "membership change");
    in.tag("CDC1CHNG");
    int kind = in.u8();
    MembershipChange change =
        switch (kind) {
          case 1 ->
              new ReplaceKey(
                  readId(in), Bytes.wrap(in.bytes(Member.KEY_LENGTH)), Bytes.wrap(in.sized()));
          case 2 -> new AddMember(Member.read(in), Bytes.wrap(in.sized()));
          case 3 -> new RemoveMember(readId(in));
          case 4 ->
              new SetRules(
                  in.u16(),
                  in.i32(),
                  in.i32(),
                  in.i32(),
                  in.i32(),
                  AssuranceTier.of(in.u8()),
                  in.i32(),
                  readMeasurements(in));
          case 5 ->
              new AnnounceKey(
                  readId(in),
                  EpochConfig.Mode.of(in.u8()),
                  Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
                  Bytes.wrap(in.sized()));
          case 6 -> new SetMode(EpochConfig.Mode.of(in.u8()));
          default ->
              throw new MalformedException("Expected membership change 1 to 6, but got " + kind);
        };
    in.end();
    return change;
  }

  /**
   * Whether a ballot for it makes sense in this epoch: it is possible and would change something.
   */
  default boolean isPossibleIn(EpochConfig config) {
    return switch (this) {
      case AnnounceKey key ->
          config.indexOf(key.member()).isPresent() && key.mode() != config.mode();
      case SetMode(EpochConfig.Mode mode) ->
          mode == EpochConfig.Mode.BFT_2P
              && config.mode() != mode
              && config.n() >= mode.leastMembers();
      case ReplaceKey replaced -> wouldChange(config);
      case AddMember added -> wouldChange(config);
      case RemoveMember removed -> wouldChange(config);
      case SetRules rules -> wouldChange(config);
    };
  }

  private boolean wouldChange(EpochConfig config) {
    return appliedTo(config, List.of()).filter(next -> !next.equals(config)).isPresent();
  }

  /** Whether the ballots of these members decide it. */
  default boolean isDecidedBy(List<String> members, EpochConfig config) {
    return switch (this) {
      case ReplaceKey replaced -> members.contains(replaced.member());
      case AnnounceKey announced -> members.contains(announced.member());
      case AddMember added -> members.size() > config.n() / 2;
      case RemoveMember removed -> members.size() > config.n() / 2;
      case SetRules rules -> members.size() > config.n() / 2;
      case SetMode mode -> members.size() > config.n() / 2;
    };
  }

  /**
   * The configuration with this change, of the same epoch number.
   *
   * @param announced keys for other modes, one a member and mode
   * @return empty if the change makes no sense there: then it changes nothing
   */
  default Optional<EpochConfig> appliedTo(EpochConfig config, Collection<AnnounceKey> announced) {
    try {
      return switch (this) {
        case ReplaceKey replaced -> replaced(config, replaced);
        case AddMember added -> added(config, added.member());
        case RemoveMember removed -> removed(config, removed.member());
        case SetRules rules -> Optional.of(config.with(rules));
        case AnnounceKey key -> Optional.empty();
        case SetMode mode -> mode.with(config, announced);
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // two seats with one key, no member left, an impossible rule
    }
  }

  private static Optional<EpochConfig> replaced(EpochConfig config, ReplaceKey change) {
    OptionalInt seat = config.indexOf(change.member());
    if (seat.isEmpty()
        || config.members().get(seat.getAsInt()).votingKey().equals(change.votingKey())) {
      return Optional.empty();
    }
    List<Member> members = new ArrayList<>(config.members());
    Hash evidence = Hash.sha256(change.evidence().unsafeArray());
    members.set(
        seat.getAsInt(), members.get(seat.getAsInt()).withVotingKey(change.votingKey(), evidence));
    return Optional.of(config.with(config.epoch(), members));
  }

  private static Optional<EpochConfig> added(EpochConfig config, Member member) {
    if (config.indexOf(member.id()).isPresent()) {
      return Optional.empty();
    }
    List<Member> members = new ArrayList<>(config.members());
    members.add(member);
    members.sort(Comparator.comparing(Member::id));
    return Optional.of(config.with(config.epoch(), members));
  }

  private static Optional<EpochConfig> removed(EpochConfig config, String id) {
    List<Member> members = new ArrayList<>(config.members());
    return members.removeIf(member -> member.id().equals(id)) && !members.isEmpty()
        ? Optional.of(config.with(config.epoch(), members))
        : Optional.empty();
  }

  private static Writer writeId(Writer out, String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return out.u8(bytes.length).bytes(bytes);
  }

  private static String readId(Reader in) {
    return new String(in.bytes(in.u8()), StandardCharsets.UTF_8);
  }

  private static List<Bytes> readMeasurements(Reader in) {
    List<Bytes> measurements = new ArrayList<>();
    for (int count = in.u16(); count > 0; count--) {
      measurements.add(Bytes.wrap(in.bytes(EpochConfig.MEASUREMENT_LENGTH)));
    }
    return measurements;
  }
}
