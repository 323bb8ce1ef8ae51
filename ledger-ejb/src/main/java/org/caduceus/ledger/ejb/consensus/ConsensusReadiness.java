package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the replica runs, did not halt, and its enclave votes. */
@Readiness
@ApplicationScoped
public class ConsensusReadiness implements HealthCheck {
  @EJB private SerialReplica replica;

  @Override
  public HealthCheckResponse call() {
    ReplicaState state = replica.state();
    return HealthCheckResponse.named("consensus")
        .status(replica.alive() && state.halted().isEmpty() && state.voting())
        .withData("height", state.height())
        .withData("view", state.view())
        .withData("summary", state.summary())
        .build();
  }
}
