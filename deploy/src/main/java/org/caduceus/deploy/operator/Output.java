package org.caduceus.deploy.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** Words for people or JSON for programs, on the standard output. */
final class Output {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "One JSON value, for programs.")
  private boolean json;

  /** Whether a program reads it. */
  boolean isJson() {
    return json;
  }

  /** A line for people; nothing where a program reads. */
  void line(String text) {
    if (!json) {
      out().println(text);
    }
  }

  /** The value for programs; nothing where people read. */
  void value(JsonNode value) {
    if (json) {
      out().println(pretty(value));
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static JsonNode parse(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  static String pretty(JsonNode value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected JSON that can be written, but it cannot", e);
    }
  }

  private static PrintStream out() {
    return System.out;
  }
}
