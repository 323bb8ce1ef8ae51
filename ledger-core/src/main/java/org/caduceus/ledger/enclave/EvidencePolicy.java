package org.caduceus.ledger.enclave;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/**
 * Decides whether evidence is acceptable under the policy on the ledger, and what it is worth. The
 * tier that counts is the one the verifier can vouch for: what an instance says of itself is
 * believed only downwards.
 */
public final class EvidencePolicy {
  private final PlatformVerifier platforms;
  private final SignatureVerifier signatures;

  /** A policy that believes what these verify. */
  public EvidencePolicy(PlatformVerifier platforms, SignatureVerifier signatures) {
    this.platforms = platforms;
    this.signatures = signatures;
  }

  /**
   * What the ledger asks of every enclave, whoever runs it.
   *
   * @param suite what the instance signs and seals with
   * @param minimumTier least tier that counts
   * @param measurements allowed code, 48 bytes each; empty allows any, and then the tier asked is
   *     SIMULATED
   */
  public record Terms(Suite suite, AssuranceTier minimumTier, List<Bytes> measurements) {
    /** Those of an epoch. */
    public static Terms of(EpochConfig config) {
      return new Terms(config.suite(), config.minimumTier(), config.measurements());
    }

    /** Copies, and refuses a tier above SIMULATED for whatever code. */
    public Terms {
      measurements = List.copyOf(measurements);
      if (minimumTier != AssuranceTier.SIMULATED && measurements.isEmpty()) {
        throw new IllegalArgumentException(
            "Expected measurements that tier " + minimumTier + " vouches for, but none is listed");
      }
    }
  }

  /** What became of evidence. */
  public sealed interface Verdict {}

  /**
   * It is acceptable.
   *
   * @param tier what it is worth, as verified
   */
  public record Accepted(AssuranceTier tier) implements Verdict {}

  /**
   * It is not.
   *
   * @param reason a sentence, "Expected …, but …"
   */
  public record Refused(String reason) implements Verdict {}

  /**
   * Judges evidence of a seat in an epoch.
   *
   * @param config the epoch's
   * @param seat member index
   * @param age blocks between the one whose hash is the nonce and the tip; who knows no such block
   *     does not ask
   */
  public Verdict ofSeat(Evidence evidence, EpochConfig config, int seat, long age) {
    Optional<String> foreign = foreign(evidence, config, seat);
    if (foreign.isPresent()) {
      return new Refused(foreign.get());
    }
    Optional<String> tooOld = ageViolation(config, age);
    if (tooOld.isPresent()) {
      return new Refused(tooOld.get());
    }
    return onTerms(evidence, Terms.of(config), knownBy(evidence, config.mode()));
  }

  /**
   * The key by which the ledger knows an instance in an epoch, and which its evidence there is
   * signed with: the one it votes with, or where processes vote the institution's, which it has.
   */
  private static Bytes knownBy(Evidence evidence, EpochConfig.Mode mode) {
    return switch (mode) {
      case TEE_1P -> evidence.votingKey();
      case BFT_2P -> evidence.signingKey();
    };
  }

  /**
   * Judges evidence of an instance that follows an epoch and asks for a seat from the next one on.
   *
   * @param config the epoch's
   * @param member for whom it asks
   */
  public Verdict ofFollower(Evidence evidence, EpochConfig config, String member) {
    if (!evidence.chainId().equals(config.chainId()) || !evidence.member().equals(member)) {
      return new Refused("Expected evidence of this chain and member, but it names another");
    }
    return onTerms(evidence, Terms.of(config), knownBy(evidence, config.mode()));
  }

  /**
   * Judges evidence of an instance that knows no epoch yet and asks for a seat.
   *
   * @param chainId of the consortium it asks to join
   * @param member for whom it asks
   * @param nonce what the asker was told to bind
   */
  public Verdict ofCandidate(
      Evidence evidence, Hash chainId, String member, Hash nonce, Terms terms) {
    if (!evidence.chainId().equals(chainId) || !evidence.member().equals(member)) {
      return new Refused("Expected evidence of this chain and member, but it names another");
    }
    if (!evidence.nonce().equals(nonce)) {
      return new Refused("Expected evidence of the nonce given, but it has another");
    }
    return onTerms(evidence, terms, evidence.votingKey());
  }

