package org.caduceus.console.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** DICOMweb, {@code /dicomweb}: the paths of the standard stand alone, not under {@code /api}. */
@ApplicationPath("dicomweb")
public final class DicomApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(StudiesResource.class, Failures.class);
  }
}
