package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
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
            schema =
                @Schema(type = SchemaType.OBJECT, description = StudiesResource.RESPONSE_MODULE)))
@APIResponse(
    responseCode = "202",
    description =
        "Some instances were stored; FailedSOPSequence and OtherFailuresSequence have the others",
    content =
        @Content(
            mediaType = "application/dicom+json",
            schema =
                @Schema(type = SchemaType.OBJECT, description = StudiesResource.RESPONSE_MODULE)))
@APIResponse(responseCode = "400", description = "Not a store request, or the study is no UID")
@APIResponse(responseCode = "406", description = "Answers are application/dicom+json only")
@APIResponse(
    responseCode = "409",
    description = "No instance was stored",
    content =
        @Content(
            mediaType = "application/dicom+json",
            schema =
                @Schema(type = SchemaType.OBJECT, description = StudiesResource.RESPONSE_MODULE)))
@APIResponse(
    responseCode = "413",
    description =
        "The body is larger than this node takes and nothing of it was stored; where instances had"
            + " been judged before that showed, 202 or 409 names them, and Failure Reason A700"
            + " stands for the rest")
@APIResponse(responseCode = "415", description = "Not a media type of STOW-RS")
@APIResponse(
    responseCode = "503",
    description = "No instance was stored for want of room; send the same again",
    content =
        @Content(
            mediaType = "application/dicom+json",
            schema =
                @Schema(type = SchemaType.OBJECT, description = StudiesResource.RESPONSE_MODULE)))
public class StudiesResource {
  private static final String FILES = "multipart/related; type=\"application/dicom\"";
  private static final String METADATA = "multipart/related; type=\"application/dicom+json\"";

  static final String RESPONSE_MODULE =
      "Store Instances Response Module (PS3.18 annex I) as DICOM JSON (annex F)";

  static final String HABITS =
      "Each instance stands for itself, and repeating a request is safe. One file or one document"
          + " may also be the body itself, as application/dicom or application/dicom+json.";

  /** A UID (PS3.5 section 9.1). */
  private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  @EJB InletGateway gateway;
  @Inject InletCall call;

  /** Instances of any study. */
  @POST
  @Operation(
      operationId = "storeInstances",
      summary = "Store instances (STOW-RS)",
      description = StudiesResource.HABITS)
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = FILES, schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = METADATA,
            schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  public Response store(InputStream body) {
    return store(Optional.empty(), body);
  }

  /** Instances of one study. */
  @POST
  @Path("{study}")
  @Operation(
      operationId = "storeInstancesOfStudy",
      summary = "Store instances of one study",
      description = StudiesResource.HABITS)
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = FILES, schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = METADATA,
            schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  public Response store(
      @Parameter(description = "StudyInstanceUID") @PathParam("study") String study,
      InputStream body) {
    if (study.length() > 64 || !UID.matcher(study).matches()) {
      throw new ProblemException(
          Problem.badParameter(
              "study", "Expected study to be a UID: digits and dots, at most 64 characters."));
    }
    return store(Optional.of(study), body);
  }

  private Response store(Optional<String> study, InputStream body) {
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
