package org.caduceus.ledger.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.EpochConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What counts is what was verified, and the ledger says how much of it is asked. */
@Tag("6.1a")
final class EvidencePolicyTest {
  private static final SampleSigner VOTER =
      SampleSigner.Scheme.ES256.signer(SampleConsortium.votingKeyName(0));
  private static final SampleSigner OTHER = SampleSigner.Scheme.ES256.signer("somebody else");
  private static final Bytes CODE = SampleEvidence.measurement(0x4d);
  private static final Bytes IMAGE = SampleEvidence.measurement(0x77);
  private static final Bytes ATTESTATION = Bytes.fromHex("a77e57");

  @Test
  void evidenceOfTheSeatIsAccepted() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 0);
    assertAccepted(AssuranceTier.SIMULATED, SampleEvidence.of(config, 0, VOTER), config);
  }

  @Test
  void evidenceOfAnythingElseIsRefused() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 0);
    Hash any = SampleEntries.hashOf("another");
    assertRefused("chain and member", SampleEvidence.of(config, 0, VOTER).chain(any), config);
    assertRefused(
        "chain and member", SampleEvidence.of(config, 0, VOTER).member("member-b"), config);
    assertRefused("epoch", SampleEvidence.of(config, 0, VOTER).epoch(2), config);
    assertRefused("epoch", SampleEvidence.of(config, 0, VOTER).config(any), config);
    assertRefused("epoch", SampleEvidence.of(config, 0, VOTER).genesis(any), config);
    assertRefused("suite", SampleEvidence.of(config, 0, VOTER).suite(Suite.SM2_SM3), config);
    assertRefused("keys", SampleEvidence.of(config, 0, VOTER).voter(OTHER), config);
    assertRefused(
        "keys", SampleEvidence.of(config, 0, VOTER).institution(OTHER.publicKey()), config);
    assertRefused("signature", SampleEvidence.of(config, 0, VOTER).signedBy(OTHER), config);
  }

  /** Where processes vote, the ledger knows an enclave by its institution's key alone. */
  @Test
  void amongProcessesTheInstitutionSigns() {
    SampleConsortium consortium =
        new SampleConsortium(SampleSigner.Scheme.ES256, 4, 4).in(EpochConfig.Mode.BFT_2P);
    EpochConfig config = consortium.config();
    assertAccepted(
        AssuranceTier.SIMULATED,
        SampleEvidence.of(config, 0, OTHER).signedBy(consortium.institution(0)),
        config);
    assertRefused("signature", SampleEvidence.of(config, 0, OTHER).signedBy(OTHER), config);
    assertRefused("signature", SampleEvidence.of(config, 0, VOTER), config);
    assertRefused(
        "keys",
        SampleEvidence.of(config, 0, OTHER).institution(OTHER.publicKey()).signedBy(OTHER),
        config);
  }

  @Test
  void aDebugBuildIsAlwaysRefused() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 0);
    assertRefused("debug", SampleEvidence.of(config, 0, VOTER).debug(), config);
  }

  @Test
  void codeThatIsNotListedIsRefusedUnlessNoneIsListed() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 0);
    assertRefused("measurement", SampleEvidence.of(config, 0, VOTER).measured(IMAGE), config);
    EpochConfig any = config(AssuranceTier.SIMULATED, 0, List.of());
    assertAccepted(AssuranceTier.SIMULATED, SampleEvidence.of(any, 0, VOTER).measured(IMAGE), any);
  }

  @Test
  void aTierAboveSimulatedForAnyCodeIsNoPolicy() {
    for (AssuranceTier tier : AssuranceTier.values()) {
      if (tier != AssuranceTier.SIMULATED) {
        assertThrows(MalformedException.class, () -> config(tier, 0, List.of()));
        assertThrows(
            IllegalArgumentException.class,
            () -> new EvidencePolicy.Terms(Suite.ES256, tier, List.of()));
      }
    }
  }

  @Test
  void ageIsCountedInBlocks() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 10);
    Evidence evidence = SampleEvidence.of(config, 0, VOTER).make();
    assertEquals(accepted(AssuranceTier.SIMULATED), nothing().ofSeat(evidence, config, 0, 10));
    String reason = reason(nothing().ofSeat(evidence, config, 0, 11));
    assertTrue(reason.contains("10 blocks"), reason);
    EpochConfig unbound = config(AssuranceTier.SIMULATED, 0);
    assertEquals(
        accepted(AssuranceTier.SIMULATED),
        nothing().ofSeat(SampleEvidence.of(unbound, 0, VOTER).make(), unbound, 0, 1L << 40));
  }

  @Test
  void aSimulatedMemberDoesNotJoinWhereMoreIsAsked() {
    for (AssuranceTier asked : AssuranceTier.values()) {
      if (asked == AssuranceTier.SIMULATED) {
        continue;
      }
      EpochConfig config = config(asked, 0);
      assertRefused(asked.name(), SampleEvidence.of(config, 0, VOTER), config);
      EvidencePolicy.Verdict verdict =
          nothing()
              .ofCandidate(
                  SampleEvidence.candidate().make(),
                  SampleEntries.CHAIN,
                  "member-a",
                  SampleEvidence.NONCE,
                  new EvidencePolicy.Terms(Suite.ES256, asked, List.of(CODE)));
      assertTrue(reason(verdict).contains(asked.name()), reason(verdict));
    }
  }

  @Test
  void aClaimAboveSimulatedIsRefusedRatherThanBelieved() {
    EpochConfig config = config(AssuranceTier.SIMULATED, 0);
    assertRefused(
        "ENCLAVE_SGX", SampleEvidence.of(config, 0, VOTER).tier(AssuranceTier.ENCLAVE_SGX), config);
    assertRefused(
        "platform part",
        SampleEvidence.of(config, 0, VOTER).tier(AssuranceTier.ENCLAVE_SGX).platform(ATTESTATION),
        config);
    // Vouched for, but for less than is claimed.
    assertEquals(
        "Expected evidence that can be verified here, but it claims tier ENCLAVE_SGX and what is"
            + " shown is worth MEASURED_TPM",
        reason(
            vouching(AssuranceTier.MEASURED_TPM, List.of())
                .ofSeat(
                    SampleEvidence.of(config, 0, VOTER)
                        .tier(AssuranceTier.ENCLAVE_SGX)
                        .platform(ATTESTATION)
                        .make(),
                    config,
                    0,
                    0)));
  }

  @Test
  void thePlatformLiftsAnInstanceThatClaimsNothing() {
    EpochConfig config = config(AssuranceTier.MEASURED_TPM, 0);
    Evidence evidence = SampleEvidence.of(config, 0, VOTER).platform(ATTESTATION).make();
    assertEquals(
        accepted(AssuranceTier.MEASURED_TPM),
        vouching(AssuranceTier.MEASURED_TPM, List.of()).ofSeat(evidence, config, 0, 0));
    assertEquals(
        accepted(AssuranceTier.ENCLAVE_SGX),
        vouching(AssuranceTier.ENCLAVE_SGX, List.of()).ofSeat(evidence, config, 0, 0));
    assertTrue(
        reason(vouching(AssuranceTier.SIMULATED, List.of()).ofSeat(evidence, config, 0, 0))
            .contains("SIMULATED"));
  }

  @Test
  void aMachineImageMustBeListedToo() {
    EpochConfig config = config(AssuranceTier.CONFIDENTIAL_VM, 0);
    EvidencePolicy policy = vouching(AssuranceTier.CONFIDENTIAL_VM, List.of(IMAGE));
    Evidence evidence = SampleEvidence.of(config, 0, VOTER).platform(ATTESTATION).make();
    assertTrue(reason(policy.ofSeat(evidence, config, 0, 0)).contains("image"));
    EpochConfig both = config(AssuranceTier.CONFIDENTIAL_VM, 0, List.of(CODE, IMAGE));
    assertEquals(
        accepted(AssuranceTier.CONFIDENTIAL_VM),
        policy.ofSeat(SampleEvidence.of(both, 0, VOTER).platform(ATTESTATION).make(), both, 0, 0));
  }

  @Test
  void aCandidateIsBoundToWhatItWasAsked() {
    EvidencePolicy.Terms terms =
        new EvidencePolicy.Terms(Suite.ES256, AssuranceTier.SIMULATED, List.of(CODE));
    Evidence evidence = SampleEvidence.candidate().make();
    assertEquals(
        accepted(AssuranceTier.SIMULATED),
        nothing()
            .ofCandidate(evidence, SampleEntries.CHAIN, "member-a", SampleEvidence.NONCE, terms));
    assertTrue(
        reason(
                nothing()
                    .ofCandidate(
                        evidence, SampleEntries.CHAIN, "member-b", SampleEvidence.NONCE, terms))
            .contains("member"));
    assertTrue(
        reason(nothing().ofCandidate(evidence, SampleEntries.CHAIN, "member-a", Hash.ZERO, terms))
            .contains("nonce"));
    Evidence otherSuite = SampleEvidence.candidate().suite(Suite.SM2_SM3).make();
    assertEquals(
        "Expected evidence of suite ES256, but it is of SM2",
        reason(
            nothing()
                .ofCandidate(
                    otherSuite, SampleEntries.CHAIN, "member-a", SampleEvidence.NONCE, terms)));
  }

  private static EvidencePolicy nothing() {
    return new EvidencePolicy(PlatformVerifier.NONE, SampleSigner.Scheme.ES256.verifier());
  }

  private static EvidencePolicy vouching(AssuranceTier tier, List<Bytes> launches) {
    return new EvidencePolicy(
        evidence -> new PlatformVerifier.Vouched(tier, launches),
        SampleSigner.Scheme.ES256.verifier());
  }

  private static EvidencePolicy.Verdict accepted(AssuranceTier tier) {
    return new EvidencePolicy.Accepted(tier);
  }

  private static String reason(EvidencePolicy.Verdict verdict) {
    return switch (verdict) {
      case EvidencePolicy.Refused refused -> refused.reason();
      case EvidencePolicy.Accepted accepted ->
          throw new AssertionError("Expected a refusal, but got " + accepted);
    };
  }

  private static void assertAccepted(
      AssuranceTier tier, SampleEvidence evidence, EpochConfig config) {
    assertEquals(accepted(tier), nothing().ofSeat(evidence.make(), config, 0, 0));
  }

  private static void assertRefused(String why, SampleEvidence evidence, EpochConfig config) {
    String reason = reason(nothing().ofSeat(evidence.make(), config, 0, 0));
    assertTrue(reason.contains(why), "Expected a refusal for " + why + ", but got " + reason);
  }

  private static EpochConfig config(AssuranceTier minimum, int age) {
    return config(minimum, age, List.of(CODE));
  }

  private static EpochConfig config(AssuranceTier minimum, int age, List<Bytes> measurements) {
    return new SampleConsortium(SampleSigner.Scheme.ES256, 2, 16)
        .asking(minimum, age, measurements)
        .config();
  }
}
