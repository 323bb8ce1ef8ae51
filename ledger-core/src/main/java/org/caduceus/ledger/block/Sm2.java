package org.caduceus.ledger.block;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.math.ec.ECPoint;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * Verification of SM2 signatures with SM3 (GB/T 32918.2-2016) on the recommended curve (GB/T
 * 32918.5-2017), for signers of the default id.
 */
public final class Sm2 {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("SM2P256V1");
  private static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());
  private static final byte[] SIGNER_ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes IDENTITY_PREFIX = identityPrefix();

  private static final int POINT_LENGTH = 65;
  private static final int SIGNATURE_LENGTH = 64;
  private static final int UNCOMPRESSED = 4;

  private final ECPublicKeyParameters key;

  /**
   * A verifier for one key.
   *
   * @param point uncompressed SEC 1 point, 65 bytes
   * @throws IllegalArgumentException if it is not a point of the curve
   */
  public Sm2(Bytes point) {
    if (point.length() != POINT_LENGTH || point.at(0) != UNCOMPRESSED) {
      throw new IllegalArgumentException("Expected an uncompressed point, but got something else");
    }
    this.key = new ECPublicKeyParameters(CURVE.getCurve().decodePoint(point.toArray()), DOMAIN);
  }

  /** A verifier for one key, or nothing if it is not a point of the curve. */
  public static Optional<Sm2> ofPoint(Bytes point) {
    try {
      return Optional.of(new Sm2(point));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether {@code signature} (raw r || s) is this key's over {@code message}. Never throws for bad
   * signatures.
   */
  public boolean verifies(Bytes message, Bytes signature) {
    if (signature.length() != SIGNATURE_LENGTH) {
      return false;
    }
    SM2Signer verifier = new SM2Signer(PlainDSAEncoding.INSTANCE, new SM3Digest());
    verifier.init(false, new ParametersWithID(key, SIGNER_ID));
    verifier.update(message.unsafeArray(), 0, message.length());
    return verifier.verifySignature(signature.toArray());
  }

  /**
   * {@code e = SM3(Z || message)} with {@code Z = SM3(ENTL || id || a || b || xG || yG || xA ||
   * yA)}: what a signature of the message signs (sections 5.5 and 6.1).
   *
   * @param publicKey 65 bytes, on the curve or not
   */
  static Hash digest(Bytes publicKey, Bytes message) {
    byte[] z = sm3(IDENTITY_PREFIX, Bytes.of(publicKey.unsafeArray(), 1, POINT_LENGTH - 1));
    return Hash.of(sm3(Bytes.wrap(z), message));
  }

  private static byte[] sm3(Bytes first, Bytes second) {
    SM3Digest digest = new SM3Digest();
    digest.update(first.unsafeArray(), 0, first.length());
    digest.update(second.unsafeArray(), 0, second.length());
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }

  /** Everything of Z but the signer's own point. */
  private static Bytes identityPrefix() {
    ECPoint g = CURVE.getG().normalize();
    String bits = String.format("%04x", SIGNER_ID.length * Byte.SIZE);
    return Bytes.fromHex(
        bits
            + Bytes.of(SIGNER_ID).toHex()
            + Bytes.wrap(CURVE.getCurve().getA().getEncoded()).toHex()
            + Bytes.wrap(CURVE.getCurve().getB().getEncoded()).toHex()
            + Bytes.wrap(g.getAffineXCoord().getEncoded()).toHex()
            + Bytes.wrap(g.getAffineYCoord().getEncoded()).toHex());
  }
}
