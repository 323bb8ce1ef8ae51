package org.caduceus.enclave.attestation;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * The structures of TPM 2.0 Library Part 2 (Structures, revision 1.59) that a quote is made of. Of
 * the algorithms only those that an attestation key of this project has: ECDSA, P-256, SHA-256.
 */
final class TpmStructures {
  private static final int GENERATED = 0xff544347;
  private static final int ST_ATTEST_QUOTE = 0x8018;
  private static final int ALG_SHA256 = 0x000b;
  private static final int ALG_SHA384 = 0x000c;
  private static final int ALG_NULL = 0x0010;
  private static final int ALG_ECDSA = 0x0018;
  private static final int ALG_ECC = 0x0023;
  private static final int CURVE_P256 = 0x0003;
  private static final int COORDINATE = 32;
  private static final int MAX_BANKS = 16;

  // TPMA_OBJECT (8.3): fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign; no decrypt.
  private static final int FIXED_SIGNING = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 16 | 1 << 18;
  private static final int DECRYPT = 1 << 17;

  private TpmStructures() {}

  /**
   * One PCR of a selection.
   *
   * @param bytes length of its bank's digest
   */
  record Pcr(int index, int bytes) {}

  /** TPMS_ATTEST (10.12.12) of type TPM_ST_ATTEST_QUOTE. */
  record Quote(Bytes extraData, List<Pcr> selected, Bytes pcrDigest) {
    static Quote read(Bytes attest) {
      Reader in = new Reader(attest.unsafeArray(), "TPMS_ATTEST");
      // A restricted key signs nothing that begins so unless the TPM itself made it (10.12.12).
      Unacceptable.unless(
          u32(in) == GENERATED, "Expected a structure that a TPM made, but its magic differs");
      Unacceptable.unless(
          in.u16() == ST_ATTEST_QUOTE, "Expected a quote, but it attests something else");
      in.bytes(in.u16()); // qualifiedSigner
      Bytes extraData = Bytes.wrap(in.bytes(in.u16()));
      in.bytes(8 + 4 + 4); // clock, resetCount, restartCount
      in.flag(); // safe
      in.bytes(8); // firmwareVersion
      List<Pcr> selected = selection(in);
      Bytes digest = Bytes.wrap(in.bytes(in.u16()));
      in.end();
      return new Quote(extraData, selected, digest);
    }

    /** TPML_PCR_SELECTION (10.9.7). */
    private static List<Pcr> selection(Reader in) {
      int banks = in.i32();
      Unacceptable.unless(banks <= MAX_BANKS, "Expected at most 16 PCR banks, but got " + banks);
      List<Pcr> selected = new ArrayList<>();
      for (int bank = 0; bank < banks; bank++) {
        int bytes = digestLength(in.u16());
        byte[] bitmap = in.bytes(in.u8());
        for (int index = 0; index < bitmap.length * 8; index++) {
          if ((bitmap[index / 8] >> index % 8 & 1) != 0) {
            selected.add(new Pcr(index, bytes));
          }
        }
      }
      return selected;
    }

    private static int digestLength(int algorithm) {
      return switch (algorithm) {
        case ALG_SHA256 -> 32;
        case ALG_SHA384 -> 48;
        default ->
            throw new Unacceptable(
                "Expected PCR banks of SHA-256 or SHA-384, but got algorithm " + algorithm);
      };
    }
  }

  /** TPMT_SIGNATURE (11.3.4) of ECDSA with SHA-256, as raw r || s. */
  static Bytes signature(Bytes encoded) {
    Reader in = new Reader(encoded.unsafeArray(), "TPMT_SIGNATURE");
    Unacceptable.unless(
        in.u16() == ALG_ECDSA && in.u16() == ALG_SHA256,
        "Expected an ECDSA signature with SHA-256, but it is of another algorithm");
    Bytes raw = Bytes.wrap(new Writer().bytes(coordinate(in)).bytes(coordinate(in)).toArray());
    in.end();
    return raw;
  }

  /**
   * TPMT_PUBLIC (12.2.4) of an attestation key.
   *
   * @param point SEC 1, uncompressed
   * @param name the key's: nameAlg, then its digest over the structure (Part 1, 16)
   */
  record AttestationKey(Bytes point, Bytes name) {
    static AttestationKey read(Bytes encoded) {
      Reader in = new Reader(encoded.unsafeArray(), "TPMT_PUBLIC");
      Unacceptable.unless(
          in.u16() == ALG_ECC && in.u16() == ALG_SHA256,
          "Expected an elliptic-curve key named by SHA-256, but got another");
      int attributes = u32(in);
      Unacceptable.unless(
          (attributes & FIXED_SIGNING) == FIXED_SIGNING && (attributes & DECRYPT) == 0,
          "Expected a restricted signing key that cannot leave its TPM, but its attributes differ");
      in.bytes(in.u16()); // authPolicy
      Unacceptable.unless(
          in.u16() == ALG_NULL
              && in.u16() == ALG_ECDSA
              && in.u16() == ALG_SHA256
              && in.u16() == CURVE_P256
              && in.u16() == ALG_NULL,
          "Expected a P-256 key for ECDSA with SHA-256, but its parameters differ");
      Bytes point =
          Bytes.wrap(new Writer().u8(4).bytes(coordinate(in)).bytes(coordinate(in)).toArray());
      in.end();
      Bytes name =
          Bytes.wrap(
              new Writer().u16(ALG_SHA256).hash(Hash.sha256(encoded.unsafeArray())).toArray());
      return new AttestationKey(point, name);
    }
  }

  /** TPM2B_ECC_PARAMETER, left-padded: a TPM may leave leading zeros out. */
  private static byte[] coordinate(Reader in) {
    byte[] value = in.bytes(in.u16());
    Unacceptable.unless(
        value.length <= COORDINATE, "Expected numbers of 32 bytes, but one is longer");
    byte[] padded = new byte[COORDINATE];
    System.arraycopy(value, 0, padded, COORDINATE - value.length, value.length);
    return padded;
  }

  private static int u32(Reader in) {
    return in.u16() << 16 | in.u16();
  }
}
