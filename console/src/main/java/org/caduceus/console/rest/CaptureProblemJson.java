package org.caduceus.console.rest;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A problem as the routes of EPCIS write it (EPCIS 2.0 section 12); for the description of the
 * interface only.
 */
@Schema(
    name = "CaptureProblem",
    description = "Problem details (RFC 9457) with the exception of EPCIS as their type")
public record CaptureProblemJson(
    @Schema(
            description = "epcisException: and its name, or about:blank",
            example = "epcisException:ValidationException")
        String type,
    @Schema(description = "The same for every problem of its kind") String title,
    @Schema(description = "HTTP status", example = "400") int status,
    @Schema(description = "What was expected; never values of the request") String detail,
    @Schema(description = "Where in the request, when a place can be named")
        Optional<List<Place>> errors) {

  /** A place in the request. */
  @Schema(name = "CaptureProblemPlace")
  public record Place(
      String detail,
      @Schema(
              description = "JSON pointer; for XML, to where JSON would have it",
              example = "#/epcisBody/eventList/1/action")
          String pointer) {}

  /** An example for a status. */
  public static JsonObject example(int status, String detail) {
    String exception =
        switch (status) {
          case 404 -> "NoSuchResourceException";
          case 409 -> "ResourceAlreadyExistsException";
          case 413 -> "CaptureLimitExceededException";
          case 415 -> "UnsupportedMediaTypeException";
          case 503 -> "ImplementationException";
          default -> "ValidationException";
        };
    return Json.createObjectBuilder()
        .add("type", "epcisException:" + exception)
        .add("title", detail)
        .add("status", status)
        .add("detail", detail + ".")
        .build();
  }
}
