package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.SampleEnclave;
import org.caduceus.enclave.TeeVoter;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.enclave.attestation.NodeAttester;
import org.caduceus.enclave.attestation.PlatformVerifiers;
import org.caduceus.enclave.attestation.SoftwareTpm;
import org.caduceus.enclave.attestation.TestAuthority;
import org.caduceus.enclave.attestation.TrustedRoots;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: two nodes tell each other what their enclaves are, and each believes what it was shown.
 *
 * <p>Method: two real enclaves; the first one's launch is measured by swtpm, whose vendor is the
 * test's own; the other has no platform. Messages travel as bytes, time is the test's.
 */
@Tag("6.1a")
final class AttestationExchangeTest {
  private static final TestAuthority VENDOR = new TestAuthority("TPM vendor", "secp384r1");
  private static final Hash TIP = SampleEntries.hashOf("the last final block");
  private static final int MEASURED = 0;
  private static final int PLAIN = 1;

  @TempDir Path home;
  private final List<SampleEnclave> enclaves = new ArrayList<>();
  private final List<NodeAttester> attesters = new ArrayList<>();
  private final List<Optional<String>> failures = new ArrayList<>();
  private SoftwareTpm tpm;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void startBoth() throws Exception {
    SoftwareTpm.assumeInstalled();
    tpm = SoftwareTpm.start(Files.createDirectory(home.resolve("tpm")));
    tpm.certify(Files.createDirectory(home.resolve("factory")), VENDOR);
    Path issuers = home.resolve("issuers.pem");
    Files.writeString(
        issuers,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(VENDOR.issuer().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    start(
        MEASURED,
        new AttesterSettings(
            AttesterSettings.Kind.TPM,
            home.resolve("attester"),
            tpm.tcti(),
            Optional.of(issuers),
            ""));
    start(PLAIN, AttesterSettings.none());
  }

  private void start(int member, AttesterSettings settings) throws Exception {
    NodeAttester attester = new NodeAttester(settings, failures::add);
    Path folder = Files.createDirectory(home.resolve(SampleConsortium.id(member)));
    attesters.add(attester);
    enclaves.add(
        SampleEnclave.start(
            SampleEnclave.settings(folder, SampleEntries.CHAIN, SampleConsortium.id(member)),
            attester::measureLaunch));
  }

  @AfterEach
  void stopAll() throws Exception {
    for (SampleEnclave enclave : enclaves) {
      enclave.close();
    }
    if (tpm != null) {
      tpm.close();
    }
    assertEquals(List.of(), failures, "Expected the attester to work all along");
  }

  @Test
  void aSoftwareTpmOfNoTrustedVendorIsSimulatedAndNothingIsAsked() {
    EpochConfig config = joined(AssuranceTier.SIMULATED);
    AttestationExchange asker = exchange(config, TrustedRoots.none());
    Bytes shown = evidence(MEASURED);
    assertNotEquals(Bytes.EMPTY, Evidence.decode(shown).platform());
    assertEquals(Optional.empty(), tell(asker, MEASURED, shown));
    assertEquals(
        Optional.of(AssuranceTier.SIMULATED), asker.of(SampleConsortium.id(MEASURED)).tier());
  }

  @Test
  void aTrustedVendorsTpmThatAnswersIsMeasured() {
    EpochConfig config = joined(AssuranceTier.SIMULATED);
    AttestationExchange asker = exchange(config, VENDOR.roots());
    AttestationExchange answerer = exchange(config, VENDOR.roots());
    PeerMessage challenge = tell(asker, MEASURED, evidence(MEASURED)).orElseThrow();
    assertEquals(
        Optional.of(AssuranceTier.SIMULATED),
        asker.of(SampleConsortium.id(MEASURED)).tier(),
        "not shown yet");

    travel(answerer, PLAIN, challenge);
    PeerMessage answer = answer(answerer, MEASURED).orElseThrow();
    travel(asker, MEASURED, answer);
    assertEquals(Optional.empty(), tell(asker, MEASURED, evidence(MEASURED)));
    assertEquals(
        Optional.of(AssuranceTier.MEASURED_TPM), asker.of(SampleConsortium.id(MEASURED)).tier());

    assertEquals(Optional.empty(), tell(answerer, PLAIN, evidence(PLAIN)));
    assertEquals(
        Optional.of(AssuranceTier.SIMULATED), answerer.of(SampleConsortium.id(PLAIN)).tier());
  }

  @Test
  void whereMoreIsAskedTheMeasuredMemberSufficesAndThePlainOneDoesNot() {
    EpochConfig config = joined(AssuranceTier.MEASURED_TPM);
    for (int member : List.of(MEASURED, PLAIN)) {
      AttestationExchange own = exchange(config, VENDOR.roots());
      Optional<PeerMessage> challenge = tell(own, member, evidence(member));
      assertEquals(member == MEASURED, challenge.isPresent());
      assertEquals(Optional.empty(), own.of(SampleConsortium.id(member)).tier());
      challenge.ifPresent(message -> travel(own, member, message));
      answer(own, member).ifPresent(message -> travel(own, member, message));
      tell(own, member, evidence(member));
      AttestationCondition condition =
          AttestationCondition.of(
              config.minimumTier(), own.of(SampleConsortium.id(member)), Optional.empty());
      assertEquals(member == MEASURED, condition.suffices(), condition::text);
      assertTrue(
          condition.text().contains(member == MEASURED ? "worth MEASURED_TPM" : "worth SIMULATED"),
          condition::text);
    }
  }

  @Test
  void aPeerThatDoesNotAnswerIsAskedOnceAMinute() {
    AttestationExchange asker = exchange(joined(AssuranceTier.SIMULATED), VENDOR.roots());
    assertTrue(tell(asker, MEASURED, evidence(MEASURED)).isPresent());
    now = now.plusSeconds(59);
    assertEquals(Optional.empty(), tell(asker, MEASURED, evidence(MEASURED)));
    now = now.plusSeconds(1);
    assertTrue(tell(asker, MEASURED, evidence(MEASURED)).isPresent());
  }

  @Test
  void aPeerThatAsksTooOftenIsAnsweredOnceInThirtySeconds() {
    EpochConfig config = joined(AssuranceTier.SIMULATED);
    AttestationExchange answerer = exchange(config, TrustedRoots.none());
    evidence(MEASURED); // the attester is opened by what it shows
    ask(config, answerer);
    ask(config, answerer);
    assertTrue(answer(answerer, MEASURED).isPresent());
    assertEquals(Optional.empty(), answer(answerer, MEASURED), "a challenge was answered twice");
    ask(config, answerer);
    now = now.plus(AttestationExchange.ANSWER_PAUSE).minusMillis(1);
    assertEquals(Optional.empty(), answer(answerer, MEASURED));
    now = now.plusMillis(1);
    assertTrue(answer(answerer, MEASURED).isPresent());
  }

  @Test
  void nonsenseIsNotAnsweredAndBreaksNothing() {
    EpochConfig config = joined(AssuranceTier.SIMULATED);
    AttestationExchange answerer = exchange(config, TrustedRoots.none());
    evidence(MEASURED);
    answerer.challenged(SampleConsortium.id(PLAIN), Bytes.of(new byte[1024]));
    assertEquals(Optional.empty(), answer(answerer, MEASURED));
    answerer.answered(SampleConsortium.id(PLAIN), Bytes.of(new byte[32]));
    assertNotEquals(Bytes.EMPTY, Evidence.decode(evidence(MEASURED)).platform());
    answerer.shown(SampleConsortium.id(PLAIN), Bytes.fromHex("00"), nonce -> OptionalLong.of(0));
    assertTrue(answerer.of(SampleConsortium.id(PLAIN)).refusal().startsWith("Expected"));
  }

  @Test
  void evidenceCountsForAMinuteAndOnlyOfABlockThatIsKnown() {
    AttestationExchange asker = exchange(joined(AssuranceTier.SIMULATED), VENDOR.roots());
    asker.shown(SampleConsortium.id(PLAIN), evidence(PLAIN), nonce -> OptionalLong.empty());
    assertEquals(AttestationExchange.Seen.NOTHING, asker.of(SampleConsortium.id(PLAIN)));
    tell(asker, PLAIN, evidence(PLAIN));
    now = now.plus(Duration.ofMinutes(1));
    assertEquals(Optional.of(AssuranceTier.SIMULATED), asker.of(SampleConsortium.id(PLAIN)).tier());
    now = now.plusMillis(1);
    assertEquals(Optional.empty(), asker.of(SampleConsortium.id(PLAIN)).tier());
  }

  /** Both members' enclaves enter an epoch that asks for this tier. */
  private EpochConfig joined(AssuranceTier minimum) {
    EpochConfig config =
        new SampleConsortium(SampleSigner.Scheme.ES256, 2, 16)
            .with(Map.of(MEASURED, client(MEASURED).info(), PLAIN, client(PLAIN).info()))
            .asking(minimum, 0, List.of(client(PLAIN).info().measurement()))
            .config();
    for (SampleEnclave enclave : enclaves) {
      assertTrue(
          new TeeVoter(enclave.process()).enterEpoch(List.of(EpochProof.genesis(config))),
          "Expected a seat");
    }
    return config;
  }

  private AttestationExchange exchange(EpochConfig config, TrustedRoots vendors) {
    return new AttestationExchange(
        () -> config,
        activated ->
            PlatformVerifiers.trusting(
                vendors, TrustedRoots.none(), TrustedRoots.none(), activated),
        SignatureVerifier.es256(),
        () -> now);
  }

  private EnclaveClient client(int member) {
    return new EnclaveClient(enclaves.get(member).process());
  }

  /** What the node of this member would announce. */
  private Bytes evidence(int member) {
    return attesters.get(member).attach(Evidence.decode(client(member).evidence(TIP))).encode();
  }

  private static Optional<PeerMessage> tell(AttestationExchange asker, int member, Bytes evidence) {
    Optional<AttestationExchange.Outgoing> outgoing =
        asker.shown(
            SampleConsortium.id(member),
            evidence,
            nonce -> nonce.equals(TIP) ? OptionalLong.of(0) : OptionalLong.empty());
    outgoing.ifPresent(one -> assertEquals(SampleConsortium.id(member), one.member()));
    return outgoing.map(AttestationExchange.Outgoing::message);
  }

  /** Another node that trusts the vendor asks, through the link, under the plain member's name. */
  private void ask(EpochConfig config, AttestationExchange answerer) {
    travel(
        answerer,
        PLAIN,
        tell(exchange(config, VENDOR.roots()), MEASURED, evidence(MEASURED)).orElseThrow());
  }

  private static void travel(AttestationExchange to, int from, PeerMessage message) {
    switch (PeerMessage.decode(message.encode())) {
      case PeerMessage.CredentialChallenge(Bytes challenge) ->
          to.challenged(SampleConsortium.id(from), challenge);
      case PeerMessage.CredentialAnswer(Bytes secret) ->
          to.answered(SampleConsortium.id(from), secret);
      default -> throw new AssertionError("Expected a challenge or an answer, but got another");
    }
  }

  /** What the node of this member answers whoever asked. */
  private Optional<PeerMessage> answer(AttestationExchange own, int member) {
    List<AttestationExchange.Outgoing> answers = own.answers(attesters.get(member)::activate);
    assertTrue(answers.size() <= 1, () -> "one asked, answered " + answers.size());
    return answers.stream().map(AttestationExchange.Outgoing::message).findFirst();
  }
}
