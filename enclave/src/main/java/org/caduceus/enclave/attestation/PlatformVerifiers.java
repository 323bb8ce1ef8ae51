package org.caduceus.enclave.attestation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * Finds the verifier of a platform part: by its 8-byte tag, or, for an Open Enclave instance, whose
 * evidence is Intel's own layout without a tag, by the tier it claims.
 */
public final class PlatformVerifiers implements PlatformVerifier {
  private static final int TAG_LENGTH = 8;

  private final PlatformVerifier tpm;
  private final PlatformVerifier snp;
  private final PlatformVerifier tdx;
  private final PlatformVerifier sgx;

  /** One verifier a format. */
  public PlatformVerifiers(
      PlatformVerifier tpm, PlatformVerifier snp, PlatformVerifier tdx, PlatformVerifier sgx) {
    this.tpm = tpm;
    this.snp = snp;
    this.tdx = tdx;
    this.sgx = sgx;
  }

  /**
   * All of them, each with roots of its own. Never the same for two: what a TPM's attestation key
   * may sign besides quotes would else pass for the work of a processor.
   *
   * @param tpm of TPM vendors, or of whoever certifies attestation keys
   * @param amd AMD's ARKs
   * @param intel Intel's SGX root CA
   * @param activated attestation keys shown to live beside an endorsement key
   */
  public static PlatformVerifiers trusting(
      TrustedRoots tpm, TrustedRoots amd, TrustedRoots intel, ActivatedKeys activated) {
    return new PlatformVerifiers(
        new TpmQuoteVerifier(tpm, activated),
        new SnpReportVerifier(amd),
        new TdxQuoteVerifier(intel),
        new SgxEvidenceVerifier(intel));
  }

  /** The same where no dialogue is held with whoever shows an endorsement key. */
  public static PlatformVerifiers trusting(TrustedRoots tpm, TrustedRoots amd, TrustedRoots intel) {
    return trusting(tpm, amd, intel, ActivatedKeys.NONE);
  }

  @Override
  public Finding verify(Evidence evidence) {
    byte[] platform = evidence.platform().unsafeArray();
    String tag =
        new String(
            Arrays.copyOf(platform, Math.min(platform.length, TAG_LENGTH)),
            StandardCharsets.ISO_8859_1);
    return switch (tag) {
      case TpmQuote.TAG -> tpm.verify(evidence);
      case SnpReportVerifier.TAG -> snp.verify(evidence);
      case TdxQuoteVerifier.TAG -> tdx.verify(evidence);
      default ->
          evidence.tier() == AssuranceTier.ENCLAVE_SGX
              ? sgx.verify(evidence)
              : new Refused("Expected a platform part of a known format, but it is of another");
    };
  }
}
