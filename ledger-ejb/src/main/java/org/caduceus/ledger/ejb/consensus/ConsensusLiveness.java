package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive unless the replica halted or its thread ended: a restart cannot mend the first, but people
 * must look at both.
 */
@Liveness
@ApplicationScoped
public class ConsensusLiveness implements HealthCheck {
  @EJB private SerialReplica replica;

  @Override
  public HealthCheckResponse call() {
    ReplicaState state = replica.state();
    return HealthCheckResponse.named("replica")
        .status(replica.alive() && state.halted().isEmpty())
        .withData("halted", state.halted().orElse(""))
        .build();
  }
}
