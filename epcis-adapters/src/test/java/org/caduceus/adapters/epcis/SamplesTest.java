package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.caduceus.adapters.epcis.gs1.CanonicalLink;
import org.caduceus.adapters.epcis.gs1.CheckDigit;
import org.caduceus.adapters.epcis.gs1.DrugTraceCode;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;
import org.junit.jupiter.api.Test;

/** The samples that the project ships do what their page says. */
class SamplesTest {
  private static final Path SAMPLES = Path.of("..", "deploy", "samples", "epcis");

  @Test
  void everySampleIsAccepted() throws IOException {
    List<String> kinds =
        samples().stream().map(SamplesTest::record).map(CanonicalRecord::kind).toList();
    assertEquals(
        List.of(
            "epcis.object", "epcis.aggregation", "epcis.object", "epcis.object", "epcis.object"),
        kinds);
  }

  @Test
  void theirStepsTellTheWayOfTheDrug() throws IOException {
    List<String> steps =
        samples().stream().map(file -> record(file).metadata().get("bizStep")).toList();
    assertEquals(List.of("commissioning", "packing", "shipping", "receiving", "dispensing"), steps);
  }

  @Test
  void thePackThatIsDispensedCarriesATraceCode() throws IOException {
    JsonNode document = new JsonMapper().readTree(Files.readAllBytes(samples().getLast()));
    JsonNode epcs = document.at("/epcisBody/eventList/0/epcList");
    assertTrue(DrugTraceCode.recognise(epcs.get(1).asText()).isPresent());
    String gtin = CanonicalLink.of(epcs.get(0).asText()).orElseThrow().split("/")[4];
    assertTrue(CheckDigit.isValid(gtin));
    assertEquals("2", record(samples().getLast()).metadata().get("epcCount"));
  }

  @Test
  void theEventWithoutIdentifierGetsTheOneOfItsContent() throws IOException {
    assertTrue(record(samples().getLast()).externalId().startsWith("ni:///sha-256;"));
  }

  @Test
  void theExamplesOfTheInterfaceAreAccepted() {
    Path examples = Path.of("..", "console/src/main/resources/org/caduceus/console/rest/openapi");
    CanonicalRecord json = record(examples.resolve("capture.request.json"));
    CanonicalRecord xml = record(examples.resolve("capture.request.xml"));
    assertEquals(json.externalId(), xml.externalId());
    assertInstanceOf(
        Canonicalisation.Canonical.class,
        new EpcisAdapter()
            .canonicalise(
                new RawMessage(
                    Inlet.EPCIS,
                    Bytes.wrap(Corpora.read(examples.resolve("captureEvent.request.json"))),
                    "")));
  }

  private static CanonicalRecord record(Path sample) {
    Bytes document = Bytes.wrap(Corpora.read(sample));
    EpcisAdapter adapter = new EpcisAdapter();
    Capture capture =
        sample.toString().endsWith(".xml")
            ? adapter.captureXml(document)
            : adapter.capture(document);
    return assertInstanceOf(Capture.Events.class, capture, sample.toString()).records().getFirst();
  }

  private static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(file -> !file.toString().endsWith(".md")).sorted().toList();
    }
  }
}
