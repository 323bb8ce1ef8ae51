package org.caduceus.console.rest.openapi;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Examples that stand beside this class: {@code NAME.STATUS.json} for an answer, where the name is
 * that of the operation or of its tag, {@code ID.request.json} and {@code ID.request.xml} for a
 * request.
 */
final class Examples {
  private Examples() {}

  /** The example of an answer, when there is one. */
  static Optional<JsonValue> response(String operationId, String tag, String status) {
    return text(operationId + "." + status + ".json")
        .or(() -> text(tag + "." + status + ".json"))
        .map(Examples::parse);
  }

  /** The example of a request in this media type, when there is one. */
  static Optional<JsonValue> request(String operationId, String mediaType) {
    return mediaType.endsWith("json")
        ? text(operationId + ".request.json").map(Examples::parse)
        : text(operationId + ".request.xml").map(Json::createValue);
  }

  private static JsonValue parse(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readValue();
    }
  }

  private static Optional<String> text(String name) {
    try (InputStream in = Examples.class.getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read the example " + name, e);
    }
  }
}
