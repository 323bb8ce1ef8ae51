package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the replica runs, did not halt, and its enclave votes and is sound. */
@Readiness
@ApplicationScoped
public class ConsensusReadiness implements HealthCheck {
  @EJB private SerialReplica replica;
  @EJB private EnclaveBean enclave;

  @Override
  public HealthCheckResponse call() {
    ReplicaState state = replica.state();
    EnclaveCondition condition = enclave.condition();
    return HealthCheckResponse.named("consensus")
        .status(replica.alive() && state.halted().isEmpty() && state.voting() && condition.serves())
        .withData("height", state.height())
        .withData("view", state.view())
        .withData("summary", state.summary())
        .withData("enclave", condition.text())
        .build();
  }
}
