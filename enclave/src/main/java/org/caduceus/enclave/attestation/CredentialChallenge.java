package org.caduceus.enclave.attestation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Writer;

/**
 * The dialogue that shows an attestation key to live beside an endorsement key (TPM 2.0 Library
 * Part 1, 24 "Credential Protection"; Part 3, 12.6 TPM2_MakeCredential): a secret is encrypted to
 * the endorsement key together with the attestation key's name, and a TPM opens it only if it holds
 * both. For RSA 2048 endorsement keys of the default template, whose names are SHA-256 and whose
 * storage cipher is AES-128-CFB.
 */
public final class CredentialChallenge {
  private static final int SECRET_LENGTH = 32;
  private static final int SYMMETRIC_BITS = 128;
  private static final int HMAC_BITS = 256;

  private final byte[] secret;
  private final Bytes bytes;

  private CredentialChallenge(byte[] secret, Bytes bytes) {
    this.secret = secret;
    this.bytes = bytes;
  }

  /**
   * A new challenge.
   *
   * @param endorsement certificate of the endorsement key; whether it is to be trusted is the
   *     caller's question
   * @param name of the attestation key, TPM2B_NAME without its size
   */
  public static CredentialChallenge of(
      X509Certificate endorsement, Bytes name, SecureRandom random) {
    byte[] secret = new byte[SECRET_LENGTH];
    byte[] seed = new byte[SECRET_LENGTH];
    random.nextBytes(secret);
    random.nextBytes(seed);
    try {
      byte[] identity =
          cipher(
              derive(seed, "STORAGE", name.toArray(), SYMMETRIC_BITS),
              new Writer().u16(secret.length).bytes(secret).toArray());
      byte[] integrity =
          hmac(
              derive(seed, "INTEGRITY", new byte[0], HMAC_BITS),
              new Writer().bytes(identity).bytes(name).toArray());
      byte[] object = new Writer().u16(integrity.length).bytes(integrity).bytes(identity).toArray();
      byte[] encrypted = encrypt(endorsement, seed);
      return new CredentialChallenge(
          secret,
          Bytes.wrap(
              new Writer()
                  .u16(object.length)
                  .bytes(object)
                  .u16(encrypted.length)
                  .bytes(encrypted)
                  .toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "Expected an RSA endorsement key that encrypts, but it does not", e);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /**
   * What {@link TpmAttester#activate} is given: TPM2B_ID_OBJECT, then TPM2B_ENCRYPTED_SECRET (Part
   * 2, 12.4.3 and 11.4.33).
   */
  public Bytes bytes() {
    return bytes;
  }

  /** Whether this is the secret. */
  public boolean isAnsweredBy(Bytes answer) {
    return MessageDigest.isEqual(secret, answer.unsafeArray());
  }

  /**
   * The seed under the endorsement key: RSA-OAEP with the label "IDENTITY" (Part 1, B.4, B.10.4).
   */
  private static byte[] encrypt(X509Certificate endorsement, byte[] seed)
      throws GeneralSecurityException {
    byte[] label = "IDENTITY\0".getBytes(StandardCharsets.US_ASCII);
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        endorsement.getPublicKey(),
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, new PSource.PSpecified(label)));
    return cipher.doFinal(seed);
  }

  /** KDFa (Part 1, 11.4.10.2; SP 800-108 in counter mode), up to one block of output. */
  private static byte[] derive(byte[] key, String label, byte[] context, int bits)
      throws GeneralSecurityException {
    byte[] block =
        hmac(
            key,
            new Writer()
                .u32(1)
                .bytes(label.getBytes(StandardCharsets.US_ASCII))
                .u8(0)
                .bytes(context)
                .u32(bits)
                .toArray());
    return Arrays.copyOf(block, bits / Byte.SIZE);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  /** AES-128-CFB with a zero IV (Part 1, 24.4): the key is used once. */
  private static byte[] cipher(byte[] key, byte[] plaintext) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    return cipher.doFinal(plaintext);
  }
}
