package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.Test;

/**
 * The XML binding against GS1's examples and the vectors of the identifier's reference. Two
 * examples hold what GS1's JSON schema forbids and its XML schema allows: a persistentDisposition
 * outside of object and transformation events, and a sensorReport without type. We hold both
 * bindings to the stricter rule, so that every event can be told in JSON.
 */
class XmlCorpusTest {
  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void everyXmlVectorHasItsIdentifiers() throws IOException {
    List<String> wrong = new ArrayList<>();
    int events = 0;
    for (Path vector :
        Corpora.files(
            "epcis-hash-ralphtro",
            name -> name.startsWith("tests_examples_") && name.endsWith(".xml"))) {
      String name = vector.getFileName().toString();
      List<String> expected =
          Files.readAllLines(vector.resolveSibling(name.replace(".xml", ".hashes"))).stream()
              .filter(line -> !line.isBlank())
              .toList();
      List<String> preHashes = preHashes(vector);
      assertEquals(expected.size(), preHashes.size(), name);
      for (int i = 0; i < expected.size(); i++) {
        events++;
        if (!EventHash.identifier(EventHash.digest(preHashes.get(i))).equals(expected.get(i))) {
          wrong.add(name + " event " + i + ": " + preHashes.get(i));
        }
      }
    }
    System.out.println("event hash: " + (events - wrong.size()) + " of " + events + " XML");
    assertEquals(List.of(), wrong);
    assertTrue(events > 15);
  }

  @Test
  void eventsDeclaredEqualHaveOneIdentifier() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file :
        Corpora.files(
            "epcis-hash-ralphtro",
            name -> name.startsWith("tests_expected_equal") && name.endsWith(".xml"))) {
      Set<String> all = Set.copyOf(preHashes(file));
      if (all.size() != 1) {
        wrong.add(file.getFileName() + ": " + all);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void theExamplesOfGs1AreAccepted() {
    List<String> refused = new ArrayList<>();
    int events = 0;
    int files = 0;
    for (Path file :
        Corpora.files(
            "epcis-gs1-xml",
            name ->
                name.endsWith(".xml")
                    && !name.contains("CaptureJob")
                    && !name.contains("CBV-11.4")
                    && !name.contains("asterdata")
                    && !name.contains("masterData"))) {
      files++;
      switch (adapter.captureXml(Bytes.wrap(Corpora.read(file)))) {
        case Capture.Rejected rejected ->
            refused.add(file.getFileName() + ": " + rejected.refusal());
        case Capture.Events accepted -> events += accepted.records().size();
      }
    }
    System.out.println(
        "capture: "
            + (files - refused.size())
            + " of "
            + files
            + " XML files, "
            + events
            + " events");
    assertEquals(2, refused.size(), refused.toString());
    assertTrue(refused.get(0).startsWith("XML_Example-PersistentDisposition.xml"), refused.get(0));
    assertTrue(refused.get(1).startsWith("XML_WithSensorData_SensorDataExamples"), refused.get(1));
    assertTrue(refused.get(1).contains("the property type"), refused.get(1));
  }

  private static List<String> preHashes(Path file) {
    String text = new String(Corpora.read(file), StandardCharsets.UTF_8);
    StrictXml.Reading.Root root =
        assertInstanceOf(StrictXml.Reading.Root.class, new StrictXml().read(text), file.toString());
    XmlEvents.Conversion.Document document =
        assertInstanceOf(
            XmlEvents.Conversion.Document.class,
            XmlEvents.convert(root.element()),
            file.toString());
    Namespaces namespaces = Namespaces.of(document.node().path("@context"));
    List<String> all = new ArrayList<>();
    for (JsonNode event : document.node().at("/epcisBody/eventList")) {
      all.add(EventHash.preHash(event, namespaces));
    }
    return all;
  }
}
