package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caduceus.adapters.epcis.gs1.CanonicalLink;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * One valid event to one record. The payload is the event with its context and its identifier, a
 * document of its own; the ledger learns its type, step and number of items in clear, and
 * commitments of what, where and when.
 *
 * <p>An error declaration repeats the eventID of the event it withdraws (EPCIS 2.0 section
 * 7.4.1.4): its external id carries the time of the declaration as well, so that it is an entry
 * beside the first and no conflict with it.
 */
final class EventCanonicaliser {
  /** All of EPCIS is one sender: an eventID is unique in the world, whoever captures the event. */
  static final String SENDER = "epcis";

  /** What an external id of an error declaration has after the eventID. */
  static final String ERROR_SUFFIX = "#errorDeclaration=";

  /** Longest eventID, such that the external id of its error declaration fits. */
  static final int MAX_EVENT_ID = CanonicalRecord.MAX_EXTERNAL_ID - 64;

  private static final Map<String, String> KINDS =
      Map.of(
          "ObjectEvent", "epcis.object",
          "AggregationEvent", "epcis.aggregation",
          "TransactionEvent", "epcis.transaction",
          "TransformationEvent", "epcis.transformation",
          "AssociationEvent", "epcis.association");

  private static final String[] EPC_LISTS = {
    "epcList", "childEPCs", "inputEPCList", "outputEPCList"
  };

  private EventCanonicaliser() {}

  /**
   * The record of {@code event}.
   *
   * @param event has passed the schema; not changed
   * @param context what the event's payload shall carry as its {@code @context}
   * @param pointer where the event stands in its document
   */
  static Canonicalisation canonicalise(
      JsonNode event,
      JsonNode context,
      Namespaces namespaces,
      String schemaVersion,
      String pointer) {
    Hash digest = EventHash.digest(EventHash.preHash(event, namespaces));
    String identifier = EventHash.identifier(digest);
    String eventId = event.path("eventID").asText(identifier);
    if (eventId.isEmpty() || eventId.length() > MAX_EVENT_ID || eventId.contains(ERROR_SUFFIX)) {
      return new Refused(
          Capture.VALIDATION,
          pointer + "/eventID",
          "Expected an eventID of 1 to " + MAX_EVENT_ID + " characters without " + ERROR_SUFFIX);
    }
    ObjectNode whole = ((ObjectNode) event).objectNode();
    whole.setAll((ObjectNode) event);
    whole.set("@context", context);
    whole.put("eventID", eventId);
    Bytes payload = CanonicalJson.of(whole);
    whole.remove("recordTime");
    Hash content = Hash.sha256(CanonicalJson.of(whole).unsafeArray());

    JsonNode error = event.path("errorDeclaration");
    String externalId =
        error.isObject()
            ? eventId + ERROR_SUFFIX + EventHash.instant(error.path("declarationTime").asText())
            : eventId;
    // The identifier that follows from the content already says which events are the same,
    // whatever the order of their lists.
    boolean derived = eventId.equals(identifier) && !error.isObject();
    return new Canonical(
        new CanonicalRecord(
            KINDS.getOrDefault(event.path("type").asText(), "epcis.extended"),
            SENDER,
            externalId,
            derived ? digest : content,
            payload,
            metadata(event, schemaVersion),
            committed(event, content)));
  }

  private static SortedMap<String, String> metadata(JsonNode event, String schemaVersion) {
    TreeMap<String, String> metadata = new TreeMap<>();
    String type = event.path("type").asText();
    metadata.put("eventType", KINDS.containsKey(type) ? type : "custom");
    text(event, "action").ifPresent(action -> metadata.put("action", shortWord(action)));
    text(event, "bizStep")
        .ifPresent(step -> metadata.put("bizStep", Vocabulary.BIZ_STEP.shortName(step)));
    text(event, "disposition")
        .ifPresent(state -> metadata.put("disposition", Vocabulary.DISPOSITION.shortName(state)));
    metadata.put("schemaVersion", schemaVersion);
    metadata.put("epcCount", Integer.toString(epcs(event).size()));
    if (event.has("errorDeclaration")) {
      metadata.put("errorDeclaration", "true");
    }
    return metadata;
  }

  /** An event type of an extension may use the name for anything. */
  private static String shortWord(String action) {
    return switch (action) {
      case "ADD", "OBSERVE", "DELETE" -> action;
      default -> "custom";
    };
  }

  private static SortedMap<String, Bytes> committed(JsonNode event, Hash content) {
    TreeMap<String, Bytes> committed = new TreeMap<>();
    committed.put("content", Bytes.wrap(content.toArray()));
    committed.put("eventTime", utf8(EventHash.instant(event.path("eventTime").asText())));
    SortedSet<String> epcs = epcs(event);
    if (!epcs.isEmpty()) {
      committed.put("epcs", hashes(epcs));
    }
    for (String place : new String[] {"readPoint", "bizLocation"}) {
      text(event.path(place), "id").ifPresent(id -> committed.put(place, utf8(canonical(id))));
    }
    return committed;
  }

  /**
   * SHA-256 of each canonical EPC, in the order of the EPCs: whoever is shown the list can look for
   * an item that they hold, and does not read the others.
   */
  private static Bytes hashes(SortedSet<String> epcs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(epcs.size() * Hash.LENGTH);
    for (String epc : epcs) {
      out.writeBytes(Hash.sha256(epc.getBytes(StandardCharsets.UTF_8)).toArray());
    }
    return Bytes.wrap(out.toByteArray());
  }

  /** Canonical identifiers of the single items of an event, its parent included. */
  private static SortedSet<String> epcs(JsonNode event) {
    TreeSet<String> epcs = new TreeSet<>();
    text(event, "parentID").ifPresent(parent -> epcs.add(canonical(parent)));
    for (String list : EPC_LISTS) {
      for (JsonNode epc : event.path(list)) {
        if (epc.isTextual()) {
          epcs.add(canonical(epc.textValue()));
        }
      }
    }
    return epcs;
  }

  private static String canonical(String uri) {
    return CanonicalLink.of(uri).orElse(uri);
  }

  private static Optional<String> text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  private static Bytes utf8(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
