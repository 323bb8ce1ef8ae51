package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
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
  @Operation(
      operationId = "captureEvent",
      summary = "Capture one event",
      description =
          "An EPCIS 2.0 event with its own @context, in JSON or JSON-LD, UTF-8. XML has documents"
              + " only. The problem's type names the exception of EPCIS.")
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/ld+json", schema = @Schema(type = SchemaType.OBJECT)),
        @Content(mediaType = "application/json", schema = @Schema(type = SchemaType.OBJECT))
      })
  @APIResponse(
      responseCode = "201",
      description = "Durable here",
      headers =
          @Header(
              name = "Location",
              description = "The event, with the eventID that it has or was given",
              schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(responseCode = "409", description = "Another event has this eventID")
  @APIResponse(responseCode = "413", description = "More bytes than this node takes")
  @APIResponse(responseCode = "415", description = "No JSON in UTF-8")
  @APIResponse(responseCode = "503", description = "Nothing was captured; try again")
  public Response capture(InputStream body) {
    return call.hand(
        body,
        bounded -> gateway.captureEvent(call.header("Content-Type"), bounded, call.submission()));
  }

  /** What this endpoint can do. */
  @OPTIONS
  @Operation(operationId = "eventsOptions", summary = "Versions of the capture of one event")
  @APIResponse(
      responseCode = "204",
      description = "All is in the headers",
      headers =
          @Header(
              name = "Accept-Post",
              description = "Media types of an event",
              schema = @Schema(type = SchemaType.STRING)))
  public Response options() {
    return EpcisVersions.options("POST, OPTIONS")
        .header("Accept-Post", "application/ld+json, application/json")
        .build();
  }
}
