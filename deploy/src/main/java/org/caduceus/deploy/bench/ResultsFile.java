package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.caduceus.deploy.ToolFailure;

/** The file of results: the latest of each benchmark and database. */
final class ResultsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  ResultsFile(Path path) {
    this.path = path;
  }

  /** The results, in the order of benchmark and database. */
  List<JsonNode> read() {
    if (!Files.exists(path)) {
      return List.of();
    }
    try {
      List<JsonNode> results = new ArrayList<>();
      JSON.readTree(path.toFile()).path("results").forEach(results::add);
      return results;
    } catch (IOException e) {
      throw new ToolFailure("Expected results in " + path + ", but they cannot be read", e);
    }
  }

  /** Replaces the result of the same benchmark and database. */
  void put(ObjectNode result) {
    List<JsonNode> results = new ArrayList<>(read());
    results.removeIf(other -> key(other).equals(key(result)));
    results.add(result);
    results.sort(Comparator.comparing(ResultsFile::key));
    ObjectNode root = JSON.createObjectNode();
    ArrayNode all = root.putArray("results");
    results.forEach(all::add);
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(
          path, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new ToolFailure("Expected to write " + path + ", but that failed", e);
    }
  }

  private static String key(JsonNode result) {
    return result.path("benchmark").asText() + " " + result.path("database").asText();
  }
}
