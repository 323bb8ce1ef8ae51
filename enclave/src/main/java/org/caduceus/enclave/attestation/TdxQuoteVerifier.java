package org.caduceus.enclave.attestation;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * A quote of Intel TDX, version 4 with a TD report of 584 bytes (Intel TDX DCAP Quoting Library
 * API, appendix A.3; TDX Module 1.0). Layout {@code CDC1TDXQ}: the quote, which carries its
 * certificates.
 *
 * <p>Rule of measurement: REPORTDATA is H(claims) and 32 zero bytes; the launch measurement that
 * the ledger must list is {@code SHA-384(MRTD || RTMR0 || RTMR1 || RTMR2 || RTMR3)}, as MRTD alone
 * names the firmware and not what it started.
 *
 * <p><b>Never run on hardware</b>: tested against quotes that the tests construct. Collateral is
 * not fetched: TCB information, the identity of the quoting enclave beyond its signer, and
 * revocation lists are not consulted, so an outdated or revoked platform is accepted.
 */
public final class TdxQuoteVerifier implements PlatformVerifier {
  static final String TAG = "CDC1TDXQ";

  static final int BODY = 584;
  private static final int VERSION = 4;
  private static final long TEE_TDX = 0x81;
  private static final int ATTRIBUTES = IntelQuote.HEADER + 120;
  private static final int MRTD = IntelQuote.HEADER + 136;
  private static final int RTMR0 = IntelQuote.HEADER + 328;
  private static final int REPORT_DATA = IntelQuote.HEADER + 520;
  private static final int REGISTER = 48;
  private static final int REGISTERS = 4;

  /** MRSIGNER of Intel's TD quoting enclave. */
  static final Bytes QUOTING_SIGNER =
      Bytes.fromHex("dc9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5");

  private final TrustedRoots roots;

  /** A verifier that trusts these roots: Intel's SGX root CA, which is TDX's too. */
  public TdxQuoteVerifier(TrustedRoots roots) {
    this.roots = roots;
  }

  @Override
  public Finding verify(Evidence evidence) {
    try {
      Reader in = new Reader(evidence.platform().unsafeArray(), "TDX attestation");
      in.tag(TAG);
      byte[] bytes = in.sized();
      in.end();
      IntelQuote quote = new IntelQuote(bytes, BODY);
      quote.requireHeader(VERSION, TEE_TDX);
      Unacceptable.unless(
          quote.end() == bytes.length, "Expected the end of the quote, but more bytes follow");
      requireGuest(quote.fields(), evidence);
      quote.requireSignature(roots, QUOTING_SIGNER, true);
      return new Vouched(AssuranceTier.CONFIDENTIAL_VM, List.of(launch(quote.fields())));
    } catch (Unacceptable | MalformedException e) {
      return new Refused(e.getMessage());
    }
  }

  private static void requireGuest(LittleEndian quote, Evidence evidence) {
    // TD under debug: the first byte of ATTRIBUTES, any bit of it.
    Unacceptable.unless(
        quote.u8(ATTRIBUTES) == 0, "Expected a guest that cannot be debugged, but it can");
    Unacceptable.unless(
        quote.field(REPORT_DATA, 32).equals(Bytes.wrap(evidence.claimsHash().toArray()))
            && quote.isZero(REPORT_DATA + 32, 32),
        "Expected a quote of these claims, but it is of others");
  }

  private static Bytes launch(LittleEndian quote) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-384");
      digest.update(quote.slice(MRTD, REGISTER));
      digest.update(quote.slice(RTMR0, REGISTERS * REGISTER));
      return Bytes.wrap(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected SHA-384 in this runtime", e);
    }
  }
}
