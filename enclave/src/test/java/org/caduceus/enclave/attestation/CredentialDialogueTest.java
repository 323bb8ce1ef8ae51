package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One question at a time, one a minute, one answer each; swtpm answers. */
@Tag("6.1a")
final class CredentialDialogueTest {
  private static final TestAuthority VENDOR = new TestAuthority("TPM vendor", "secp384r1");

  @TempDir Path home;
  private SoftwareTpm tpm;
  private TpmAttester attester;
  private X509Certificate endorsement;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final CredentialDialogue dialogue = new CredentialDialogue(() -> now);

  @BeforeEach
  void startTpm() throws Exception {
    SoftwareTpm.assumeInstalled();
    tpm = SoftwareTpm.start(Files.createDirectory(home.resolve("tpm")));
    Path factory = Files.createDirectory(home.resolve("factory"));
    tpm.certify(factory, VENDOR);
    endorsement = TrustedRoots.read(List.of(Files.readAllBytes(factory.resolve("f.der")))).get(0);
    attester =
        new TpmAttester(Files.createDirectory(home.resolve("attester")), tpm.tcti(), List.of());
  }

  @AfterEach
  void stopTpm() {
    if (tpm != null) {
      tpm.close();
    }
  }

  @Test
  void nothingIsAskedUnlessSomebodyWantsToKnow() {
    assertEquals(Optional.empty(), dialogue.challenge());
    assertFalse(dialogue.answered(Bytes.of(new byte[32])));
  }

  @Test
  void theRightAnswerConfirmsTheseKeysAndNoOthers() {
    Bytes challenge = ask();
    assertTrue(dialogue.answered(attester.activate(challenge)));
    assertTrue(dialogue.confirm(endorsement, attester.keyName()));
    assertEquals(Optional.empty(), dialogue.challenge());
    assertFalse(dialogue.confirm(endorsement, Bytes.of(new byte[34])));
  }

  @Test
  void aWrongAnswerEndsTheQuestion() {
    Bytes challenge = ask();
    assertFalse(dialogue.answered(Bytes.of(new byte[32])));
    assertFalse(dialogue.answered(attester.activate(challenge)), "the second answer counted");
    assertFalse(dialogue.confirm(endorsement, attester.keyName()));
  }

  @Test
  void aMinutePassesBetweenTwoQuestions() {
    Bytes first = ask();
    dialogue.confirm(endorsement, attester.keyName());
    now = now.plus(CredentialDialogue.PERIOD).minusMillis(1);
    assertEquals(Optional.empty(), dialogue.challenge());
    now = now.plusMillis(1);
    assertNotEquals(first, dialogue.challenge().orElseThrow());
  }

  @Test
  void anAnswerAfterAMinuteIsTooLate() {
    Bytes answer = attester.activate(ask());
    now = now.plus(Duration.ofMinutes(1));
    assertFalse(dialogue.answered(answer));
    assertFalse(dialogue.confirm(endorsement, attester.keyName()));
  }

  /** A vendor may certify an elliptic-curve endorsement key too, which this dialogue cannot ask. */
  @Test
  void anEndorsementKeyOfAnotherKindIsNotAsked() {
    ECPublicKey key = (ECPublicKey) TestAuthority.keys("secp256r1").getPublic();
    assertFalse(
        dialogue.confirm(VENDOR.leaf(key, "2.23.133.8.1", Map.of()), Bytes.of(new byte[34])));
    assertEquals(Optional.empty(), dialogue.challenge());
  }

  private Bytes ask() {
    assertFalse(dialogue.confirm(endorsement, attester.keyName()));
    return dialogue.challenge().orElseThrow();
  }
}
