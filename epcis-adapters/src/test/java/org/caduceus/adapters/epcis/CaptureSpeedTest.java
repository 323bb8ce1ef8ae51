package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;
import org.junit.jupiter.api.Test;

/**
 * What one event costs when everything is warm: parsing, schema, identifier, canonical form. The
 * printed numbers are the measurement; the bounds only catch a change of the order of magnitude on
 * a busy machine.
 */
class CaptureSpeedTest {
  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void aTypicalEventTakesLessThanAMillisecond() {
    RawMessage event =
        new RawMessage(
            Inlet.EPCIS, Bytes.wrap(Events.ALONE.getBytes(StandardCharsets.UTF_8)), "192.0.2.1");
    double median =
        median(
            3_000, () -> assertInstanceOf(Canonical.class, adapter.canonicalise(event)), "event");
    assertTrue(median < 5_000, "median in microseconds: " + median);
  }

  @Test
  void theExamplesOfGs1TakeAFewMilliseconds() {
    List<Bytes> documents = new ArrayList<>();
    for (Path file : Corpora.files("epcis-gs1-json", name -> name.endsWith(".jsonld"))) {
      documents.add(Bytes.wrap(Corpora.read(file)));
    }
    double median =
        median(100, () -> documents.forEach(document -> adapter.capture(document)), "47 documents");
    assertTrue(median < 500_000, "median in microseconds: " + median);
  }

  private static double median(int rounds, Runnable work, String name) {
    for (int i = 0; i < rounds; i++) {
      work.run();
    }
    long[] nanos = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      work.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "speed, %s: median %.0f us, 99th percentile %.0f us%n",
        name, nanos[rounds / 2] / 1e3, nanos[rounds * 99 / 100] / 1e3);
    return nanos[rounds / 2] / 1e3;
  }
}
