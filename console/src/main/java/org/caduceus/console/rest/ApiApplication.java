package org.caduceus.console.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The ledger's own interface, {@code /api}. */
@ApplicationPath("api")
public final class ApiApplication extends Application {
  /** Version of the interface. */
  public static final String VERSION = "0.1.0";

  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        TokensResource.class,
        StatusResource.class,
        DiagnosisResource.class,
        EntriesResource.class,
        BlocksResource.class,
        MessagesResource.class,
        EpochsResource.class,
        InstitutionsResource.class,
        GenesisResource.class,
        GovernanceResource.class,
        PeersResource.class,
        Failures.class,
        JsonForm.class);
  }
}
