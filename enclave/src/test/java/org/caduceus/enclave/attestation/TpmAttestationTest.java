package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.SampleEnclave;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: the whole way of a TPM quote, for real: a TPM measures the executable, a process of it
 * gives evidence, the TPM quotes it, and a peer believes exactly as much as was shown.
 *
 * <p>Method: swtpm and tpm2-tools. A software TPM is no hardware: without a vendor's certificate it
 * is worth SIMULATED. The vendor that makes it worth more here is the test's own.
 */
@Tag("6.1a")
final class TpmAttestationTest {
  private static final Hash NONCE = SampleEntries.hashOf("the asker's block");
  private static final TestAuthority VENDOR = new TestAuthority("TPM vendor", "secp384r1");

  @TempDir Path home;
  private SoftwareTpm tpm;
  private SampleEnclave enclave;
  private TpmAttester attester;
  private Evidence shown;

  @BeforeEach
  void startMeasured() throws Exception {
    SoftwareTpm.assumeInstalled();
    tpm = SoftwareTpm.start(Files.createDirectory(home.resolve("tpm")));
    tpm.certify(Files.createDirectory(home.resolve("factory")), VENDOR);
    attester =
        new TpmAttester(
            Files.createDirectory(home.resolve("attester")),
            tpm.tcti(),
            List.of(Bytes.wrap(VENDOR.issuer().getEncoded())));
    attester.measureLaunch(executable());
    enclave = SampleEnclave.start(home, SampleEntries.CHAIN, "member-a");
    shown = attester.attach(Evidence.decode(client().evidence(NONCE)));
  }

  @AfterEach
  void stop() throws Exception {
    if (enclave != null) {
      enclave.close();
    }
    if (tpm != null) {
      tpm.close();
    }
  }

