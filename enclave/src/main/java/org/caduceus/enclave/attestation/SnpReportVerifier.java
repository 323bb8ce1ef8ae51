package org.caduceus.enclave.attestation;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * An attestation report of AMD SEV-SNP (SEV Secure Nested Paging Firmware ABI Specification, 56860,
 * table ATTESTATION_REPORT), signed by the processor's VCEK or VLEK (ECDSA P-384 with SHA-384),
 * whose chain ends in a trusted root. Layout {@code CDC1SNPR}: the report, then the certificates,
 * leaf first.
 *
 * <p>Rule of measurement: REPORT_DATA is H(claims) and 32 zero bytes; MEASUREMENT is the launch
 * digest of the virtual machine, and the ledger must list it beside the measurement of {@code
 * caduceus-teed}: the image is what vouches that only the listed executable serves claims.
 *
 * <p><b>Never run on hardware</b>: tested against reports that the tests construct. Revocation
 * lists are not fetched; of the firmware's version it is only checked that the key is of the
 * reported one, so an old firmware with a known hole is accepted.
 */
public final class SnpReportVerifier implements PlatformVerifier {
  static final String TAG = "CDC1SNPR";

  static final int REPORT_LENGTH = 0x4a0;
  private static final int SIGNED_LENGTH = 0x2a0;
  private static final int VERSION = 0x00;
  private static final int POLICY = 0x08;
  private static final int VMPL = 0x30;
  private static final int SIGNATURE_ALGORITHM = 0x34;
  private static final int KEY_INFO = 0x48;
  private static final int REPORT_DATA = 0x50;
  private static final int MEASUREMENT = 0x90;
  private static final int REPORTED_TCB = 0x180;
  private static final int CHIP_ID = 0x1a0;

  private static final int ECDSA_P384_SHA384 = 1;
  private static final int MIN_VERSION = 2;
  private static final int MAX_VERSION = 5;
  private static final long POLICY_MIGRATION_AGENT = 1L << 18;
  private static final long POLICY_DEBUG = 1L << 19;
  private static final int SIGNING_KEY_SHIFT = 2;
  private static final int SIGNING_KEY_MASK = 7;
  private static final int VCEK = 0;
  private static final int VLEK = 1;
  private static final int MASKED_CHIP_KEY = 2;
  private static final int NUMBER_FIELD = 72;
  private static final int NUMBER = 48;

  // VCEK Certificate and KDS Interface Specification, 57230, table 8; bytes of TCB_VERSION.
  private static final String OID_HWID = "1.3.6.1.4.1.3704.1.4";
  private static final String OID_SPL = "1.3.6.1.4.1.3704.1.3.";
  private static final int[][] SPL_OF_TCB_BYTE = {{1, 0}, {2, 1}, {3, 6}, {8, 7}};

  private final TrustedRoots roots;

  /** A verifier that trusts these roots: AMD's ARK of each product line. */
  public SnpReportVerifier(TrustedRoots roots) {
    this.roots = roots;
  }

  @Override
  public Finding verify(Evidence evidence) {
    try {
      Reader in = new Reader(evidence.platform().unsafeArray(), "SEV-SNP attestation");
      in.tag(TAG);
      LittleEndian report = new LittleEndian(in.sized(), "SEV-SNP report");
      List<byte[]> certificates = new ArrayList<>();
      for (int left = in.u8(); left > 0; left--) {
        certificates.add(in.sized());
      }
      in.end();
      requireForm(report);
      requireClaims(report, evidence);
      requireSignature(report, TrustedRoots.read(certificates));
      return new Vouched(AssuranceTier.CONFIDENTIAL_VM, List.of(report.field(MEASUREMENT, NUMBER)));
    } catch (Unacceptable | MalformedException e) {
      return new Refused(e.getMessage());
    }
  }