  /**
   * Why evidence is too old in an epoch; empty if it is not.
   *
   * @param age blocks between the one whose hash is the nonce and the tip
   */
  public static Optional<String> ageViolation(EpochConfig config, long age) {
    return config.maxEvidenceAge() == 0 || age <= config.maxEvidenceAge()
        ? Optional.empty()
        : Optional.of(
            "Expected evidence of at most "
                + config.maxEvidenceAge()
                + " blocks of age, but it is "
                + age
                + " blocks old");
  }

  private static Optional<String> foreign(Evidence evidence, EpochConfig config, int seat) {
    Member expected = config.members().get(seat);
    if (!evidence.chainId().equals(config.chainId()) || !evidence.member().equals(expected.id())) {
      return Optional.of("Expected evidence of this chain and member, but it names another");
    }
    boolean otherGenesis =
        config.epoch() == 1 && !evidence.genesisHash().equals(evidence.configHash());
    if (evidence.epoch() != config.epoch()
        || !evidence.configHash().equals(config.hash())
        || otherGenesis) {
      return Optional.of("Expected evidence of this epoch, but it is of another");
    }
    boolean votes = config.mode() == EpochConfig.Mode.TEE_1P;
    if ((votes && !evidence.votingKey().equals(expected.votingKey()))
        || !evidence.signingKey().equals(expected.signingKey())) {
      return Optional.of("Expected evidence of the seat's keys, but it is of others");
    }
    return Optional.empty();
  }

  private Verdict onTerms(Evidence evidence, Terms terms, Bytes signer) {
    if (evidence.suite() != terms.suite()) {
      return new Refused(
          "Expected evidence of suite " + terms.suite() + ", but it is of " + evidence.suite());
    }
    if (!signatures.verifies(signer, evidence.claims(), evidence.signature())) {
      return new Refused("Expected evidence signed by the instance, but the signature is wrong");
    }
    if (evidence.debug()) {
      return new Refused("Expected an instance that no debugger can read, but it is a debug build");
    }
    if (!allows(terms, evidence.measurement())) {
      return new Refused("Expected code that the ledger allows, but its measurement is not listed");
    }
    return onPlatform(evidence, terms);
  }

  private Verdict onPlatform(Evidence evidence, Terms terms) {
    PlatformVerifier.Finding finding =
        evidence.platform().equals(Bytes.EMPTY)
            ? new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of())
            : platforms.verify(evidence);
    return switch (finding) {
      case PlatformVerifier.Refused refused -> new Refused(refused.reason());
      case PlatformVerifier.Vouched vouched -> onTier(evidence, vouched, terms);
    };
  }

  private static Verdict onTier(Evidence evidence, PlatformVerifier.Vouched vouched, Terms terms) {
    AssuranceTier tier = vouched.tier();
    if (evidence.tier().compareTo(tier) > 0) {
      return new Refused(
          "Expected evidence that can be verified here, but it claims tier "
              + evidence.tier()
              + " and what is shown is worth "
              + tier);
    }
    if (tier.compareTo(terms.minimumTier()) < 0) {
      return new Refused(
          "Expected at least tier "
              + terms.minimumTier()
              + ", as the ledger's policy asks, but the evidence is worth "
              + tier);
    }
    if (!vouched.launches().stream().allMatch(launch -> allows(terms, launch))) {
      return new Refused(
          "Expected a machine image that the ledger allows, but its measurement is not listed");
    }
    return new Accepted(tier);
  }

  private static boolean allows(Terms terms, Bytes measurement) {
    return terms.measurements().isEmpty() || terms.measurements().contains(measurement);
  }
}
