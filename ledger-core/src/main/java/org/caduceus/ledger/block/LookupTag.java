package org.caduceus.ledger.block;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * Keyed hashes: the tag by which members find an entry from an external id without the id standing
 * on the ledger, and salted commitments to values that stay at home (HMAC-SHA256, RFC 2104).
 */
public final class LookupTag {
  private static final String HMAC = "HmacSHA256";

  // Named once: to look for a provider costs more than to hash a value.
  private static final Provider PROVIDER = provider();

  private LookupTag() {}

  /**
   * The tag of an external id.
   *
   * @param lookupKey 32 secret bytes that the members share
   * @param family the kind's first part, for instance {@code hl7v2}
   * @param externalId MSH-10, SOPInstanceUID or eventID
   */
  public static Hash of(Bytes lookupKey, String family, String externalId) {
    return hmac(lookupKey, family, externalId.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The commitment to a named value.
   *
   * @param salt 32 random bytes of the record
   */
  public static Hash commitment(Bytes salt, String name, Bytes value) {
    return hmac(salt, name, value.unsafeArray());
  }

  private static Hash hmac(Bytes key, String name, byte[] value) {
    try {
      Mac mac = Mac.getInstance(HMAC, PROVIDER);
      mac.init(new SecretKeySpec(key.unsafeArray(), HMAC));
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      mac.update(value);
      return Hash.of(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static Provider provider() {
    try {
      return Mac.getInstance(HMAC).getProvider();
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException(
        "Expected " + HMAC + " on every Java platform, but it is missing", e);
  }
}
