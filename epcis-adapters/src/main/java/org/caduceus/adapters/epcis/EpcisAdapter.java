package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.MessageAdapter;
import org.caduceus.ledger.record.RawMessage;

/**
 * The front door of EPCIS 2.0: a capture document (EPCISDocument or EPCISQueryDocument) to one
 * record per event, or a single event to its record. JSON and JSON-LD (EPCIS 2.0 section 10), and
 * documents in XML (section 9). Thread-safe; never throws for bad input.
 */
public final class EpcisAdapter implements MessageAdapter {
  /** Most events in one document: what GS1-EPCIS-Capture-Limit announces. */
  public static final int MAX_EVENTS = 1_000;

  /** Largest document in bytes: what GS1-EPCIS-Capture-File-Size-Limit announces. */
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final String[] TIMES = {"eventTime", "recordTime"};

  private final StrictJson json = new StrictJson(MAX_BYTES);
  private final StrictXml xml = new StrictXml();
  private final EventSchema schema = new EventSchema();

  /** The records of all events of the JSON {@code document}, or the first reason against it. */
  public Capture capture(Bytes document) {
    return switch (StrictText.decode(document.unsafeArray(), MAX_BYTES)) {
      case StrictText.Decoding.Unreadable unreadable -> new Capture.Rejected(unreadable.refusal());
      case StrictText.Decoding.Text text ->
          switch (json.read(text.value())) {
            case StrictJson.Reading.Unreadable unreadable ->
                new Capture.Rejected(unreadable.refusal());
            case StrictJson.Reading.Value value -> captureTree(value.node(), false);
          };
    };
  }

  /**
   * The same for an XML document of version 2.0 or 1.x. Pointers in refusals lead to the place that
   * the JSON binding would have.
   */
  public Capture captureXml(Bytes document) {
    return switch (StrictText.decode(document.unsafeArray(), MAX_BYTES)) {
      case StrictText.Decoding.Unreadable unreadable -> new Capture.Rejected(unreadable.refusal());
      case StrictText.Decoding.Text text ->
          switch (xml.read(text.value())) {
            case StrictXml.Reading.Unreadable unreadable ->
                new Capture.Rejected(unreadable.refusal());
            case StrictXml.Reading.Root root ->
                switch (XmlEvents.convert(root.element())) {
                  case XmlEvents.Conversion.Unknown unknown ->
                      new Capture.Rejected(unknown.refusal());
                  case XmlEvents.Conversion.Document converted ->
                      captureTree(converted.node(), true);
                };
          };
    };
  }

  /** The record of the single event that {@code message} is, with its own {@code @context}. */
  @Override
  public Canonicalisation canonicalise(RawMessage message) {
    return switch (StrictText.decode(message.content().unsafeArray(), MAX_BYTES)) {
      case StrictText.Decoding.Unreadable unreadable -> unreadable.refusal();
      case StrictText.Decoding.Text text ->
          switch (json.read(text.value())) {
            case StrictJson.Reading.Unreadable unreadable -> unreadable.refusal();
            case StrictJson.Reading.Value value -> canonicaliseTree(value.node());
          };
    };
  }

  /** The eventID of a record of this adapter, given or derived. */
  public static String eventId(CanonicalRecord record) {
    int suffix = record.externalId().indexOf(EventCanonicaliser.ERROR_SUFFIX);
    return suffix < 0 ? record.externalId() : record.externalId().substring(0, suffix);
  }

