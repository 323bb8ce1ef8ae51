package org.caduceus.ledger.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.junit.jupiter.api.Test;

/** The example of GB/T 32918.5-2017 annex A.2, and what is no signature. */
final class Sm2Test {
  private static final Bytes KEY =
      Bytes.fromHex(
          "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
              + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  private static final Bytes SIGNATURE =
      Bytes.fromHex(
          "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
              + "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  private static final Bytes MESSAGE =
      Bytes.wrap("message digest".getBytes(StandardCharsets.US_ASCII));

  private final SignatureVerifier verifier = SignatureVerifier.of(Suite.SM2_SM3);

  @Test
  void theStandardsExampleVerifies() {
    assertEquals(
        Hash.fromHex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"),
        Suite.SM2_SM3.digest(KEY, MESSAGE));
    assertTrue(verifier.verifies(KEY, MESSAGE, SIGNATURE));
    assertFalse(SignatureVerifier.of(Suite.ES256).verifies(KEY, MESSAGE, SIGNATURE));
  }

  @Test
  void anyChangedByteIsNoticed() {
    for (int at = 0; at < 64; at++) {
      assertFalse(verifier.verifies(KEY, MESSAGE, changed(SIGNATURE, at)), "byte " + at);
    }
    for (int at = 0; at < 65; at++) {
      assertFalse(verifier.verifies(changed(KEY, at), MESSAGE, SIGNATURE), "key byte " + at);
    }
    for (int at = 0; at < MESSAGE.length(); at++) {
      assertFalse(verifier.verifies(KEY, changed(MESSAGE, at), SIGNATURE), "text byte " + at);
    }
  }

  @Test
  void wrongShapesAreNoSignatures() {
    assertFalse(verifier.verifies(Bytes.EMPTY, MESSAGE, SIGNATURE));
    assertFalse(verifier.verifies(KEY, MESSAGE, Bytes.EMPTY));
    assertFalse(verifier.verifies(KEY, MESSAGE, Bytes.wrap(new byte[64])));
    assertFalse(verifier.verifies(KEY, MESSAGE, Bytes.fromHex("ff".repeat(64))));
    assertFalse(verifier.verifies(KEY, MESSAGE, Bytes.of(SIGNATURE.toArray(), 0, 63)));
  }

  @Test
  void theSampleSignersSignaturesVerify() {
    SampleSigner signer = SampleSigner.Scheme.SM2.signer("somebody");
    assertTrue(verifier.verifies(signer.publicKey(), MESSAGE, signer.sign(MESSAGE)));
    assertFalse(verifier.verifies(KEY, MESSAGE, signer.sign(MESSAGE)));
  }

  @Test
  void suitesHaveTheNumbersOfTheFormatsPage() {
    for (Suite suite : Suite.values()) {
      assertEquals(suite, Suite.of(suite.code()));
    }
    assertEquals(1, Suite.ES256.code());
    assertEquals(2, Suite.SM2_SM3.code());
    for (int code : new int[] {-1, 0, 3, 255}) {
      assertThrows(MalformedException.class, () -> Suite.of(code));
    }
  }

  private static Bytes changed(Bytes bytes, int at) {
    byte[] copy = bytes.toArray();
    copy[at] ^= 1;
    return Bytes.wrap(copy);
  }
}
