package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** EPCIS 2.0 capture of one event, synchronously (section 12.6.3). */
@Path("events")
@RequestScoped
@Tag(name = "EPCIS")
public class EventsResource {
  @EJB InletGateway gateway;
  @Inject InletCall call;

  /** One event. */
  @POST
  @Operation(operationId = "captureEvent", summary = "Capture one event")
  @RequestBody(
      content = {
        @Content(mediaType = "application/ld+json"),
        @Content(mediaType = "application/json")
      })
  @APIResponse(responseCode = "201", description = "Durable here; Location names the event")
  @APIResponse(
      responseCode = "400",
      description = "Not an EPCIS event",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "413",
      description = "The body is larger than this node takes",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response capture(InputStream body) throws IOException {
    return call.hand(
        body,
        bounded -> gateway.captureEvent(call.header("Content-Type"), bounded, call.submission()));
  }

  /** What this endpoint can do. */
  @OPTIONS
  @Operation(operationId = "eventsOptions", summary = "Versions and methods of this endpoint")
  @APIResponse(responseCode = "204", description = "GS1 headers with the versions")
  public Response options() {
    return EpcisVersions.options("POST, OPTIONS", call.maxBodyBytes());
  }
}
