package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.NobodysKey;
import org.caduceus.ledger.enclave.AssuranceTier;

/**
 * What governance may decide about the next epoch, layout {@code CDC1CHNG}. An institution alone
 * decides about its own keys and its own weight; everything else needs ballots of more than half of
 * the institutions that have weight.
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
   * An institution gets a seat, or stands for election where there are elections.
   *
   * @param member with the hash of the evidence
   * @param evidence what its enclave says of itself
   */
  record AddMember(Member member, Bytes evidence) implements MembershipChange {}

  /**
   * An institution is expelled: it loses its seat, if it has one, and its place in the register.
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
   * With which key an institution would vote where it has no seat, or in another mode. Changes
   * nothing by itself: {@link SetMode} needs it in the same epoch, and an election takes it from
   * whoever has no seat.
   *
   * @param member id
   * @param mode in which it would vote
   * @param votingKey SEC 1 point
   * @param evidence what an enclave says of itself; empty for a process
   */
  record AnnounceKey(String member, EpochConfig.Mode mode, Bytes votingKey, Bytes evidence)
      implements MembershipChange {
    /** Whether it is that voter's, whatever evidence it shows this time. */
    boolean isOfVoter(Institution.Candidacy voter) {
      return voter.mode() == mode && voter.votingKey().equals(votingKey);
    }

    /** As the register keeps it. */
    Institution.Candidacy candidacy() {
      return new Institution.Candidacy(mode, votingKey, Hash.sha256(evidence.unsafeArray()));
    }
  }

  /**
   * Another mode for the same members, with the keys that they announced for it. Nobody decides
   * about another's key, so all but f must have announced one. In BFT-2P the others keep the key of
   * their enclave, which signs nothing there. In TEE-1P no key of a process may vote, as a process
   * may sign anything: the others get a key that nobody has. Either way they follow until a ballot
   * gives the seat to a key of theirs.
   */
  record SetMode(EpochConfig.Mode mode) implements MembershipChange {
    boolean isPossible(EpochConfig config) {
      return config.mode() != mode && config.n() >= mode.leastMembers();
    }

    /**
     * The configuration in this mode.
     *
     * @param announced of the epoch, in the order in which they came: a key is who came first's
     * @return empty until enough members announced a key, or if the mode makes no sense there
     */
    Optional<EpochConfig> with(EpochConfig config, Collection<AnnounceKey> announced) {
      if (!isPossible(config)) {
        return Optional.empty();
      }
      Map<String, AnnounceKey> keys = announcedIn(config, announced);
      List<Member> members = new ArrayList<>();
      for (Member member : config.members()) {
        AnnounceKey key = keys.get(member.id());
        members.add(
            key == null
                ? withoutKey(config, member)
                : member.withVotingKey(key.votingKey(), Hash.sha256(key.evidence().unsafeArray())));
      }
      return keys.size() < keysNeeded(config)
          ? Optional.empty()
          : Optional.of(config.with(config.epoch(), members).with(mode));
    }

    /** Keys without which the mode waits. */
    public int keysNeeded(EpochConfig config) {
      return config.n() - mode.faults(config.n());
    }

    /** By member, the announced keys that count. */
    private Map<String, AnnounceKey> announcedIn(
        EpochConfig config, Collection<AnnounceKey> announced) {
      Map<String, AnnounceKey> keys = new HashMap<>();
      Set<Bytes> taken = new HashSet<>();
      for (AnnounceKey key : announced) {
        if (key.mode() == mode
            && config.indexOf(key.member()).isPresent()
            && taken.add(key.votingKey())) {
          keys.put(key.member(), key);
        }
      }
      return keys;
    }

    private Member withoutKey(EpochConfig config, Member member) {
      return switch (mode) {
        case BFT_2P -> member;
        case TEE_1P ->
            member.withVotingKey(
                NobodysKey.of(config.suite(), config.chainId(), config.epoch(), member.id()),
                Hash.sha256(new byte[0]));
      };
    }
  }

  /**
   * An institution is registered, or what is registered of it is corrected. It gets no seat, but
   * its node may follow and its entries are taken.
   *
   * @param weight 0 to {@link Institution#MAX_WEIGHT}; above 0, its ballots count
   * @param linkKey as in {@link Member}
   */
  record RegisterInstitution(
      String member,
      Institution.Category category,
      int weight,
      Bytes signingKey,
      Bytes governanceKey,
      Hash linkKey)
      implements MembershipChange {}

  /**
   * An institution loses its seat and the ledger takes nothing from it, its ballots included, until
   * this is taken back. Its node may follow.
   *
   * @param suspended or not any more
   */
  record SetSuspended(String member, boolean suspended) implements MembershipChange {}

  /**
   * Whom an institution's weight elects; counts from the next epoch's beginning on.
   *
   * @param member whose weight it is
   * @param to id; empty for itself
   */
  record Delegate(String member, String to) implements MembershipChange {
    /** Checks the delegate, which the register keeps. */
    public Delegate {
      if (!to.isEmpty() && !Member.isId(to)) {
        throw new MalformedException(
            "Expected the id of a delegate, or nothing, but got another text");
      }
    }
  }

  /** Whether and how a committee is elected. */
  record SetElections(Register.Elections elections) implements MembershipChange {}

  /**
   * A member's links get another key.
   *
   * @param linkKey as in {@link Member}
   */
  record ReplaceLinkKey(String member, Hash linkKey) implements MembershipChange {}

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
      case RegisterInstitution it ->
          writeId(out.u8(7), it.member())
              .u8(it.category().code())
              .u32(it.weight())
              .bytes(it.signingKey())
              .bytes(it.governanceKey())
              .hash(it.linkKey());
      case SetSuspended(String member, boolean suspended) ->
          writeId(out.u8(8), member).flag(suspended);
      case Delegate(String member, String to) -> writeId(writeId(out.u8(9), member), to);
      case SetElections(Register.Elections elections) -> out.u8(10).bytes(elections.encode());
      case ReplaceLinkKey(String member, Hash linkKey) -> writeId(out.u8(11), member).hash(linkKey);
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
          case 7 ->
              new RegisterInstitution(
                  readId(in),
                  Institution.Category.of(in.u8()),
                  in.i32(),
                  Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
                  Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
                  in.hash());
          case 8 -> new SetSuspended(readId(in), in.flag());
          case 9 -> new Delegate(readId(in), readId(in));
          case 10 -> new SetElections(Register.Elections.read(in));
          case 11 -> new ReplaceLinkKey(readId(in), in.hash());
          default ->
              throw new MalformedException("Expected membership change 1 to 11, but got " + kind);
        };
    in.end();
    return change;
  }

  /**
   * Whether a ballot for it makes sense in this epoch: it is possible and would change something.
   */
  default boolean isPossibleIn(Constitution constitution) {
    EpochConfig config = constitution.config();
    Register register = constitution.register();
    return switch (this) {
      case AnnounceKey key ->
          config.indexOf(key.member()).isPresent()
              ? key.mode() != config.mode()
              : register
                  .institution(key.member())
                  .filter(it -> it.candidacy().filter(key::isOfVoter).isEmpty())
                  .isPresent();
      case Delegate(String member, String to) ->
          (to.isEmpty() || register.institution(to).isPresent())
              && register
                  .institution(member)
                  .filter(it -> !it.delegate().orElse("").equals(to))
                  .isPresent();
      case SetMode mode -> mode.isPossible(config);
      default ->
          appliedTo(constitution, List.of()).filter(it -> !it.equals(constitution)).isPresent();
    };
  }

  /** Who alone decides; empty if more than half of the institutions that have weight must. */
  default Optional<String> owner() {
    return switch (this) {
      case ReplaceKey replaced -> Optional.of(replaced.member());
      case AnnounceKey announced -> Optional.of(announced.member());
      case Delegate delegated -> Optional.of(delegated.member());
      case ReplaceLinkKey replaced -> Optional.of(replaced.member());
      case AddMember added -> Optional.empty();
      case RemoveMember removed -> Optional.empty();
      case SetRules rules -> Optional.empty();
      case SetMode mode -> Optional.empty();
      case RegisterInstitution registered -> Optional.empty();
      case SetSuspended suspended -> Optional.empty();
      case SetElections elections -> Optional.empty();
    };
  }

  /** Whether the ballots of these institutions decide it. */
  default boolean isDecidedBy(List<String> voters, Constitution constitution) {
    List<String> electors = constitution.register().electors();
    return owner()
        .map(voters::contains)
        .orElseGet(() -> voters.stream().filter(electors::contains).count() > electors.size() / 2);
  }

  /**
   * The constitution with this change, of the same epoch number.
   *
   * @param announced keys for other modes, one a member and mode
   * @return empty if the change makes no sense there, or is none that ends an epoch
   */
  default Optional<Constitution> appliedTo(Constitution before, Collection<AnnounceKey> announced) {
    try {
      return changed(before, announced).filter(after -> !after.register().electors().isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // two seats with one key, no member left, an impossible rule
    }
  }

  private Optional<Constitution> changed(Constitution before, Collection<AnnounceKey> announced) {
    return switch (this) {
      case ReplaceKey replaced -> replaced(before, replaced);
      case AddMember added -> added(before, added);
      case RemoveMember(String member) -> removed(before, member);
      case SetRules rules -> Optional.of(before.with(before.config().with(rules)));
      case AnnounceKey key -> Optional.empty();
      case SetMode mode -> mode.with(before.config(), announced).map(before::with);
      case RegisterInstitution it -> Optional.of(registered(before, it));
      case SetSuspended(String member, boolean suspended) -> suspended(before, member, suspended);
      case Delegate delegated -> Optional.empty();
      case SetElections(Register.Elections elections) ->
          Optional.of(before.with(before.register().with(elections)));
      case ReplaceLinkKey(String member, Hash linkKey) -> relinked(before, member, linkKey);
    };
  }

  private static Optional<Constitution> replaced(Constitution before, ReplaceKey change) {
    Hash evidence = Hash.sha256(change.evidence().unsafeArray());
    return before
        .seat(change.member())
        .filter(seat -> !seat.votingKey().equals(change.votingKey()))
        .map(seat -> before.reseating(seat.withVotingKey(change.votingKey(), evidence)));
  }

  private static Optional<Constitution> added(Constitution before, AddMember change) {
    Member member = change.member();
    Optional<Institution> known = before.register().institution(member.id());
    if (before.seat(member.id()).isPresent() || known.filter(Institution::suspended).isPresent()) {
      return Optional.empty();
    }
    boolean stands = before.register().elections().held();
    Institution fresh = Institution.of(member);
    Institution registered =
        new Institution(
            fresh.id(),
            known.map(Institution::category).orElse(fresh.category()),
            Math.max(known.map(Institution::weight).orElse(0), fresh.weight()),
            false,
            known.flatMap(Institution::delegate),
            fresh.signingKey(),
            fresh.governanceKey(),
            fresh.linkKey(),
            stands
                ? Optional.of(
                    new Institution.Candidacy(
                        before.config().mode(), member.votingKey(), member.evidence()))
                : Optional.empty());
    Constitution after = before.with(before.register().with(registered));
    return Optional.of(stands ? after : after.seating(member));
  }

  private static Optional<Constitution> removed(Constitution before, String id) {
    return before.register().institution(id).isEmpty()
        ? Optional.empty()
        : before.unseating(id).map(after -> after.with(after.register().without(id)));
  }

  private static Constitution registered(Constitution before, RegisterInstitution change) {
    Optional<Institution> known = before.register().institution(change.member());
    Institution institution =
        new Institution(
            change.member(),
            change.category(),
            change.weight(),
            known.filter(Institution::suspended).isPresent(),
            known.flatMap(Institution::delegate),
            change.signingKey(),
            change.governanceKey(),
            change.linkKey(),
            known.flatMap(Institution::candidacy));
    return before.with(before.register().with(institution)).reseating(institution);
  }

  private static Optional<Constitution> suspended(
      Constitution before, String id, boolean suspended) {
    Optional<Institution> known =
        before.register().institution(id).filter(it -> it.suspended() != suspended);
    return known.flatMap(
        it ->
            before
                .with(before.register().with(it.withSuspended(suspended)))
                .unseating(suspended ? id : ""));
  }

  private static Optional<Constitution> relinked(Constitution before, String id, Hash linkKey) {
    return before
        .register()
        .institution(id)
        .map(it -> it.withLinkKey(linkKey))
        .map(it -> before.with(before.register().with(it)).reseating(it));
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
