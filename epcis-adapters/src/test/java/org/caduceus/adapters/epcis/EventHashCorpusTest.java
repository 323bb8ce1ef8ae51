package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Our identifiers against the vectors of the algorithm's reference implementation. */
class EventHashCorpusTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The one vector whose identifiers were made without some extensions, as its own header says. */
  private static final Set<String> IGNORED =
      Set.of("{https://repository-x.example.com/}hash", "{https://ns.example.com/epcis/}captureID");

  @Test
  void everyJsonVectorHasItsIdentifiers() throws IOException {
    List<String> wrong = new ArrayList<>();
    int events = 0;
    List<Path> vectors =
        Corpora.files(
            "epcis-hash-ralphtro",
            name -> name.startsWith("tests_examples_") && name.endsWith(".jsonld"));
    for (Path vector : vectors) {
      String name = vector.getFileName().toString();
      Path hashes = vector.resolveSibling(name.replace(".jsonld", ".hashes"));
      List<String> expected =
          Files.readAllLines(hashes, StandardCharsets.UTF_8).stream()
              .filter(line -> !line.isBlank())
              .toList();
      Set<String> ignored = name.contains("IgnoreFields") ? IGNORED : Set.of();
      List<String> preHashes = preHashes(vector, ignored);
      List<String> actual =
          preHashes.stream().map(text -> EventHash.identifier(EventHash.digest(text))).toList();
      assertEquals(expected.size(), actual.size(), name);
      for (int i = 0; i < expected.size(); i++) {
        events++;
        if (!expected.get(i).equals(actual.get(i))) {
          wrong.add(name + " event " + i + ": " + preHashes.get(i));
        }
      }
    }
    System.out.println(
        "event hash: "
            + (events - wrong.size())
            + " of "
            + events
            + " identifiers in "
            + vectors.size()
            + " JSON files agree");
    assertEquals(List.of(), wrong);
    assertTrue(events >= 30, "vectors found: " + events);
  }

  @Test
  void eventsDeclaredEqualHaveOneIdentifier() throws IOException {
    for (Path file :
        Corpora.files(
            "epcis-hash-ralphtro",
            name -> name.startsWith("tests_expected_equal") && name.endsWith(".json"))) {
      List<String> all = preHashes(file, Set.of());
      assertEquals(1, Set.copyOf(all).size(), file.toString());
      assertTrue(all.size() > 1);
    }
  }

  private static List<String> preHashes(Path file, Set<String> ignored) throws IOException {
    JsonNode document = MAPPER.readTree(Files.readAllBytes(file));
    Namespaces namespaces = Namespaces.of(document.path("@context"));
    List<String> all = new ArrayList<>();
    for (JsonNode event : document.at("/epcisBody/eventList")) {
      all.add(EventHash.preHash(event, namespaces, ignored));
    }
    return all;
  }
}
