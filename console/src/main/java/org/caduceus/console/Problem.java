package org.caduceus.console;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error as problem details (RFC 9457). The texts are ours alone: neither exception messages nor
 * values of a request reach a client through them.
 *
 * @param type {@code about:blank}: the status says what kind it is (section 4.2.1)
 * @param title the status in words
 * @param status HTTP status
 * @param detail what happened this time, what it did not change, what to do next
 * @param parameter the request parameter at fault, when there is one
 */
@Schema(name = "Problem", description = "Problem details, RFC 9457")
public record Problem(
    @Schema(example = "about:blank") String type,
    @Schema(example = "Bad Request") String title,
    @Schema(example = "400") int status,
    @Schema(example = "Expected limit to be a whole number from 1 to 500.") String detail,
    @Schema(example = "limit") Optional<String> parameter) {

  /** Media type of the JSON form. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE = "about:blank";

  /** A problem of this status without a parameter. */
  public static Problem of(int status, String detail) {
    return new Problem(TYPE, titleOf(status), status, detail, Optional.empty());
  }

  /** A parameter that is not what it should be: 400. */
  public static Problem badParameter(String name, String detail) {
    return new Problem(TYPE, titleOf(400), 400, detail, Optional.of(name));
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("type", type)
            .add("title", title)
            .add("status", status)
            .add("detail", detail);
    parameter.ifPresent(name -> json.add("parameter", name));
    return json.build();
  }

  /** Sends the problem as the whole answer; headers set before stay. */
  public void sendTo(HttpServletResponse response) throws IOException {
    byte[] body = toJson().toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType(MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static String titleOf(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> status < 500 ? "Client Error" : "Server Error";
    };
  }
}
