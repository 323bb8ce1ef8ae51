package org.caduceus.enclave.attestation;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SignatureVerifier;

/**
 * What SGX quotes of version 3 and TDX quotes of version 4 share (Intel SGX and TDX DCAP Quoting
 * Library API, appendix A): a header, a body, and the data of an ECDSA P-256 signature.
 *
 * <p>The chain of trust: a trusted root certifies the PCK; the PCK signs the report of the quoting
 * enclave, which must be Intel's and not debuggable; that report names the attestation key; the
 * attestation key signs header and body.
 */
final class IntelQuote {
  static final int HEADER = 48;
  static final int SGX_BODY = 384;
  static final int REPORT_DATA = 320;
  static final int MRENCLAVE = 64;

  private static final int ATTESTATION_KEY_TYPE = 2;
  private static final int ECDSA_P256 = 2;
  private static final int ATTRIBUTES = 48;
  private static final long ATTRIBUTE_DEBUG = 1 << 1;
  private static final int MRSIGNER = 128;
  private static final int SIGNATURE = 64;
  private static final int KEY = 64;
  private static final int PCK_CHAIN = 5;
  private static final int QE_REPORT_DATA = 6;

  private final LittleEndian quote;
  private final int body;

  /**
   * A quote.
   *
   * @param body length of its body
   */
  IntelQuote(byte[] quote, int body) {
    this.quote = new LittleEndian(quote, "quote");
    this.body = body;
  }

  /** Header and body, by offset from the quote's first byte. */
  LittleEndian fields() {
    return quote;
  }

  /** Where the signature data end: the quote's own length. */
  int end() {
    return checkedEnd(HEADER + body + 4, quote.u32(HEADER + body));
  }

  void requireHeader(int version, long teeType) {
    Unacceptable.unless(
        quote.u16(0) == version,
        "Expected a quote of version " + version + ", but got " + quote.u16(0));
    Unacceptable.unless(
        quote.u16(ATTESTATION_KEY_TYPE) == ECDSA_P256,
        "Expected a quote signed with ECDSA P-256, but it names another algorithm");
    Unacceptable.unless(
        quote.u32(4) == teeType, "Expected a quote of this kind of TEE, but it is of another");
  }

  /** A report body's attributes must not allow a debugger (Intel SDM 3D, 38.7.1). */
  static void requireNoDebug(LittleEndian report, int at, String whose) {
    Unacceptable.unless(
        (report.bits64(at + ATTRIBUTES) & ATTRIBUTE_DEBUG) == 0,
        "Expected " + whose + " that cannot be debugged, but it can");
  }

  /** Verifies the whole chain of trust. */
  void requireSignature(TrustedRoots roots, Bytes quotingSigner, boolean nested) {
    int at = HEADER + body + 4;
    int end = end();
    Bytes signature = quote.field(at, SIGNATURE);
    byte[] key = quote.slice(at + SIGNATURE, KEY);
    at += SIGNATURE + KEY;
    if (nested) {
      Unacceptable.unless(
          quote.u16(at) == QE_REPORT_DATA && checkedEnd(at + 6, quote.u32(at + 2)) == end,
          "Expected the quoting enclave's report as certification data, but got other data");
      at += 6;
    }
    byte[] report = quote.slice(at, SGX_BODY);
    byte[] reportSignature = quote.slice(at + SGX_BODY, SIGNATURE);
    at += SGX_BODY + SIGNATURE;
    byte[] authentication = quote.slice(at + 2, quote.u16(at));
    at += 2 + authentication.length;
    Unacceptable.unless(
        quote.u16(at) == PCK_CHAIN && checkedEnd(at + 6, quote.u32(at + 2)) == end,
        "Expected the PCK's certificates in the quote, but got other data");
    List<X509Certificate> chain = certificates(quote.slice(at + 6, end - at - 6));
    requireQuotingEnclave(report, key, authentication, quotingSigner);
    Unacceptable.unless(
        !chain.isEmpty() && roots.trust(chain),
        "Expected a platform certified by a trusted root, but its chain ends elsewhere");
    Unacceptable.unless(
        signs(chain.get(0), report, reportSignature),
        "Expected a quoting enclave that the platform vouches for, but the signature is wrong");
    Unacceptable.unless(
        SignatureVerifier.es256()
            .verifies(
                Bytes.wrap(new Writer().u8(4).bytes(key).toArray()),
                quote.field(0, HEADER + body),
                signature),
        "Expected a quote signed by its attestation key, but the signature is wrong");
  }

  /**
   * Intel's quoting enclave, not debuggable, that names the attestation key. Its signer is pinned:
   * the platform vouches for any enclave that its owner lets ask.
   */
  private static void requireQuotingEnclave(
      byte[] report, byte[] key, byte[] authentication, Bytes quotingSigner) {
    LittleEndian fields = new LittleEndian(report, "quoting enclave's report");
    requireNoDebug(fields, 0, "a quoting enclave");
    Unacceptable.unless(
        fields.field(MRSIGNER, 32).equals(quotingSigner),
        "Expected Intel's quoting enclave, but it is somebody else's");
    Hash named = Hash.sha256(new Writer().bytes(key).bytes(authentication).toArray());
    Unacceptable.unless(
        fields.field(REPORT_DATA, 32).equals(Bytes.wrap(named.toArray()))
            && fields.isZero(REPORT_DATA + 32, 32),
        "Expected a quoting enclave that names the attestation key, but it names another");
  }

  private static boolean signs(X509Certificate signer, byte[] message, byte[] raw) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initVerify(signer.getPublicKey());
      signature.update(message);
      return signature.verify(raw);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static List<X509Certificate> certificates(byte[] pem) {
    int length = pem.length;
    while (length > 0 && pem[length - 1] == 0) {
      length--; // Intel's library ends the text with a zero byte
    }
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem, 0, length))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new Unacceptable("Expected certificates, but one cannot be read");
    }
  }

  private int checkedEnd(int at, long length) {
    Unacceptable.unless(
        length <= quote.length() - at, "Expected more bytes in quote, but it ends early");
    return Math.toIntExact(at + length);
  }
}
