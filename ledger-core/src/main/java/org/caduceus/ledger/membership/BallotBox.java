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

  /** Applies what has enough ballots, in the order in which it got them. */
  private Optional<EpochConfig> decided(List<Cast> ballots) {
    Map<Hash, List<String>> members = new LinkedHashMap<>();
    EpochConfig result = config;
    for (Cast ballot : ballots) {
      List<String> voters =
          members.computeIfAbsent(
              Hash.sha256(ballot.change().encode().unsafeArray()), change -> new ArrayList<>());
      boolean before = ballot.change().isDecidedBy(voters, config);
      if (!voters.contains(ballot.member())) {
        voters.add(ballot.member());
      }
      if (!before && ballot.change().isDecidedBy(voters, config)) {
        result = ballot.change().appliedTo(result).orElse(result);
      }
    }
    return result.equals(config)
        ? Optional.empty()
        : Optional.of(result.with(config.epoch() + 1, result.members()));
  }
}
