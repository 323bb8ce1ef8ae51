package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** DICOM STOW-RS (PS3.18 section 10.5): metadata of instances goes on the ledger. */
@Path("studies")
@RequestScoped
@Tag(name = "DICOM")
@APIResponse(
    responseCode = "200",
    description = "Every instance was stored",
    content =
        @Content(
            mediaType = "application/dicom+json",
            schema = @Schema(description = "Store Instances Response Module")))
@APIResponse(
    responseCode = "202",
    description = "Some instances were stored; FailedSOPSequence names the others")
@APIResponse(responseCode = "409", description = "No instance was stored")
@APIResponse(
    responseCode = "413",
    description = "The body is larger than this node takes",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(responseCode = "415", description = "Not a media type of STOW-RS")
public class StudiesResource {
  /** A UID (PS3.5 section 9.1). */
  private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  @EJB InletGateway gateway;
  @Inject InletCall call;

  /** Instances of any study. */
  @POST
  @Operation(operationId = "storeInstances", summary = "Store instances (STOW-RS)")
  @RequestBody(
      content = {
        @Content(mediaType = "multipart/related; type=\"application/dicom\""),
        @Content(mediaType = "multipart/related; type=\"application/dicom+json\"")
      })
  public Response store(InputStream body) throws IOException {
    return store(Optional.empty(), body);
  }

  /** Instances of one study. */
  @POST
  @Path("{study}")
  @Operation(operationId = "storeInstancesOfStudy", summary = "Store instances of one study")
  @RequestBody(
      content = {
        @Content(mediaType = "multipart/related; type=\"application/dicom\""),
        @Content(mediaType = "multipart/related; type=\"application/dicom+json\"")
      })
  @APIResponse(
      responseCode = "400",
      description = "The study is not a UID",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response store(
      @Parameter(description = "StudyInstanceUID") @PathParam("study") String study,
      InputStream body)
      throws IOException {
    if (study.length() > 64 || !UID.matcher(study).matches()) {
      throw new ProblemException(
          Problem.badParameter(
              "study", "Expected study to be a UID: digits and dots, at most 64 characters."));
    }
    return store(Optional.of(study), body);
  }

  private Response store(Optional<String> study, InputStream body) throws IOException {
    return call.hand(
        body,
        bounded ->
            gateway.storeInstances(
                study,
                call.header("Content-Type"),
                call.header("Accept"),
                bounded,
                call.submission()));
  }
}
