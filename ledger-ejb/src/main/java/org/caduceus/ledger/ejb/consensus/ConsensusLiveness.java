package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive unless the replica's thread ended without a word. One that halted for safety is alive: a
 * supervisor starts again what is not, and people have to read why first. {@link
 * ConsensusReadiness} is red.
 */
@Liveness
@ApplicationScoped
public class ConsensusLiveness implements HealthCheck {
  @EJB private SerialReplica replica;

  @Override
  public HealthCheckResponse call() {
    ReplicaState state = replica.state();
    return HealthCheckResponse.named("replica")
        .status(replica.alive() || state.halted().isPresent())
        .withData("halted", state.halted().orElse(""))
        .build();
  }
}
