package org.caduceus.ledger.block;

import java.util.Arrays;
import java.util.Locale;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;

/**
 * The algorithms that a consortium's enclaves sign and seal with, one for a whole epoch. Hashes of
 * the chain itself (blocks, trees, configurations) are SHA-256 whatever the suite.
 */
public enum Suite {
  /** ECDSA P-256 with SHA-256, records by AES-256-GCM. */
  ES256(1, "es256", "26"),
  /**
   * SM2 with SM3 (GB/T 32918.2-2016, GB/T 32905-2016) and the default signer id, records by SM4-CTR
   * (GB/T 32907-2016) with HMAC-SM3. COSE has no number for it: -65537 is of the private range.
   */
  SM2_SM3(2, "sm2", "3a00010000");

  private final int code;
  private final String label;
  private final byte[] coseAlgorithm;

  Suite(int code, String label, String coseAlgorithm) {
    this.code = code;
    this.label = label;
    this.coseAlgorithm = Bytes.fromHex(coseAlgorithm).toArray();
  }

  /** Its number in configurations and evidence. */
  public int code() {
    return code;
  }

  /** Its name on command lines, lower case. */
  public String label() {
    return label;
  }

  /**
   * The suite of that number.
   *
   * @throws MalformedException if there is none
   */
  public static Suite of(int code) {
    return Arrays.stream(values())
        .filter(suite -> suite.code == code)
        .findFirst()
        .orElseThrow(
            () ->
                new MalformedException(
                    "Expected signature suite 1 (ES256) or 2 (SM2), but got " + code));
  }

  /**
   * What a signature of {@code message} under the key signs: its SHA-256, or with SM2 the SM3 of
   * the signer's Z value and the message.
   *
   * @param publicKey uncompressed SEC 1 point, 65 bytes
   */
  public Hash digest(Bytes publicKey, Bytes message) {
    return switch (this) {
      case ES256 -> Hash.sha256(message.unsafeArray());
      case SM2_SM3 -> Sm2.digest(publicKey, message);
    };
  }

  /** CBOR of its algorithm number in a COSE header (RFC 9052 section 3.1). */
  byte[] coseAlgorithm() {
    return coseAlgorithm.clone();
  }

  @Override
  public String toString() {
    return label.toUpperCase(Locale.ROOT);
  }
}
