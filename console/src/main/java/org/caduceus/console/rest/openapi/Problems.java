package org.caduceus.console.rest.openapi;

import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.console.Problem;
import org.caduceus.console.rest.CaptureProblemJson;

/** Failures: those that any operation shares, and how a failure looks. */
final class Problems {
  private record Shared(String code, String name, String description, Problem example) {}

  private static final List<Shared> SHARED =
      List.of(
          new Shared(
              "400",
              "BadRequest",
              "The request is not what it should be; nothing was changed",
              Problem.badParameter("limit", "Expected limit to be a whole number of 1 to 500.")),
          new Shared(
              "401",
              "Unauthorized",
              "No valid token",
              Problem.of(401, "Expected a valid token, but there is none.")),
          new Shared(
              "403",
              "Forbidden",
              "The account has none of the roles that this needs",
              Problem.of(403, "The account has none of the roles that this needs.")),
          new Shared(
              "500",
              "InternalServerError",
              "A failure on our side; the log has the rest under the number",
              Problem.of(
                  500,
                  "The request failed for a reason on our side. Give the operator this number:"
                      + " 3f0b6c1e-8a57-4d0e-9d53-0c8f4f0f7a11.")));

  private Problems() {}

  /** The components. */
  static Map<String, Object> shared(RecordSchemas schemas) {
    Map<String, Object> responses = new LinkedHashMap<>();
    for (Shared shared : SHARED) {
      responses.put(
          shared.name(),
          Map.of(
              "description",
              shared.description(),
              "content",
              content(schemas.ref(Problem.class), shared.example().toJson())));
    }
    return responses;
  }

  /** A reference to the component for a status. */
  static Map<String, Object> ref(String code) {
    String name =
        SHARED.stream().filter(it -> it.code().equals(code)).findFirst().orElseThrow().name();
    return Map.of("$ref", "#/components/responses/" + name);
  }

  /** What a failure of an operation's own looks like. */
  static Map<String, Object> content(
      int status, String description, Resource resource, RecordSchemas schemas) {
    return resource.path().startsWith("/epcis/")
        ? content(
            schemas.ref(CaptureProblemJson.class), CaptureProblemJson.example(status, description))
        : content(schemas.ref(Problem.class), Problem.of(status, description + ".").toJson());
  }

  private static Map<String, Object> content(Map<String, Object> schema, JsonObject example) {
    return Map.of(Problem.MEDIA_TYPE, Map.of("schema", schema, "example", example));
  }
}
