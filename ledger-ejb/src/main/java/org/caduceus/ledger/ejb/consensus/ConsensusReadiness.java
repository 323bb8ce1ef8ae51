package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.caduceus.ledger.ejb.peer.CertificateWatch;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the replica runs, did not halt, and its enclave votes, is sound, and is shown to be
 * what the consortium asks.
 */
@Readiness
@ApplicationScoped
public class ConsensusReadiness implements HealthCheck {
  @EJB private SerialReplica replica;
  @EJB private EnclaveBean enclave;
  @EJB private PeerAttestations attestations;
  @EJB private CertificateWatch certificate;

  @Override
  public HealthCheckResponse call() {
    ReplicaState state = replica.state();
    EnclaveCondition condition = enclave.condition();
    AttestationCondition attestation = attestations.condition();
    return HealthCheckResponse.named("consensus")
        .status(
            replica.alive()
                && state.halted().isEmpty()
                && state.voting()
                && condition.serves()
                && attestation.suffices())
        .withData("height", state.height())
        .withData("view", state.view())
        .withData("summary", state.summary())
        .withData("enclave", condition.text())
        .withData("attestation", attestation.text())
        .withData("certificate", certificate.term().text(Instant.now()))
        .build();
  }
}
