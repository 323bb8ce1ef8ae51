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
import java.io.InputStream;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
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
  @Operation(
      operationId = "capture",
      summary = "Capture a document of events",
      description =
          "All or nothing: 202 says that every event is durable here. EPCISDocument and"
              + " EPCISQueryDocument of EPCIS 2.0 in JSON, JSON-LD or XML, and of EPCIS 1.x in XML;"
              + " UTF-8. The problem's type names the exception of EPCIS.")
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/ld+json", schema = @Schema(type = SchemaType.OBJECT)),
        @Content(mediaType = "application/json", schema = @Schema(type = SchemaType.OBJECT)),
        @Content(mediaType = "application/xml", schema = @Schema(type = SchemaType.STRING)),
        @Content(mediaType = "text/xml", schema = @Schema(type = SchemaType.STRING))
      })
  @APIResponse(
      responseCode = "202",
      description = "Taken",
      headers =
          @Header(
              name = "Location",
              description = "The capture job",
              schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(responseCode = "409", description = "Another event has one of the eventIDs")
  @APIResponse(responseCode = "413", description = "More bytes or events than this node takes")
  @APIResponse(responseCode = "415", description = "Neither JSON nor XML in UTF-8")
  @APIResponse(responseCode = "503", description = "Nothing was captured; try again")
  public Response capture(InputStream body) {
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
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = CaptureJobJson.class)))
  @APIResponse(responseCode = "404", description = "No such job")
  public Response job(
      @Parameter(description = "As in the Location of the capture") @PathParam("id") String id) {
    return InletCall.response(gateway.captureJob(id, call.submission()));
  }

  /** What this endpoint can do. */
  @OPTIONS
  @Operation(operationId = "captureOptions", summary = "Versions and limits of the capture")
  @APIResponse(
      responseCode = "204",
      description = "All is in the headers",
      headers = {
        @Header(
            name = "Accept-Post",
            description = "Media types of a capture",
            schema = @Schema(type = SchemaType.STRING)),
        @Header(
            name = "GS1-EPCIS-Capture-Limit",
            description = "Most events in a document",
            schema = @Schema(type = SchemaType.INTEGER)),
        @Header(
            name = "GS1-EPCIS-Capture-File-Size-Limit",
            description = "Largest document in bytes",
            schema = @Schema(type = SchemaType.INTEGER)),
        @Header(
            name = "GS1-Capture-Error-Behaviour",
            description = "What one bad event does to the others",
            schema =
                @Schema(
                    type = SchemaType.STRING,
                    enumeration = {"rollback"}))
      })
  public Response options() {
    InletGateway.CaptureLimits limits = gateway.captureLimits();
    return EpcisVersions.options("POST, OPTIONS")
        .header("Accept-Post", "application/ld+json, application/json, application/xml, text/xml")
        .header("GS1-EPCIS-Capture-Limit", limits.events())
        .header("GS1-EPCIS-Capture-File-Size-Limit", Math.min(limits.bytes(), call.maxBodyBytes()))
        .header("GS1-Capture-Error-Behaviour", "rollback")
        .build();
  }

  /** What the endpoint of a job can do. */
  @OPTIONS
  @Path("{id}")
  @Operation(operationId = "captureJobOptions", summary = "Versions of a capture job")
  @APIResponse(responseCode = "204", description = "All is in the headers")
  public Response jobOptions(
      @Parameter(description = "As in the Location of the capture") @PathParam("id") String id) {
    return EpcisVersions.options("GET, OPTIONS").build();
  }
}
