package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** EPCIS 2.0 capture of documents and the jobs it makes (section 12.6). */
@Path("capture")
@RequestScoped
@Tag(name = "EPCIS")
public class CaptureResource {
  @EJB InletGateway gateway;
  @Inject InletCall call;

  /** A document of events. */
  @POST
  @Operation(operationId = "capture", summary = "Capture a document of events")
  @RequestBody(
      content = {
        @Content(mediaType = "application/ld+json"),
        @Content(mediaType = "application/json")
      })
  @APIResponse(responseCode = "202", description = "Taken; Location names the capture job")
  @APIResponse(
      responseCode = "400",
      description = "Not an EPCIS document",
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
        bounded ->
            gateway.captureDocument(call.header("Content-Type"), bounded, call.submission()));
  }

  /** The state of a capture job. */
  @GET
  @Path("{id}")
  @Operation(operationId = "captureJob", summary = "The state of a capture job")
  @APIResponse(
      responseCode = "200",
      description = "The job",
      content = @Content(mediaType = "application/json"))
  @APIResponse(
      responseCode = "404",
      description = "No such job",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response job(
      @Parameter(description = "As in the Location of the capture") @PathParam("id") String id) {
    return InletCall.response(gateway.captureJob(id, call.submission()));
  }

  /** What this endpoint can do. */
  @OPTIONS
  @Operation(operationId = "captureOptions", summary = "Versions and methods of this endpoint")
  @APIResponse(responseCode = "204", description = "GS1 headers with the versions")
  public Response options() {
    return EpcisVersions.options("POST, OPTIONS", call.maxBodyBytes());
  }

  /** What the endpoint of a job can do. */
  @OPTIONS
  @Path("{id}")
  @Operation(operationId = "captureJobOptions", summary = "Versions and methods of this endpoint")
  @APIResponse(responseCode = "204", description = "GS1 headers with the versions")
  public Response jobOptions(@PathParam("id") String id) {
    return EpcisVersions.options("GET, OPTIONS", call.maxBodyBytes());
  }
}
