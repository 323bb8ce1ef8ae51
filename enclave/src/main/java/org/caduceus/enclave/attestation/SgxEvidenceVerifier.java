package org.caduceus.enclave.attestation;

import java.util.Arrays;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * Evidence of Open Enclave's SGX ECDSA format: an Intel SGX quote of version 3 (SGX DCAP Quoting
 * Library API, appendix A.4), then the custom claims, here H(claims), whose SHA-256 is the first
 * half of the quote's report data. The evidence's measurement must be MRENCLAVE and 16 zero bytes.
 *
 * <p>An enclave of the Open Enclave port verifies its peers with Open Enclave's own verifier, which
 * fetches collateral; this class is for members that have no such hardware. It does <b>not</b>
 * fetch it: TCB information, the identity of the quoting enclave beyond its signer, and revocation
 * lists are not consulted. <b>Never run on hardware</b>: tested against evidence that the tests
 * construct.
 */
public final class SgxEvidenceVerifier implements PlatformVerifier {
  private static final int VERSION = 3;
  private static final long TEE_SGX = 0;
  private static final int MEASURED = 32;

  /** MRSIGNER of Intel's SGX quoting enclave. */
  static final Bytes QUOTING_SIGNER =
      Bytes.fromHex("8c4f5775d796503e96137f77c68a829a0056ac8ded70140b081b094490c57bff");

  private final TrustedRoots roots;

  /** A verifier that trusts these roots: Intel's SGX root CA. */
  public SgxEvidenceVerifier(TrustedRoots roots) {
    this.roots = roots;
  }

  @Override
  public Finding verify(Evidence evidence) {
    try {
      byte[] bytes = evidence.platform().unsafeArray();
      IntelQuote quote = new IntelQuote(bytes, IntelQuote.SGX_BODY);
      quote.requireHeader(VERSION, TEE_SGX);
      Bytes custom = Bytes.wrap(Arrays.copyOfRange(bytes, quote.end(), bytes.length));
      requireClaims(quote.fields(), custom, evidence);
      requireMeasurement(quote.fields(), evidence.measurement());
      quote.requireSignature(roots, QUOTING_SIGNER, false);
      return new Vouched(AssuranceTier.ENCLAVE_SGX, List.of());
    } catch (Unacceptable | MalformedException e) {
      return new Refused(e.getMessage());
    }
  }

  private static void requireClaims(LittleEndian quote, Bytes custom, Evidence evidence) {
    int at = IntelQuote.HEADER + IntelQuote.REPORT_DATA;
    Unacceptable.unless(
        custom.equals(Bytes.wrap(evidence.claimsHash().toArray())),
        "Expected evidence of these claims, but it is of others");
    Unacceptable.unless(
        quote.field(at, 32).equals(Bytes.wrap(Hash.sha256(custom.unsafeArray()).toArray()))
            && quote.isZero(at + 32, 32),
        "Expected a quote of the custom claims, but it is of others");
  }

  private static void requireMeasurement(LittleEndian quote, Bytes measurement) {
    IntelQuote.requireNoDebug(quote, IntelQuote.HEADER, "an enclave");
    byte[] expected =
        Arrays.copyOf(quote.slice(IntelQuote.HEADER + IntelQuote.MRENCLAVE, MEASURED), 48);
    Unacceptable.unless(
        measurement.equals(Bytes.wrap(expected)),
        "Expected the evidence's measurement in the quote, but it names another enclave");
  }
}
