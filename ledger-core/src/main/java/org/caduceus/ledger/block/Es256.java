package org.caduceus.ledger.block;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * Verification of ECDSA P-256 with SHA-256 (FIPS 186-5, RFC 9053 section 2.1). Bouncy Castle's
 * curve code, because the platform's own verifies eight times slower.
 */
public final class Es256 {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
  private static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

  private static final int POINT_LENGTH = 65;
  private static final int UNCOMPRESSED = 4;

  private final ECPublicKeyParameters key;

  /**
   * A verifier for one key.
   *
   * @param point uncompressed SEC 1 point, 65 bytes
   * @throws IllegalArgumentException if it is not a point of the curve
   */
  public Es256(Bytes point) {
    if (point.length() != POINT_LENGTH || point.at(0) != UNCOMPRESSED) {
      throw new IllegalArgumentException("Expected an uncompressed point, but got something else");
    }
    this.key = new ECPublicKeyParameters(CURVE.getCurve().decodePoint(point.toArray()), DOMAIN);
  }

  /** A verifier for one key, or nothing if it is not a point of the curve. */
  public static Optional<Es256> ofPoint(Bytes point) {
    try {
      return Optional.of(new Es256(point));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether {@code signature} (raw r || s) is this key's over {@code message}. Never throws for bad
   * signatures.
   */
  public boolean verifies(Bytes message, Bytes signature) {
    return verifiesDigest(Hash.sha256(message.unsafeArray()), signature);
  }

  /** Same, over a message's SHA-256. */
  public boolean verifiesDigest(Hash digest, Bytes signature) {
    if (signature.length() != 64) {
      return false;
    }
    byte[] raw = signature.unsafeArray();
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, key);
    return verifier.verifySignature(
        digest.toArray(),
        new BigInteger(1, Arrays.copyOfRange(raw, 0, 32)),
        new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)));
  }
}
