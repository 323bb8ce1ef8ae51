package org.caduceus.console.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** EPCIS 2.0, {@code /epcis}: the paths of the standard stand alone, not under {@code /api}. */
@ApplicationPath("epcis")
public final class EpcisApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(CaptureResource.class, EventsResource.class, Failures.class);
  }
}
