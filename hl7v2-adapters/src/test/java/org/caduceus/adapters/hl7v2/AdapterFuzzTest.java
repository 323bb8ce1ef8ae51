package org.caduceus.adapters.hl7v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;

/**
 * Goal: no bytes whatsoever make the adapter throw, and what it accepts is kept as it was. Method:
 * sample messages with random bytes replaced, cut or doubled, and pure noise; {@code -Dseed=}
 * repeats a run.
 */
class AdapterFuzzTest {
  private static final String[] SAMPLES = {
    "adt-a01-admission.hl7",
    "adt-a01-gb18030.hl7",
    "oru-r01-v27.hl7",
    "batch-two-updates.hl7",
    "siu-s12-appointment.hl7"
  };
  private static final byte[] SPICE =
      "|^~\\&#\r\n\"MSHPIDBT\u0000".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  @Test
  void anyBytesHaveAnOutcome() {
    long seed = Long.getLong("seed", 20260105L);
    Random random = new Random(seed);
    Hl7v2Adapter adapter = new Hl7v2Adapter();
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] content = mutate(random, Samples.file(SAMPLES[round % SAMPLES.length]).toArray());
      for (Bytes message : Interchange.of(Bytes.wrap(content)).messages()) {
        Reading reading;
        try {
          reading = adapter.read(Samples.raw(message));
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", round " + round, e);
        }
        switch (reading.outcome()) {
          case Canonical(CanonicalRecord record) -> {
            assertEquals(message, record.payload());
            accepted++;
          }
          case Refused refused -> assertFalse(refused.code().isEmpty());
        }
      }
    }
    assertFalse(accepted == 0, "Expected some mutants to be acceptable");
  }

  private static byte[] mutate(Random random, byte[] sample) {
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] content = sample;
    for (int i = random.nextInt(6); i >= 0; i--) {
      if (content.length < 2) {
        return content;
      }
      int at =
          random.nextInt(random.nextBoolean() ? content.length : Math.min(100, content.length));
      switch (random.nextInt(4)) {
        case 0 -> content[at] = (byte) random.nextInt(256);
        case 1 -> content[at] = SPICE[random.nextInt(SPICE.length)];
        case 2 -> content = java.util.Arrays.copyOf(content, at);
        default -> {
          byte[] doubled = java.util.Arrays.copyOf(content, content.length + at);
          System.arraycopy(content, 0, doubled, content.length, at);
          content = doubled;
        }
      }
    }
    return content;
  }
}
