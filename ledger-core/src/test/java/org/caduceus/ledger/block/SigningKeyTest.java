package org.caduceus.ledger.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of both suites, made from secrets. */
final class SigningKeyTest {
  private static final Bytes SECRET = Bytes.wrap(Hash.sha256(new byte[] {7}).toArray());
  private static final Bytes MESSAGE = Bytes.wrap(new byte[] {1, 2, 3});

  @ParameterizedTest
  @EnumSource
  void whatItSignsVerifiesUnderItsPublicKeyOnly(Suite suite) {
    SigningKey key = SigningKey.ofSecret(suite, SECRET);
    SigningKey other =
        SigningKey.ofSecret(suite, Bytes.wrap(Hash.sha256(new byte[] {8}).toArray()));
    SignatureVerifier verifier = SignatureVerifier.of(suite);
    Bytes signature = key.sign(MESSAGE);
    assertTrue(verifier.verifies(key.publicKey(), MESSAGE, signature));
    assertFalse(verifier.verifies(other.publicKey(), MESSAGE, signature));
  }

  @ParameterizedTest
  @EnumSource
  void aSecretAlwaysMakesTheSameKey(Suite suite) {
    assertEquals(
        SigningKey.ofSecret(suite, SECRET).publicKey(),
        SigningKey.ofSecret(suite, SECRET).publicKey());
    Bytes zeros = Bytes.wrap(new byte[SigningKey.SCALAR_LENGTH]);
    assertEquals(65, SigningKey.ofSecret(suite, zeros).publicKey().length());
  }

  @Test
  void aSecretOfAnotherLengthIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> SigningKey.ofSecret(Suite.ES256, MESSAGE));
  }
}
