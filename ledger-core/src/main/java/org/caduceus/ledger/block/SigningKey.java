package org.caduceus.ledger.block;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.util.BigIntegers;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.consensus.SoftVoter;

/**
 * A private key in this process, of a suite. ES256 signs with the deterministic nonces of RFC 6979.
 */
public final class SigningKey implements SoftVoter.Key {
  /** Bytes of a secret scalar. */
  public static final int SCALAR_LENGTH = 32;

  /** What an enclave binds a sealed voting key to, so that nothing else is taken for one. */
  public static final Bytes VOTER_CONTEXT =
      Bytes.wrap("CDC1VKEY".getBytes(StandardCharsets.US_ASCII));

  private final Suite suite;
  private final ECPrivateKeyParameters key;

  private SigningKey(Suite suite, ECPrivateKeyParameters key) {
    this.suite = suite;
    this.key = key;
  }

  /** A key that is on the suite's curve. */
  public static SigningKey of(Suite suite, ECPrivateKeyParameters key) {
    return new SigningKey(suite, key);
  }

  /**
   * The key of a secret.
   *
   * @param secret 32 bytes of good randomness, big endian; reduced into 1 to n - 2
   */
  public static SigningKey ofSecret(Suite suite, Bytes secret) {
    if (secret.length() != SCALAR_LENGTH) {
      throw new IllegalArgumentException(
          "Expected a secret of 32 bytes, but got " + secret.length());
    }
    X9ECParameters curve = curve(suite);
    BigInteger scalar =
        new BigInteger(1, secret.unsafeArray())
            .mod(curve.getN().subtract(BigInteger.TWO))
            .add(BigInteger.ONE);
    ECDomainParameters domain =
        new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    return new SigningKey(suite, new ECPrivateKeyParameters(scalar, domain));
  }

  /** Whether a key is on the suite's curve. */
  public static boolean isOn(Suite suite, ECPrivateKeyParameters key) {
    return key.getParameters().getN().equals(curve(suite).getN());
  }

  /** The suite's curve. */
  static X9ECParameters curve(Suite suite) {
    return CustomNamedCurves.getByName(
        switch (suite) {
          case ES256 -> "P-256";
          case SM2_SM3 -> "SM2P256V1";
        });
  }

  /** SEC 1 point of the public key, 65 bytes. */
  @Override
  public Bytes publicKey() {
    return Bytes.wrap(curve(suite).getG().multiply(key.getD()).normalize().getEncoded(false));
  }

  /** Raw r || s, 64 bytes. */
  @Override
  public Bytes sign(Bytes message) {
    return switch (suite) {
      case ES256 -> es256(message);
      case SM2_SM3 -> sm2(message);
    };
  }

  private Bytes es256(Bytes message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, key);
    BigInteger[] rs = signer.generateSignature(Hash.sha256(message.unsafeArray()).toArray());
    return Bytes.wrap(
        new Writer()
            .bytes(BigIntegers.asUnsignedByteArray(32, rs[0]))
            .bytes(BigIntegers.asUnsignedByteArray(32, rs[1]))
            .toArray());
  }

  private Bytes sm2(Bytes message) {
    SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE, new SM3Digest());
    signer.init(true, key);
    signer.update(message.unsafeArray(), 0, message.length());
    try {
      return Bytes.wrap(signer.generateSignature());
    } catch (CryptoException e) {
      throw new IllegalStateException("Expected a signature, but Bouncy Castle refused", e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "SigningKey[" + suite + "]";
  }
}
