package org.caduceus.console.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A capture job as the route of EPCIS writes it (EPCIS 2.0 section 12.6); for the description of
 * the interface only.
 */
@Schema(
    name = "CaptureJob",
    description = "A capture job; one that has a name is finished and has succeeded")
public record CaptureJobJson(
    @Schema(description = "As in the Location of the capture") String captureID,
    @Schema(format = "date-time") String createdAt,
    @Schema(format = "date-time") String finishedAt,
    boolean running,
    boolean success,
    @Schema(enumeration = {"rollback"}) String captureErrorBehaviour,
    @Schema(description = "Always empty: a capture that fails is answered so")
        List<CaptureProblemJson> errors) {
  /** Freezes the list. */
  public CaptureJobJson {
    errors = List.copyOf(errors);
  }
}
