package org.caduceus.enclave.attestation;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * A TPM 2.0 quote over the measurement of {@code caduceus-teed} (layout {@code CDC1TPMQ}).
 *
 * <p>Refused unless: a TPM made the structure and it is a quote; its extraData is H(claims); an
 * attestation key that cannot leave its TPM signed it; its PCR digest is that of the event log, and
 * the log covers every selected PCR and no other; exactly one event is named {@value #EVENT} and
 * its SHA-384 digest is the evidence's measurement.
 *
 * <p>What the quote is worth is MEASURED_TPM if a trusted root certifies the attestation key (a
 * certificate with the extended key usage tcg-kp-AIKCertificate), or certifies the endorsement key
 * (tcg-kp-EKCertificate) and {@link ActivatedKeys} says that the attestation key was shown to live
 * beside it. Everything else, hence any software TPM without a vendor's certificate, is SIMULATED.
 *
 * <p>What is not proven even then: that nobody with root extended PCR 16 with a digest of code that
 * did not start. PCR 16 is extended by the launcher and may be reset; the firmware's and the
 * kernel's own measurements are not judged here. Revocation lists are not fetched.
 */
public final class TpmQuoteVerifier implements PlatformVerifier {
  /** Name of the event that measures the enclave's executable. */
  public static final String EVENT = "caduceus-teed";

  // TCG EK Credential Profile for TPM Family 2.0, 3.2.16.
  private static final String EK_CERTIFICATE = "2.23.133.8.1";
  private static final String AIK_CERTIFICATE = "2.23.133.8.3";

  // PCRs 17 to 22 do not start at zero (PC Client Platform TPM Profile, 4.6.2).
  private static final int FIRST_DYNAMIC_PCR = 17;
  private static final int LAST_DYNAMIC_PCR = 22;

  private final TrustedRoots roots;
  private final ActivatedKeys activated;

  /**
   * A verifier.
   *
   * @param roots of TPM vendors, or of whoever certifies attestation keys
   * @param activated attestation keys shown to live beside an endorsement key
   */
  public TpmQuoteVerifier(TrustedRoots roots, ActivatedKeys activated) {
    this.roots = roots;
    this.activated = activated;
  }

  @Override
  public Finding verify(Evidence evidence) {
    try {
      TpmQuote quote = TpmQuote.decode(evidence.platform());
      TpmStructures.AttestationKey key = TpmStructures.AttestationKey.read(quote.attestationKey());
      requireQuote(quote, key, evidence);
      requireMeasurement(quote, evidence.measurement());
      return new Vouched(tier(quote, key), List.of());
    } catch (Unacceptable | MalformedException e) {
      return new Refused(e.getMessage());
    }
  }

  private static void requireQuote(
      TpmQuote quote, TpmStructures.AttestationKey key, Evidence evidence) {
    TpmStructures.Quote attested = TpmStructures.Quote.read(quote.attest());
    Unacceptable.unless(
        attested.extraData().equals(Bytes.wrap(evidence.claimsHash().toArray())),
        "Expected a quote of these claims, but it is of others");
    Unacceptable.unless(
        SignatureVerifier.es256()
            .verifies(key.point(), quote.attest(), TpmStructures.signature(quote.signature())),
        "Expected a quote signed by its attestation key, but the signature is wrong");
    Unacceptable.unless(
        attested.pcrDigest().equals(replay(quote.events(), attested.selected())),
        "Expected the event log of the quoted PCRs, but it gives other values");
  }

  /** The digest a TPM quotes after these events (Part 3, 18.4): SHA-256 over the PCRs' values. */
  private static Bytes replay(List<TpmQuote.Event> events, List<TpmStructures.Pcr> selected) {
    Map<TpmStructures.Pcr, byte[]> values = new HashMap<>();
    for (TpmStructures.Pcr pcr : selected) {
      Unacceptable.unless(
          pcr.index() < FIRST_DYNAMIC_PCR || pcr.index() > LAST_DYNAMIC_PCR,
          "Expected PCRs that start at zero, but one does not");
      values.put(pcr, new byte[pcr.bytes()]);
    }
    Unacceptable.unless(
        values.size() == new HashSet<>(selected).size() && values.size() == selected.size(),
        "Expected each PCR once, but one is selected again");
    for (TpmQuote.Event event : events) {
      TpmStructures.Pcr pcr = new TpmStructures.Pcr(event.pcr(), event.digest().length());
      byte[] before = values.get(pcr);
      Unacceptable.unless(before != null, "Expected events of quoted PCRs, but one is of another");
      values.put(
          pcr, digest(pcr.bytes() == 48 ? "SHA-384" : "SHA-256", before, event.digest().toArray()));
    }
    return Bytes.wrap(digest("SHA-256", selected.stream().map(values::get).toArray(byte[][]::new)));
  }

  private static void requireMeasurement(TpmQuote quote, Bytes measurement) {
    List<TpmQuote.Event> started =
        quote.events().stream().filter(event -> event.text().equals(EVENT)).toList();
    Unacceptable.unless(
        started.size() == 1,
        "Expected one event named " + EVENT + ", but there are " + started.size());
    Unacceptable.unless(
        started.get(0).digest().equals(measurement),
        "Expected the evidence's measurement in the event log, but it names another");
  }

  private AssuranceTier tier(TpmQuote quote, TpmStructures.AttestationKey key) {
    List<X509Certificate> chain =
        TrustedRoots.read(quote.certificates().stream().map(Bytes::toArray).toList());
    if (chain.isEmpty() || !roots.trust(chain)) {
      return AssuranceTier.SIMULATED;
    }
    X509Certificate leaf = chain.get(0);
    boolean certified = hasUsage(leaf, AIK_CERTIFICATE) && key.point().equals(point(leaf));
    boolean shown = hasUsage(leaf, EK_CERTIFICATE) && activated.confirm(leaf, key.name());
    return certified || shown ? AssuranceTier.MEASURED_TPM : AssuranceTier.SIMULATED;
  }

  private static boolean hasUsage(X509Certificate certificate, String usage) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      return usages != null && usages.contains(usage);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static Bytes point(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey key ? EcPoints.of(key) : Bytes.EMPTY;
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected " + algorithm + " in this runtime", e);
    }
  }
}
