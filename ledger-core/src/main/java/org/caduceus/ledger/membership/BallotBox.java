package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;

/**
 * The ballots of an epoch and what they decide. Immutable: the same entries give the same next
 * configuration at every member, and entries that are no valid ballots change nothing.
 */
public final class BallotBox {
  /** A valid ballot and whose it is. */
  private record Cast(String member, MembershipChange change) {}

  private final EpochConfig config;
  private final Hash configHash;
  private final SignatureVerifier signatures;
  private final List<Cast> cast;
  private final Optional<EpochConfig> next;

  private BallotBox(
      EpochConfig config,
      Hash configHash,
      SignatureVerifier signatures,
      List<Cast> cast,
      Optional<EpochConfig> next) {
    this.config = config;
    this.configHash = configHash;
    this.signatures = signatures;
    this.cast = cast;
    this.next = next;
  }

  /** An empty box of an epoch. */
  public static BallotBox of(EpochConfig config, SignatureVerifier signatures) {
    return new BallotBox(config, config.hash(), signatures, List.of(), Optional.empty());
  }

  /** The configuration that follows from these ballots; empty while nothing is decided. */
  public Optional<EpochConfig> next() {
    return next;
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
        : new BallotBox(config, configHash, signatures, List.copyOf(more), decided(more));
  }

  private Optional<Cast> valid(SignedEntry entry) {
    String member = entry.entry().member();
    return config.indexOf(member).isEmpty()
        ? Optional.empty()
        : Ballot.in(entry.entry())
            .filter(
                ballot ->
                    ballot.isOf(
                        config.members().get(config.indexOf(member).getAsInt()),
                        configHash,
                        signatures))
            .map(ballot -> new Cast(member, ballot.change()));
  }

  /** A change and who voted for it; applied once, when it has enough and makes sense. */
  private static final class Tally {
    final MembershipChange change;
    final List<String> voters = new ArrayList<>();
    boolean done;

    Tally(MembershipChange change) {
      this.change = change;
    }

    boolean isDue(EpochConfig config) {
      return !done && change.isDecidedBy(voters, config);
    }
  }

  /** Applies what has enough ballots, in the order in which it got them. */
  private Optional<EpochConfig> decided(List<Cast> ballots) {
    Map<Hash, Tally> tallies = new LinkedHashMap<>();
    Map<String, MembershipChange.AnnounceKey> announced = new TreeMap<>();
    EpochConfig result = config;
    for (Cast ballot : ballots) {
      Tally tally =
          tallies.computeIfAbsent(
              Hash.sha256(ballot.change().encode().unsafeArray()),
              change -> new Tally(ballot.change()));
      if (!tally.voters.contains(ballot.member())) {
        tally.voters.add(ballot.member());
      }
      if (ballot.change() instanceof MembershipChange.AnnounceKey key
          && key.member().equals(ballot.member())) {
        announced.put(key.member() + " " + key.mode(), key);
      }
      for (Tally each : tallies.values()) {
        if (each.isDue(config)) {
          // A mode waits for the keys of its members; what makes no sense now never will.
          Optional<EpochConfig> applied = each.change.appliedTo(result, announced.values());
          each.done = applied.isPresent() || !(each.change instanceof MembershipChange.SetMode);
          result = applied.orElse(result);
        }
      }
    }
    return result.equals(config)
        ? Optional.empty()
        : Optional.of(result.with(config.epoch() + 1, result.members()));
  }
}
