package org.caduceus.console.rest;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.caduceus.console.Problem;

/** Bodies that are one JSON object of texts, with exactly the fields that an operation takes. */
final class TextFields {
  private TextFields() {}

  /**
   * Reads a body.
   *
   * @param most bytes; small enough that no JSON can hurt
   * @param names all fields there must be
   * @param expected what to say to whoever sent something else
   * @throws ProblemException 413 for a longer body, 400 for another one
   */
  static JsonObject read(InputStream body, int most, Set<String> names, String expected)
      throws IOException {
    return read(body, most, names, Set.of(), expected);
  }

  /** Same, and these other fields there may be. */
  static JsonObject read(
      InputStream body, int most, Set<String> names, Set<String> others, String expected)
      throws IOException {
    byte[] bytes = body.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new ProblemException(Problem.of(413, "Expected a body of at most " + most + " bytes."));
    }
    try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
      JsonValue value = reader.readValue();
      if (value instanceof JsonObject object
          && object.keySet().containsAll(names)
          && object.keySet().stream().allMatch(it -> names.contains(it) || others.contains(it))
          && object.values().stream().allMatch(field -> field instanceof JsonString)) {
        return object;
      }
    } catch (RuntimeException e) {
      // Broken JSON is a JsonException, but JSON nested too deeply is a bare RuntimeException.
      throw new ProblemException(Problem.of(400, expected));
    }
    throw new ProblemException(Problem.of(400, expected));
  }
}