  private Capture captureTree(JsonNode document, boolean fromXml) {
    String type = document.path("type").asText("");
    if (!document.isObject() || !EventSchema.isDocument(type)) {
      return rejected("/type", "Expected an EPCISDocument or EPCISQueryDocument, but got another");
    }
    Optional<Refused> broken = schema.broken(type, document, "");
    if (broken.isPresent()) {
      return new Capture.Rejected(broken.get());
    }
    String version = document.path("schemaVersion").asText("2.0");
    if (!isVersion(version, "2") && !(fromXml && isVersion(version, "1"))) {
      return rejected(
          "/schemaVersion", "Expected version 2 of EPCIS, or 1 in XML, but got another");
    }
    boolean query = type.equals("EPCISQueryDocument");
    String pointer =
        query ? "/epcisBody/queryResults/resultsBody/eventList" : "/epcisBody/eventList";
    JsonNode events = document.at(pointer);
    if (events.size() > MAX_EVENTS) {
      return new Capture.Rejected(
          new Refused(
              Capture.LIMIT_EXCEEDED,
              pointer,
              "Expected at most " + MAX_EVENTS + " events, but got " + events.size()));
    }
    JsonNode context = document.path("@context");
    broken = headerNamespaces(document, Namespaces.of(context));
    if (broken.isPresent()) {
      return new Capture.Rejected(broken.get());
    }
    // One entry for an event that stands there twice; two contents under one eventID are a mistake.
    Map<String, CanonicalRecord> records = new LinkedHashMap<>();
    for (int i = 0; i < events.size(); i++) {
      switch (event(events.get(i), context, version, pointer + "/" + i)) {
        case Refused refused -> {
          return new Capture.Rejected(refused);
        }
        case Canonical canonical -> {
          CanonicalRecord earlier =
              records.putIfAbsent(canonical.record().externalId(), canonical.record());
          if (earlier != null && !earlier.contentHash().equals(canonical.record().contentHash())) {
            return rejected(
                pointer + "/" + i + "/eventID",
                "Expected an eventID of its own for each event, but another event has it");
          }
        }
      }
    }
    return new Capture.Events(List.copyOf(records.values()));
  }

  /** The document without its events, which are judged one by one with their own contexts. */
  private static Optional<Refused> headerNamespaces(JsonNode document, Namespaces namespaces) {
    if (!namespaces.includeEpcis()) {
      return Optional.of(
          new Refused(
              Capture.VALIDATION, "/@context", "Expected the EPCIS context, but it is missing"));
    }
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    document
        .properties()
        .forEach(
            property -> {
              if (!property.getKey().equals("epcisBody")) {
                header.set(property.getKey(), property.getValue());
              }
            });
    return namespaces.undeclared(header, "");
  }

  private Canonicalisation canonicaliseTree(JsonNode event) {
    String type = event.path("type").asText("");
    if (!event.isObject() || type.isEmpty() || EventSchema.isDocument(type)) {
      return new Refused(Capture.VALIDATION, "/type", "Expected one event, but got something else");
    }
    if (!event.has("@context")) {
      return new Refused(
          Capture.VALIDATION, "/@context", "Expected the property @context, but it is missing");
    }
    return event(event, JsonNodeFactory.instance.missingNode(), "2.0", "");
  }

  private Canonicalisation event(
      JsonNode event, JsonNode documentContext, String version, String pointer) {
    Optional<Refused> broken = schema.broken(event.path("type").asText(""), event, pointer);
    if (broken.isEmpty()) {
      broken = wrongTime(event, pointer);
    }
    JsonNode ownContext = event.path("@context");
    Namespaces namespaces = Namespaces.of(documentContext, ownContext);
    if (broken.isEmpty() && !namespaces.includeEpcis()) {
      broken =
          Optional.of(
              new Refused(
                  Capture.VALIDATION,
                  pointer + "/@context",
                  "Expected the EPCIS context, but it is missing"));
    }
    if (broken.isEmpty()) {
      broken = namespaces.undeclared(event, pointer);
    }
    if (broken.isPresent()) {
      return broken.get();
    }
    JsonNode context = joined(documentContext, ownContext);
    return EventCanonicaliser.canonicalise(event, context, namespaces, version, pointer);
  }

  /** Times that match the format but are no instants, for instance a leap second. */
  private static Optional<Refused> wrongTime(JsonNode event, String pointer) {
    for (String name : TIMES) {
      if (event.has(name)) {
        try {
          OffsetDateTime.parse(event.path(name).asText());
        } catch (DateTimeException e) {
          return Optional.of(
              new Refused(
                  Capture.VALIDATION,
                  pointer + "/" + name,
                  "Expected a point in time with at most nine decimals, but got another"));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isVersion(String version, String major) {
    return version.length() <= 16 && (version.equals(major) || version.startsWith(major + "."));
  }

  private static JsonNode joined(JsonNode documentContext, JsonNode ownContext) {
    if (ownContext.isMissingNode()) {
      return documentContext;
    }
    if (documentContext.isMissingNode()) {
      return ownContext;
    }
    ArrayNode both = JsonNodeFactory.instance.arrayNode();
    for (JsonNode context : List.of(documentContext, ownContext)) {
      if (context.isArray()) {
        both.addAll((ArrayNode) context);
      } else {
        both.add(context);
      }
    }
    return both;
  }

  private static Capture rejected(String pointer, String reason) {
    return new Capture.Rejected(new Refused(Capture.VALIDATION, pointer, reason));
  }
}
