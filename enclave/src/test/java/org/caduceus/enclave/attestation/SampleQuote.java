package org.caduceus.enclave.attestation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.caduceus.ledger.Bytes;

/** An Intel quote as the specification lays it out, constructed: no processor was asked. */
final class SampleQuote {
  static final TestAuthority INTEL = new TestAuthority("quotes", "secp256r1");
  private static final KeyPair PCK = TestAuthority.keys("secp256r1");
  private static final KeyPair ATTESTATION = TestAuthority.keys("secp256r1");

  /** Header and body, signed as they then stand. */
  final ByteBuffer signed;

  final ByteBuffer quoting = little(384);
  final boolean nested;
  byte[] authentication = {1, 2, 3};
  KeyPair quoteSigner = ATTESTATION;
  KeyPair reportSigner = PCK;
  boolean certificates = true;
  boolean issuer = true;
  int innerType = 5;
  int outerType = 6;
  int longer;
  byte[] tail = new byte[0];

  SampleQuote(int version, int teeType, int body, Bytes quotingSigner, boolean nested)
      throws Exception {
    this.nested = nested;
    signed = little(48 + body);
    signed.putShort(0, (short) version).putShort(2, (short) 2).putInt(4, teeType);
    quoting.put(128, quotingSigner.toArray());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(key());
    quoting.put(320, digest.digest(authentication));
  }

  private static byte[] key() {
    return Arrays.copyOfRange(EcPoints.of((ECPublicKey) ATTESTATION.getPublic()).toArray(), 1, 65);
  }

  byte[] bytes() throws Exception {
    byte[] pem = certificates ? pem() : new byte[0];
    int inner = 384 + 64 + 2 + authentication.length + 6 + pem.length;
    int data = 128 + (nested ? 6 : 0) + inner;
    ByteBuffer out = little(signed.capacity() + 4 + data + tail.length);
    out.put(all(signed)).putInt(data + longer);
    out.put(sign(quoteSigner, all(signed))).put(key());
    if (nested) {
      out.putShort((short) outerType).putInt(inner);
    }
    out.put(all(quoting)).put(sign(reportSigner, all(quoting)));
    out.putShort((short) authentication.length).put(authentication);
    out.putShort((short) innerType).putInt(pem.length).put(pem).put(tail);
    return all(out);
  }

  private byte[] pem() throws Exception {
    String text = encode(INTEL.leaf(PCK.getPublic(), null, Map.of()));
    if (issuer) {
      text += encode(INTEL.issuer());
    }
    return (text + encode(INTEL.root()) + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  private static String encode(X509Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static byte[] sign(KeyPair key, byte[] message) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key.getPrivate());
    signature.update(message);
    return signature.sign();
  }

  private static byte[] all(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
