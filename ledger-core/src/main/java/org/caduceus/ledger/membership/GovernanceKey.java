package org.caduceus.ledger.membership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.block.Suite;

/**
 * The private key of an institution's officers, which signs ballots and approvals of cold starts.
 */
public final class GovernanceKey {
  private final Suite suite;
  private final SigningKey key;

  private GovernanceKey(Suite suite, SigningKey key) {
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
      if (key instanceof ECPrivateKeyParameters ec
          && ec.getParameters().getCurve() != null
          && SigningKey.isOn(suite, ec)) {
        return new GovernanceKey(suite, SigningKey.of(suite, ec));
      }
    } catch (IOException | RuntimeException e) {
      throw new MalformedException("Expected a PKCS #8 private key in PEM, but it cannot be read");
    }
    throw new MalformedException(
        "Expected a governance key of suite " + suite + ", but it is of another curve");
  }

  /**
   * What an officer compares a public key by: SHA-256 of its SubjectPublicKeyInfo (RFC 5280), as
   * that of a link is pinned. {@code openssl pkey -in KEY -pubout -outform DER | sha256sum} says
   * the same.
   *
   * @param point SEC 1 point, 65 bytes
   */
  public static Hash fingerprint(Suite suite, Bytes point) {
    ASN1ObjectIdentifier curve =
        switch (suite) {
          case ES256 -> SECObjectIdentifiers.secp256r1;
          case SM2_SM3 -> GMObjectIdentifiers.sm2p256v1;
        };
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve);
    try {
      return Hash.sha256(
          new SubjectPublicKeyInfo(algorithm, point.toArray()).getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected bytes in memory to be written, but they are not", e);
    }
  }

  /** SEC 1 point of the public key, 65 bytes. */
  public Bytes publicKey() {
    return key.publicKey();
  }

  /** Raw r || s, 64 bytes. */
  public Bytes sign(Bytes message) {
    return key.sign(message);
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "GovernanceKey[" + suite + "]";
  }
}
