package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** Reads files through the front door, as the tests want to see the outcome. */
final class Reading {
  private static final DicomAdapter ADAPTER = new DicomAdapter();

  private Reading() {}

  static DicomInstance read(byte[] file) {
    try {
      return ADAPTER.part10(new ByteArrayInputStream(file), "test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CanonicalRecord record(byte[] file) {
    return record(read(file));
  }

  static CanonicalRecord record(DicomInstance instance) {
    return switch (instance.canonicalisation()) {
      case Canonical(var record) -> record;
      case Refused refused -> fail("Expected a record, but got " + refused);
    };
  }

  static Refused refused(byte[] file) {
    return refused(read(file));
  }

  static Refused refused(DicomInstance instance) {
    return switch (instance.canonicalisation()) {
      case Refused refused -> refused;
      case Canonical canonical -> fail("Expected a refusal, but got " + canonical.record());
    };
  }

  /** The payload's tree. */
  static JsonNode json(byte[] file) {
    return json(record(file));
  }

  static JsonNode json(CanonicalRecord record) {
    try {
      return new ObjectMapper().readTree(record.payload().toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The outcome for the first instance of a document. */
  static DicomInstance readJson(String document) {
    try {
      JsonDocument read =
          ADAPTER.readJson(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
      return switch (read) {
        case JsonDocument.Instances(var instances) ->
            ADAPTER.json(instances.get(0), Map.of(), "test");
        case JsonDocument.Unreadable unreadable -> fail("Expected JSON, but got " + unreadable);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
