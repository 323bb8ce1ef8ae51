package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;
import org.junit.jupiter.api.Test;

/**
 * The 47 examples that GS1 published with the standard. One of them has two eventIDs in one object;
 * it is refused for that alone, for two parsers may read two different events in it.
 */
class CaptureCorpusTest {
  private static final String TWO_EVENT_IDS = "JSON_AssociationEvent_AssociationEvent-h.jsonld";

  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void everyExampleOfGs1IsAccepted() {
    List<Path> files =
        Corpora.files(
            "epcis-gs1-json", name -> name.endsWith(".jsonld") && !name.equals(TWO_EVENT_IDS));
    List<String> refused = new ArrayList<>();
    int events = 0;
    for (Path file : files) {
      Bytes content = Bytes.wrap(Corpora.read(file));
      switch (adapter.capture(content)) {
        case Capture.Rejected rejected ->
            refused.add(file.getFileName() + ": " + rejected.refusal());
        case Capture.Events accepted -> {
          events += accepted.records().size();
          accepted.records().forEach(CaptureCorpusTest::isHarmless);
          accepted.records().forEach(this::canBeCapturedAlone);
        }
      }
    }
    System.out.println(
        "capture: "
            + (files.size() - refused.size())
            + " of "
            + files.size()
            + " files, "
            + events
            + " events");
    assertEquals(List.of(), refused);
    assertTrue(files.size() >= 46);
  }

  @Test
  void theExampleWithTwoEventIdsIsRefusedForThatAlone() {
    String text =
        new String(
            Corpora.read(Corpora.folder("epcis-gs1-json").resolve(TWO_EVENT_IDS)),
            StandardCharsets.UTF_8);
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, adapter.capture(bytes(text)));
    assertTrue(rejected.refusal().reason().contains("repeated"), rejected.refusal().reason());

    String repaired = text.replaceFirst("\"eventID\": \"ni:[^,]*,", "");
    assertInstanceOf(Capture.Events.class, adapter.capture(bytes(repaired)));
  }

  /** What goes on the ledger in clear is short and comes from word lists. */
  private static void isHarmless(CanonicalRecord record) {
    assertEquals("epcis", record.sender());
    record
        .metadata()
        .forEach((name, value) -> assertTrue(value.matches("[A-Za-z0-9_.]{1,64}"), name));
  }

  /** A payload is a document of its own: captured again it is the same record. */
  private void canBeCapturedAlone(CanonicalRecord record) {
    Canonical again =
        assertInstanceOf(
            Canonical.class,
            adapter.canonicalise(new RawMessage(Inlet.EPCIS, record.payload(), "")));
    assertEquals(record.payload(), again.record().payload());
    assertEquals(record.externalId(), again.record().externalId());
    assertEquals(record.contentHash(), again.record().contentHash());
    assertEquals(record.committed(), again.record().committed());
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
