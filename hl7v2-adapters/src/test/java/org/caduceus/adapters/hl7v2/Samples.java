package org.caduceus.adapters.hl7v2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;

/** Messages for the tests of this module, and short ways to read them. */
final class Samples {
  private static final Path FOLDER = Path.of("..", "deploy", "samples", "hl7v2");

  private Samples() {}

  /** A sample message of the project. */
  static Bytes file(String name) {
    try {
      return Bytes.wrap(Files.readAllBytes(FOLDER.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A header whose MSH-9 and following are {@code rest}, then {@code segments}. */
  static String message(String rest, String... segments) {
    return "MSH|^~\\&|HIS|EAST|CAD|LED|20260105081530+0800||"
        + rest
        + "\r"
        + (segments.length == 0 ? "" : String.join("\r", segments) + "\r");
  }

  static RawMessage raw(Bytes content) {
    return new RawMessage(Inlet.HL7V2, content, "192.0.2.1:1");
  }

  static Reading read(byte[] content) {
    return new Hl7v2Adapter().read(raw(Bytes.of(content)));
  }

  static Reading read(String message) {
    return read(message.getBytes(StandardCharsets.UTF_8));
  }

  static CanonicalRecord accepted(Reading reading) {
    if (reading.outcome() instanceof Canonical(CanonicalRecord record)) {
      return record;
    }
    throw new AssertionError("Expected a record, but got " + reading.outcome());
  }

  static Refused refused(Reading reading) {
    if (reading.outcome() instanceof Refused refused) {
      return refused;
    }
    throw new AssertionError("Expected a refusal, but got " + reading.outcome());
  }

  static String text(Bytes value) {
    return new String(value.toArray(), StandardCharsets.UTF_8);
  }
}