  @Test
  void aSoftwareTpmIsWorthNothingMoreThanSimulated() {
    assertEquals(
        new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of()),
        new TpmQuoteVerifier(TrustedRoots.none(), (endorsement, name) -> true).verify(shown));
    EvidencePolicy policy =
        new EvidencePolicy(
            PlatformVerifiers.trusting(
                TrustedRoots.none(), TrustedRoots.none(), TrustedRoots.none()),
            SignatureVerifier.es256());
    assertEquals(
        new EvidencePolicy.Accepted(AssuranceTier.SIMULATED),
        judge(policy, AssuranceTier.SIMULATED));
    assertEquals(
        new EvidencePolicy.Refused(
            "Expected at least tier MEASURED_TPM, as the ledger's policy asks, but the evidence is"
                + " worth SIMULATED"),
        judge(policy, AssuranceTier.MEASURED_TPM));
  }

  /** The vendor's certificate is public: it proves nothing of the key that signed. */
  @Test
  void aTrustedVendorIsNotEnoughWithoutTheDialogue() {
    assertEquals(
        new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of()),
        new TpmQuoteVerifier(VENDOR.roots(), ActivatedKeys.NONE).verify(shown));
  }

  @Test
  void aTrustedVendorAndTheDialogueMakeItMeasured() {
    X509Certificate endorsement = endorsement();
    CredentialChallenge challenge =
        CredentialChallenge.of(endorsement, attester.keyName(), new SecureRandom());
    boolean answered = challenge.isAnsweredBy(attester.activate(challenge.bytes()));
    assertTrue(answered, "Expected the TPM to open what was encrypted to its two keys");
    ActivatedKeys activated =
        (certificate, name) ->
            certificate.equals(endorsement) && name.equals(attester.keyName()) && answered;
    EvidencePolicy policy =
        new EvidencePolicy(
            new TpmQuoteVerifier(VENDOR.roots(), activated), SignatureVerifier.es256());
    assertEquals(
        new EvidencePolicy.Accepted(AssuranceTier.MEASURED_TPM),
        judge(policy, AssuranceTier.MEASURED_TPM));
    assertTrue(
        judge(policy, AssuranceTier.CONFIDENTIAL_VM) instanceof EvidencePolicy.Refused,
        "Expected a refusal where more is asked");
    TestAuthority stranger = new TestAuthority("another vendor", "secp384r1");
    assertEquals(
        new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of()),
        new TpmQuoteVerifier(stranger.roots(), activated).verify(shown));
  }

  /** A key that does not live there, for example one in software, never learns the secret. */
  @Test
  void aChallengeForAnotherKeyIsNotAnswered() {
    byte[] other = attester.keyName().toArray();
    other[other.length - 1] ^= 1;
    CredentialChallenge challenge =
        CredentialChallenge.of(endorsement(), Bytes.wrap(other), new SecureRandom());
    assertThrows(AttestationUnavailable.class, () -> attester.activate(challenge.bytes()));
    CredentialChallenge right =
        CredentialChallenge.of(endorsement(), attester.keyName(), new SecureRandom());
    assertFalse(right.isAnsweredBy(Bytes.of(new byte[32])));
  }

  @Test
  void aStaleNonceIsRefused() {
    Evidence later = Evidence.decode(client().evidence(SampleEntries.hashOf("a later block")));
    assertRefused("of these claims", later.withPlatform(shown.platform()));
  }

  @Test
  void anAlteredLogIsRefused() {
    TpmQuote quote = TpmQuote.decode(shown.platform());
    byte[] other = quote.events().get(0).digest().toArray();
    other[0] ^= 1;
    assertRefused(
        "event log",
        with(
            quote,
            quote.attestationKey(),
            List.of(new TpmQuote.Event(16, Bytes.wrap(other), TpmQuoteVerifier.EVENT))));
    assertRefused("event log", with(quote, quote.attestationKey(), List.of()));
  }

  @Test
  void anotherAttestationKeyIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    try (SoftwareTpm other = SoftwareTpm.start(elsewhere)) {
      Path working = Files.createDirectory(elsewhere.resolve("attester"));
      TpmAttester theirs = new TpmAttester(working, other.tcti(), List.of());
      theirs.measureLaunch(executable());
      TpmQuote foreign = TpmQuote.decode(theirs.attest(shown));
      TpmQuote own = TpmQuote.decode(shown.platform());
      assertRefused("signature", with(own, foreign.attestationKey(), own.events()));
    }
  }

  @Test
  void anotherProgramInTheRegisterIsRefused() {
    attester.measureLaunch(Path.of(System.getProperty("enclave.library")));
    assertRefused("measurement", shown.withPlatform(attester.quote(shown)));
    assertNotGiven("measurement");
  }

  /** Whoever extends the register after the launch cannot hide it. */
  @Test
  void aRegisterExtendedAgainIsRefused() throws Exception {
    tpm.tools(Files.createDirectory(home.resolve("attacker")))
        .run("tpm2_pcrextend", "16:sha384=" + "ab".repeat(48));
    assertRefused("event log", shown.withPlatform(attester.quote(shown)));
    assertNotGiven("event log");
  }

  /** An enclave outlives the process that started it: the next one must know what was measured. */
  @Test
  void theLaunchIsKnownToTheNextProcess() {
    TpmAttester next = new TpmAttester(home.resolve("attester"), tpm.tcti(), List.of());
    assertEquals(
        new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of()),
        new TpmQuoteVerifier(TrustedRoots.none(), ActivatedKeys.NONE).verify(next.attach(shown)));
  }

  /** What a peer sends is read here before a program of somebody else reads it. */
  @Test
  void aChallengeThatIsNoneIsNotGivenToTheTools() {
    AttestationUnavailable refusal =
        assertThrows(
            AttestationUnavailable.class, () -> attester.activate(Bytes.fromHex("0001000002")));
    assertTrue(refusal.getMessage().contains("credential challenge"), refusal.getMessage());
  }

  @Test
  void withoutALaunchThereIsNoQuote() throws Exception {
    TpmAttester idle =
        new TpmAttester(Files.createDirectory(home.resolve("idle")), tpm.tcti(), List.of());
    assertEquals(attester.keyName(), idle.keyName(), "the attestation key is kept");
    assertThrows(AttestationUnavailable.class, () -> idle.attest(shown));
  }

  private X509Certificate endorsement() {
    return TrustedRoots.read(
            List.of(TpmQuote.decode(shown.platform()).certificates().get(0).toArray()))
        .get(0);
  }

  private Evidence with(TpmQuote quote, Bytes key, List<TpmQuote.Event> events) {
    return shown.withPlatform(
        new TpmQuote(quote.attest(), quote.signature(), key, quote.certificates(), events)
            .encode());
  }

  private static void assertRefused(String why, Evidence evidence) {
    PlatformVerifier.Finding finding =
        new TpmQuoteVerifier(VENDOR.roots(), (endorsement, name) -> true).verify(evidence);
    assertTrue(
        finding instanceof PlatformVerifier.Refused refused && refused.reason().contains(why),
        "Expected a refusal for " + why + ", but got " + finding);
  }

  private void assertNotGiven(String why) {
    AttestationUnavailable refusal =
        assertThrows(AttestationUnavailable.class, () -> attester.attest(shown));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
  }

  private EvidencePolicy.Verdict judge(EvidencePolicy policy, AssuranceTier asked) {
    return policy.ofCandidate(
        shown,
        SampleEntries.CHAIN,
        "member-a",
        NONCE,
        new EvidencePolicy.Terms(Suite.ES256, asked, List.of(client().info().measurement())));
  }

  private EnclaveClient client() {
    return new EnclaveClient(enclave.process());
  }

  private static Path executable() {
    return Path.of(System.getProperty("enclave.executable"));
  }
}
