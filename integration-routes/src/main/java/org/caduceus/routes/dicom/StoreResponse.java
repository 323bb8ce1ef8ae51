package org.caduceus.routes.dicom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.adapters.dicom.DicomInstance;
import org.caduceus.ledger.intake.InletGateway.Answer;

/**
 * The Store Instances Response (PS3.18 annex I.2) as it grows, instance by instance. Retrieve URLs
 * stay empty: pixels are not kept here.
 */
final class StoreResponse {
  private static final String DICOM_JSON = "application/dicom+json";
  private static final JsonFactory JSON = new JsonFactory();

  private record Item(DicomInstance instance, Optional<String> failureReason) {}

  private final List<Item> stored = new ArrayList<>();
  private final List<Item> failed = new ArrayList<>();
  private final List<String> otherFailures = new ArrayList<>();
  private boolean passing = true;

  void stored(DicomInstance instance) {
    stored.add(new Item(instance, Optional.empty()));
  }

  /**
   * Adds an instance that was not stored.
   *
   * @param reason Failure Reason (0008,1197), four hexadecimal digits
   * @param passesWithTime whether the sender should try again
   */
  void failed(DicomInstance instance, String reason, boolean passesWithTime) {
    if (instance.sopInstanceUid().isPresent()) {
      failed.add(new Item(instance, Optional.of(reason)));
    } else {
      otherFailures.add(reason);
    }
    passing &= passesWithTime;
  }

  /** Adds a part of the request that names no instance. */
  void failed(String reason) {
    otherFailures.add(reason);
    passing = false;
  }

  boolean isEmpty() {
    return stored.isEmpty() && failed.isEmpty() && otherFailures.isEmpty();
  }

  /**
   * The answer: 200 when all is stored, 202 when some is, else 409, or 503 when nothing but a
   * shortage stood in the way (PS3.18 section 10.5.3).
   */
  Answer answer() {
    boolean anyFailure = !failed.isEmpty() || !otherFailures.isEmpty();
    int status = !anyFailure ? 200 : !stored.isEmpty() ? 202 : passing ? 503 : 409;
    return new Answer(status, DICOM_JSON, body(), Optional.empty());
  }

  private String body() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      empty(json, "00081190", "UR");
      sequence(json, "00081198", failed);
      sequence(json, "00081199", stored);
      otherFailures(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected writing to memory to work, but it failed", e);
    }
    return text.toString();
  }

  private static void sequence(JsonGenerator json, String tag, List<Item> items)
      throws IOException {
    if (items.isEmpty()) {
      return;
    }
    startItems(json, tag);
    for (Item item : items) {
      json.writeStartObject();
      uid(json, "00081150", item.instance.sopClassUid());
      uid(json, "00081155", item.instance.sopInstanceUid());
      if (item.failureReason.isPresent()) {
        reason(json, item.failureReason.get());
      } else {
        empty(json, "00081190", "UR");
      }
      json.writeEndObject();
    }
    endItems(json);
  }

  private void otherFailures(JsonGenerator json) throws IOException {
    if (otherFailures.isEmpty()) {
      return;
    }
    startItems(json, "0008119A");
    for (String failure : otherFailures) {
      json.writeStartObject();
      reason(json, failure);
      json.writeEndObject();
    }
    endItems(json);
  }

  private static void startItems(JsonGenerator json, String tag) throws IOException {
    json.writeObjectFieldStart(tag);
    json.writeStringField("vr", "SQ");
    json.writeArrayFieldStart("Value");
  }

  private static void endItems(JsonGenerator json) throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void empty(JsonGenerator json, String tag, String vr) throws IOException {
    json.writeObjectFieldStart(tag);
    json.writeStringField("vr", vr);
    json.writeEndObject();
  }

  private static void uid(JsonGenerator json, String tag, Optional<String> uid) throws IOException {
    json.writeObjectFieldStart(tag);
    json.writeStringField("vr", "UI");
    if (uid.isPresent()) {
      json.writeArrayFieldStart("Value");
      json.writeString(uid.get());
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void reason(JsonGenerator json, String hex) throws IOException {
    json.writeObjectFieldStart("00081197");
    json.writeStringField("vr", "US");
    json.writeArrayFieldStart("Value");
    json.writeNumber(Integer.parseInt(hex, 16));
    json.writeEndArray();
    json.writeEndObject();
  }
}