  private static void requireForm(LittleEndian report) {
    Unacceptable.unless(
        report.length() == REPORT_LENGTH,
        "Expected a report of 1184 bytes, but got " + report.length());
    long version = report.u32(VERSION);
    Unacceptable.unless(
        version >= MIN_VERSION && version <= MAX_VERSION,
        "Expected a report of version 2 to 5, but got " + version);
    Unacceptable.unless(
        report.u32(SIGNATURE_ALGORITHM) == ECDSA_P384_SHA384,
        "Expected a report signed with ECDSA P-384, but it names another algorithm");
    long policy = report.bits64(POLICY);
    Unacceptable.unless(
        (policy & POLICY_DEBUG) == 0, "Expected a guest that cannot be debugged, but it can");
    Unacceptable.unless(
        (policy & POLICY_MIGRATION_AGENT) == 0,
        "Expected a guest without a migration agent, but its policy allows one");
    Unacceptable.unless(
        report.u32(VMPL) == 0, "Expected a report of privilege level 0, but it is of another");
  }

  private static void requireClaims(LittleEndian report, Evidence evidence) {
    Unacceptable.unless(
        report.field(REPORT_DATA, 32).equals(Bytes.wrap(evidence.claimsHash().toArray()))
            && report.isZero(REPORT_DATA + 32, 32),
        "Expected a report of these claims, but it is of others");
  }

  private void requireSignature(LittleEndian report, List<X509Certificate> chain) {
    Unacceptable.unless(
        !chain.isEmpty() && roots.trust(chain),
        "Expected a signer certified by a trusted root, but its chain ends elsewhere");
    X509Certificate signer = chain.get(0);
    Unacceptable.unless(
        signs(signer, report), "Expected a report signed by the processor, but it is not");
    requireKeyOf(report, signer);
  }

  /** A VCEK is of one chip and firmware, a VLEK of one firmware at one provider. */
  private static void requireKeyOf(LittleEndian report, X509Certificate signer) {
    long info = report.u32(KEY_INFO);
    int kind = (int) (info >> SIGNING_KEY_SHIFT & SIGNING_KEY_MASK);
    Unacceptable.unless(
        kind == VCEK || kind == VLEK, "Expected a report signed by a VCEK or VLEK, but it is not");
    if (kind == VCEK) {
      Unacceptable.unless(
          (info & MASKED_CHIP_KEY) == 0 && holds(signer, OID_HWID, report.slice(CHIP_ID, 64)),
          "Expected the key of the reporting chip, but it is of another");
    }
    for (int[] part : SPL_OF_TCB_BYTE) {
      byte level = (byte) report.u8(REPORTED_TCB + part[1]);
      Unacceptable.unless(
          holds(signer, OID_SPL + part[0], integer(level)),
          "Expected the key of the reported firmware, but it is of another");
    }
  }

  private static boolean signs(X509Certificate signer, LittleEndian report) {
    byte[] raw = new byte[2 * NUMBER];
    for (int number = 0; number < 2; number++) {
      int at = SIGNED_LENGTH + number * NUMBER_FIELD;
      if (!report.isZero(at + NUMBER, NUMBER_FIELD - NUMBER)) {
        return false;
      }
      byte[] value = report.slice(at, NUMBER);
      for (int i = 0; i < NUMBER; i++) {
        raw[number * NUMBER + i] = value[NUMBER - 1 - i];
      }
    }
    try {
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initVerify(signer.getPublicKey());
      signature.update(report.slice(0, SIGNED_LENGTH));
      return signature.verify(raw);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** DER INTEGER of an unsigned byte. */
  private static byte[] integer(byte level) {
    byte[] value = BigInteger.valueOf(Byte.toUnsignedInt(level)).toByteArray();
    byte[] der = new byte[2 + value.length];
    der[0] = 2;
    der[1] = (byte) value.length;
    System.arraycopy(value, 0, der, 2, value.length);
    return der;
  }

  /**
   * Whether an extension's value is this: as it is, or in an inner OCTET STRING, as certificates of
   * both kinds are about.
   */
  private static boolean holds(X509Certificate certificate, String oid, byte[] expected) {
    byte[] der = certificate.getExtensionValue(oid);
    if (der == null || der.length < 2 || der[1] != der.length - 2) {
      return false;
    }
    byte[] value = Arrays.copyOfRange(der, 2, der.length);
    boolean inner =
        value.length == expected.length + 2
            && value[0] == 4
            && value[1] == expected.length
            && Arrays.equals(Arrays.copyOfRange(value, 2, value.length), expected);
    return inner || Arrays.equals(value, expected);
  }
}
