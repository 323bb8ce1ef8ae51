package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GovernanceKeyTest {
  private static KeyPair keyPair(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  /** An independent encoder of the same structure stands for openssl. */
  @ParameterizedTest
  @CsvSource({"ES256, P-256", "SM2_SM3, sm2p256v1"})
  void aFingerprintIsThatOfThePublicKeyAsToolsWriteIt(Suite suite, String curve) throws Exception {
    KeyPair pair = keyPair(curve);
    GovernanceKey key =
        GovernanceKey.ofPem(
            suite,
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
    assertEquals(
        Hash.sha256(pair.getPublic().getEncoded()),
        GovernanceKey.fingerprint(suite, key.publicKey()));
    Suite other = suite == Suite.ES256 ? Suite.SM2_SM3 : Suite.ES256;
    assertNotEquals(
        GovernanceKey.fingerprint(suite, key.publicKey()),
        GovernanceKey.fingerprint(other, key.publicKey()));
  }
}
