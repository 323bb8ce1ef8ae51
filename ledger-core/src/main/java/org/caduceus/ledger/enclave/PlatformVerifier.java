package org.caduceus.ledger.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;

/**
 * Verifies what a platform says of an enclave instance: the platform part of its evidence, which
 * must be an attestation of H(claims). Thread-safe.
 */
@FunctionalInterface
public interface PlatformVerifier {
  /**
   * What the platform part of {@code evidence} shows. Never an exception for bytes of whatever
   * shape.
   */
  Finding verify(Evidence evidence);

  /** What came out. */
  sealed interface Finding {}

  /**
   * The attestation is genuine as far as it could be verified here, and names these claims.
   *
   * @param tier what the verifier can vouch for, whatever the evidence claims
   * @param launches measurements of what the platform started, which the ledger must allow beside
   *     that of the evidence: a virtual machine's image; empty where the platform itself names the
   *     evidence's measurement
   */
  record Vouched(AssuranceTier tier, List<Bytes> launches) implements Finding {
    /** Copies. */
    public Vouched {
      launches = List.copyOf(launches);
    }
  }

  /**
   * The attestation is not one of these claims.
   *
   * @param reason a sentence, "Expected …, but …"
   */
  record Refused(String reason) implements Finding {}

  /** Verifies nothing, and therefore believes nothing. */
  PlatformVerifier NONE =
      evidence ->
          new Refused(
              "Expected no platform part, as nothing here can verify it, but the evidence has one");
}
