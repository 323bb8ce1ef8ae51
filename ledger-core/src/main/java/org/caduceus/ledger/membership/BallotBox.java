package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;

/**
 * The ballots of an epoch and what they decide. Immutable: the same entries give the same next
 * constitution at every member, and entries that are no valid ballots change nothing.
 */
public final class BallotBox {
  /** A valid ballot and whose it is. */
  private record Cast(String member, MembershipChange change) {}

  private final Constitution constitution;
  private final EpochChain.Beginning beginning;
  private final Hash configHash;
  private final SignatureVerifier signatures;
  private final List<Cast> cast;

  /** The constitution with everything that has enough ballots. */
  private final Constitution decided;

  private BallotBox(
      Constitution constitution,
      EpochChain.Beginning beginning,
      Hash configHash,
      SignatureVerifier signatures,
      List<Cast> cast) {
    this.constitution = constitution;
    this.beginning = beginning;
    this.configHash = configHash;
    this.signatures = signatures;
    this.cast = cast;
    this.decided = cast.isEmpty() ? constitution : decided();
  }

  /**
   * An empty box of an epoch.
   *
   * @param register of the epoch
   */
  public static BallotBox of(
      EpochChain.Beginning beginning, Register register, SignatureVerifier signatures) {
    EpochConfig config = beginning.config();
    return new BallotBox(
        new Constitution(config, register), beginning, config.hash(), signatures, List.of());
  }

  /** What was voted for in this epoch and by whom, in the order in which it came. */
  public Map<MembershipChange, List<String>> tallies() {
    Map<MembershipChange, List<String>> tallies = new LinkedHashMap<>();
    for (Cast ballot : cast) {
      List<String> voters = tallies.computeIfAbsent(ballot.change(), change -> new ArrayList<>());
      if (!voters.contains(ballot.member())) {
        voters.add(ballot.member());
      }
    }
    return tallies;
  }

  /**
   * The box after one more block.
   *
   * @param entries of the block, in their order; a box in which something is decided takes no more
   */
  public BallotBox after(Collection<SignedEntry> entries) {
    List<Cast> more = new ArrayList<>(cast);
    for (SignedEntry entry : entries) {
      if (entry.entry().kind().equals(Ballot.KIND)) {
        valid(entry).ifPresent(more::add);
      }
    }
    return more.size() == cast.size()
        ? this
        : new BallotBox(constitution, beginning, configHash, signatures, List.copyOf(more));
  }

  private Optional<Cast> valid(SignedEntry entry) {
    Optional<Institution> institution =
        constitution.register().institution(entry.entry().member()).filter(it -> !it.suspended());
    return institution.flatMap(
        it ->
            Ballot.in(entry.entry())
                .filter(ballot -> ballot.isOf(it.governanceKey(), configHash, signatures))
                .map(ballot -> new Cast(it.id(), ballot.change())));
  }

  /**
   * What the next epoch goes by, if the epoch ends with the block that holds the last of these
   * ballots: because they decide something, or because an election is due.
   *
   * @param height of that block, which has entries
   * @return empty if the epoch goes on
   */
  public Optional<Constitution> next(long height) {
    if (decided.equals(constitution) && !electionIsDue(height)) {
      return Optional.empty();
    }
    Constitution settled = withOwnWishes();
    EpochConfig config = settled.config();
    List<Member> seats =
        settled.register().elections().held()
            ? new Election(settled, beginning.anchor()).committee()
            : config.members();
    return Optional.of(
        new Constitution(
            config.with(constitution.config().epoch() + 1, seats),
            withoutCandidaciesOf(seats, settled.register())));
  }

  /** What an election would come to now; empty where none is held. */
  public Optional<Outlook> outlook() {
    Register.Elections elections = constitution.register().elections();
    if (!elections.held()) {
      return Optional.empty();
    }
    Election election = new Election(withOwnWishes(), beginning.anchor());
    return Optional.of(
        new Outlook(
            beginning.anchorHeight() + elections.epochBlocks(),
            election.votes(),
            election.committee().stream().map(Member::id).toList()));
  }

  private boolean electionIsDue(long height) {
    Register.Elections elections = constitution.register().elections();
    return elections.held() && height - beginning.anchorHeight() >= elections.epochBlocks();
  }

  /** A change and who voted for it; applied once, when it has enough and makes sense. */
  private static final class Tally {
    final MembershipChange change;
    final List<String> voters = new ArrayList<>();
    boolean done;

    Tally(MembershipChange change) {
      this.change = change;
    }

    boolean isDue(Constitution constitution) {
      return !done && change.isDecidedBy(voters, constitution);
    }
  }

  /**
   * Applies what has enough ballots, in the order in which it got them; nothing after another mode:
   * keys that were shown for the old one may not vote in the new one.
   */
  private Constitution decided() {
    Map<Hash, Tally> tallies = new LinkedHashMap<>();
    Map<String, MembershipChange.AnnounceKey> announced = new LinkedHashMap<>();
    Constitution result = constitution;
    for (Cast ballot : cast) {
      Tally tally =
          tallies.computeIfAbsent(
              Hash.sha256(ballot.change().encode().unsafeArray()),
              change -> new Tally(ballot.change()));
      if (!tally.voters.contains(ballot.member())) {
        tally.voters.add(ballot.member());
      }
      if (ballot.change() instanceof MembershipChange.AnnounceKey key
          && key.member().equals(ballot.member())) {
        String whose = key.member() + " " + key.mode();
        announced.remove(whose); // the last one counts, as if no other had come before it
        announced.put(whose, key);
      }
      for (Tally each : tallies.values()) {
        boolean sameMode = result.config().mode() == constitution.config().mode();
        if (sameMode && each.isDue(constitution)) {
          // A mode waits for the keys of its members; what makes no sense now never will.
          Optional<Constitution> applied = each.change.appliedTo(result, announced.values());
          each.done = applied.isPresent() || !(each.change instanceof MembershipChange.SetMode);
          result = applied.orElse(result);
        }
      }
    }
    return result;
  }

  /**
   * What institutions decided about themselves and is no reason to end an epoch: whom their weight
   * elects, and with which voter they would take a seat. The last word counts.
   */
  private Constitution withOwnWishes() {
    Register register = decided.register();
    for (Cast ballot : cast) {
      Optional<Institution> own = register.institution(ballot.member());
      switch (ballot.change()) {
        case MembershipChange.Delegate(String member, String to)
            when own.isPresent() && member.equals(ballot.member()) ->
            register =
                register.with(own.get().withDelegate(Optional.of(to).filter(it -> !it.isEmpty())));
        case MembershipChange.AnnounceKey key
            when own.isPresent() && key.member().equals(ballot.member()) ->
            register = candidate(register, own.get(), key);
        default -> {}
      }
    }
    return decided.with(register);
  }

  private static Register candidate(
      Register register, Institution own, MembershipChange.AnnounceKey key) {
    boolean taken =
        register.institutions().stream()
            .filter(each -> !each.id().equals(own.id()))
            .flatMap(each -> each.candidacy().stream())
            .anyMatch(voter -> voter.votingKey().equals(key.votingKey()));
    return taken ? register : register.with(own.withCandidacy(Optional.of(key.candidacy())));
  }

  /** Whoever has a seat votes with the key of the seat; who lost it needs a new voter. */
  private static Register withoutCandidaciesOf(List<Member> seats, Register register) {
    Register result = register;
    for (Member seat : seats) {
      Institution holder = result.institution(seat.id()).orElseThrow();
      if (holder.candidacy().isPresent()) {
        result = result.with(holder.withCandidacy(Optional.empty()));
      }
    }
    return result;
  }
}
