package org.caduceus.ledger.membership;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.util.BigIntegers;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.Suite;

/**
 * The private key of an institution's officers, which signs ballots and approvals of cold starts.
 * ES256 signs with the deterministic nonces of RFC 6979.
 */
public final class GovernanceKey {
  private final Suite suite;
  private final ECPrivateKeyParameters key;

  private GovernanceKey(Suite suite, ECPrivateKeyParameters key) {
    this.suite = suite;
    this.key = key;
  }

  /**
   * Reads a key.
   *
   * @param pem PKCS #8 (RFC 5958) in the armour of RFC 7468, not encrypted
   * @throws MalformedException if it is no private key on the suite's curve; says nothing of it
   */
  public static GovernanceKey ofPem(Suite suite, String pem) {
    String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
    try {
      AsymmetricKeyParameter key = PrivateKeyFactory.createKey(Base64.getDecoder().decode(base64));
      if (key instanceof ECPrivateKeyParameters ec && ec.getParameters().getCurve() != null) {
        GovernanceKey result = new GovernanceKey(suite, ec);
        if (ec.getParameters().getN().equals(curve(suite).getN())) {
          return result;
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new MalformedException("Expected a PKCS #8 private key in PEM, but it cannot be read");
    }
    throw new MalformedException(
        "Expected a governance key of suite " + suite + ", but it is of another curve");
  }

  private static X9ECParameters curve(Suite suite) {
    return CustomNamedCurves.getByName(
        switch (suite) {
          case ES256 -> "P-256";
          case SM2_SM3 -> "SM2P256V1";
        });
  }

  /** SEC 1 point of the public key, 65 bytes. */
  public Bytes publicKey() {
    return Bytes.wrap(curve(suite).getG().multiply(key.getD()).normalize().getEncoded(false));
  }

  /** Raw r || s, 64 bytes. */
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
    return "GovernanceKey[" + suite + "]";
  }
}
