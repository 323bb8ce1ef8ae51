package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.caduceus.adapters.epcis.XmlElement.Attribute;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * The XML binding (EPCIS 2.0 section 9, and 1.0 to 1.2) as the JSON binding would have written it:
 * the same rules and the same identifiers then hold for both. Extension elements of version 1 are
 * opened; the header, with its master data, is left out.
 */
final class XmlEvents {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String CONTEXT =
      "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
  private static final Set<String> DOCUMENTS =
      Set.of("urn:epcglobal:epcis:xsd:1", "urn:epcglobal:epcis:xsd:2");
  private static final Set<String> QUERIES =
      Set.of("urn:epcglobal:epcis-query:xsd:1", "urn:epcglobal:epcis-query:xsd:2");

  /** Lists by name, and the name of their elements. */
  private static final Map<String, String> TEXT_LISTS =
      Map.of(
          "epcList", "epc",
          "childEPCs", "epc",
          "inputEPCList", "epc",
          "outputEPCList", "epc",
          "correctiveEventIDs", "correctiveEventID");

  private static final Map<String, String> TYPED_LISTS =
      Map.of(
          "bizTransactionList", "bizTransaction",
          "sourceList", "source",
          "destinationList", "destination");

  private static final Set<String> QUANTITY_LISTS =
      Set.of("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList");

  private static final Set<String> NUMBERS =
      Set.of(
          "quantity",
          "value",
          "minValue",
          "maxValue",
          "meanValue",
          "sDev",
          "percRank",
          "percValue");

  private static final Set<String> OBJECTS = Set.of("readPoint", "bizLocation", "errorDeclaration");

  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:[0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?");

  private final Map<String, String> prefixOf = new HashMap<>();
  private final ObjectNode context = NODES.objectNode();
  private Optional<Refused> refusal = Optional.empty();

  private XmlEvents() {}

  /** What came of the conversion. */
  sealed interface Conversion {
    /** A document as JSON would have it; its rules are not checked yet. */
    record Document(ObjectNode node) implements Conversion {}

    /** No capture document of EPCIS. */
    record Unknown(Refused refusal) implements Conversion {}
  }

  /** The capture document below {@code root}. */
  static Conversion convert(XmlElement root) {
    return new XmlEvents().document(root);
  }

  private Conversion document(XmlElement root) {
    boolean query = root.name().equals("EPCISQueryDocument") && QUERIES.contains(root.namespace());
    if (!query && !(root.name().equals("EPCISDocument") && DOCUMENTS.contains(root.namespace()))) {
      return unknown("", "Expected an EPCISDocument or EPCISQueryDocument, but got another");
    }
    Optional<XmlElement> list =
        query
            ? child(root, "EPCISBody")
                .flatMap(body -> child(body, "QueryResults"))
                .flatMap(results -> child(results, "resultsBody"))
                .flatMap(body -> child(body, "EventList"))
            : child(root, "EPCISBody").flatMap(body -> child(body, "EventList"));
    if (list.isEmpty()) {
      return unknown("/epcisBody", "Expected an EventList, but it is missing");
    }
    ArrayNode events = NODES.arrayNode();
    events(list.get(), events);
    if (refusal.isPresent()) {
      return new Conversion.Unknown(refusal.get());
    }
    ObjectNode document = NODES.objectNode();
    ArrayNode contexts = document.putArray("@context").add(CONTEXT);
    if (!context.isEmpty()) {
      contexts.add(context);
    }
    document.put("type", "EPCISDocument");
    document.put("schemaVersion", root.attribute("schemaVersion"));
    document.put("creationDate", root.attribute("creationDate"));
    document.putObject("epcisBody").set("eventList", events);
    return new Conversion.Document(document);
  }

  private void events(XmlElement list, ArrayNode into) {
    for (XmlElement element : list.children()) {
      if (element.is("extension")) {
        events(element, into);
      } else {
        ObjectNode event = NODES.objectNode();
        event.put("type", element.namespace().isEmpty() ? element.name() : name(element));
        properties(element, event, "/epcisBody/eventList/" + into.size());
        into.add(event);
      }
    }
  }

  /** Elements and attributes of {@code element} as properties of {@code into}. */
  private void properties(XmlElement element, ObjectNode into, String pointer) {
    if (!element.children().isEmpty() && !element.text().isEmpty()) {
      refuse(pointer, "Expected elements, but there is text between them");
    }
    attributes(element, into);
    for (XmlElement child : element.children()) {
      if (saysNothing(child)) {
        continue;
      }
      if (child.is("extension") || child.is("baseExtension")) {
        properties(child, into, pointer);
      } else if (!child.namespace().isEmpty()) {
        addExtension(child, into);
      } else if (child.is("certificationInfo") || child.is("set") || child.is("unset")) {
        into.withArray("/" + child.name()).add(term(child.name(), child.text()));
      } else if (into.has(child.name())) {
        refuse(
            JsonPointers.child(pointer, child.name()),
            "Expected every property of an object once, but one is repeated");
      } else {
        into.set(child.name(), standard(child, JsonPointers.child(pointer, child.name())));
      }
    }
  }

  /** A quantity that is nil, as XML has it for instances; JSON leaves it out. */
  private static boolean saysNothing(XmlElement element) {
    return element.is("quantity") && element.text().isEmpty() && element.children().isEmpty();
  }

  private JsonNode standard(XmlElement element, String pointer) {
    String name = element.name();
    if (TEXT_LISTS.containsKey(name)) {
      ArrayNode list = NODES.arrayNode();
      for (XmlElement item : items(element, TEXT_LISTS.get(name), pointer)) {
        list.add(item.text());
      }
      return list;
    }
    if (TYPED_LISTS.containsKey(name)) {
      ArrayNode list = NODES.arrayNode();
      for (XmlElement item : items(element, TYPED_LISTS.get(name), pointer)) {
        ObjectNode typed = list.addObject();
        attributes(item, typed);
        typed.put(item.name(), item.text());
      }
      return list;
    }
    if (QUANTITY_LISTS.contains(name)) {
      return objects(element, "quantityElement", pointer);
    }
    if (name.equals("sensorElementList")) {
      return sensors(element, pointer);
    }
    if (OBJECTS.contains(name) || name.equals("persistentDisposition") || name.equals("ilmd")) {
      ObjectNode object = NODES.objectNode();
      properties(element, object, pointer);
      return object;
    }
    if (!element.children().isEmpty()) {
      refuse(pointer, "Expected text, but there are elements");
    }
    return value(name, element.text());
  }

  private ArrayNode sensors(XmlElement element, String pointer) {
    ArrayNode list = NODES.arrayNode();
    for (XmlElement item : items(element, "sensorElement", pointer)) {
      ObjectNode sensor = list.addObject();
      String place = pointer + "/" + (list.size() - 1);
      attributes(item, sensor);
      for (XmlElement child : item.children()) {
        if (child.is("sensorReport") || child.is("sensorMetadata")) {
          ObjectNode object = NODES.objectNode();
          properties(child, object, place + "/" + child.name());
          if (child.is("sensorReport")) {
            sensor.withArray("/sensorReport").add(object);
          } else if (sensor.replace("sensorMetadata", object) != null) {
            refuse(place + "/sensorMetadata", "Expected one element, but it is repeated");
          }
        } else if (!child.namespace().isEmpty()) {
          addExtension(child, sensor);
        } else if (!child.is("extension")) {
          refuse(place, "Expected elements of the standard, but there is another");
        }
      }
    }
    return list;
  }

  private ArrayNode objects(XmlElement element, String itemName, String pointer) {
    ArrayNode list = NODES.arrayNode();
    for (XmlElement item : items(element, itemName, pointer)) {
      properties(item, list.addObject(), pointer + "/" + (list.size() - 1));
    }
    return list;
  }

  private List<XmlElement> items(XmlElement list, String itemName, String pointer) {
    if (!list.children().stream().allMatch(item -> item.is(itemName))
        || !list.text().isEmpty()
        || !list.attributes().isEmpty()) {
      refuse(pointer, "Expected only elements " + itemName + ", but there is another");
    }
    return list.children();
  }

  private void attributes(XmlElement element, ObjectNode into) {
    for (Attribute attribute : element.attributes()) {
      if (attribute.namespace().isEmpty()) {
        String meaning =
            attribute.name().equals("type") ? element.name() + "Type" : attribute.name();
        into.set(attribute.name(), value(meaning, attribute.value()));
      } else {
        into.put(
            prefix(attribute.namespace(), attribute.prefix()) + ":" + attribute.name(),
            attribute.value());
      }
    }
  }

  /** An extension: repeated ones become a list. */
  private void addExtension(XmlElement element, ObjectNode into) {
    String name = element.namespace().isEmpty() ? element.name() : name(element);
    JsonNode value = extension(element);
    JsonNode earlier = into.get(name);
    if (earlier == null) {
      into.set(name, value);
    } else if (earlier.isArray()) {
      ((ArrayNode) earlier).add(value);
    } else {
      into.set(name, NODES.arrayNode().add(earlier).add(value));
    }
  }

  private JsonNode extension(XmlElement element) {
    if (element.children().isEmpty() && element.attributes().isEmpty()) {
      return NODES.textNode(element.text());
    }
    ObjectNode object = NODES.objectNode();
    for (Attribute attribute : element.attributes()) {
      String name =
          attribute.namespace().isEmpty()
              ? attribute.name()
              : prefix(attribute.namespace(), attribute.prefix()) + ":" + attribute.name();
      object.put(name, attribute.value());
    }
    for (XmlElement child : element.children()) {
      addExtension(child, object);
    }
    if (!element.text().isEmpty()) {
      object.put("#text", element.text());
    }
    return object;
  }

  private static JsonNode value(String name, String text) {
    if (NUMBERS.contains(name) && NUMBER.matcher(text).matches()) {
      return NODES.numberNode(new BigDecimal(text));
    }
    if (name.equals("booleanValue")) {
      switch (text) {
        case "true", "1" -> {
          return NODES.booleanNode(true);
        }
        case "false", "0" -> {
          return NODES.booleanNode(false);
        }
        default -> {
          // The schema will refuse the text.
        }
      }
    }
    return NODES.textNode(term(name, text));
  }

  /** XML writes terms of the CBV as URNs, JSON as bare words. */
  private static String term(String name, String text) {
    return switch (name) {
      case "bizStep",
          "disposition",
          "set",
          "unset",
          "reason",
          "bizTransactionType",
          "sourceType",
          "destinationType" ->
          Vocabulary.bareWord(text);
      default -> text;
    };
  }

  private String name(XmlElement element) {
    return prefix(element.namespace(), element.prefix()) + ":" + element.name();
  }

  /** The document's own prefix unless another namespace has it, else a made one. */
  private String prefix(String namespace, String wanted) {
    return prefixOf.computeIfAbsent(
        namespace,
        uri -> {
          boolean plain = wanted.matches("[A-Za-z][A-Za-z0-9]{0,31}");
          boolean reserved = Set.of("http", "https", "urn").contains(wanted);
          String prefix =
              plain && !reserved && !context.has(wanted) ? wanted : "ns" + (prefixOf.size() + 1);
          while (context.has(prefix)) {
            prefix = prefix + "x";
          }
          // The JSON context of EPCIS ends this one namespace with a colon.
          context.put(prefix, uri.equals("urn:epcglobal:cbv:mda") ? uri + ":" : uri);
          return prefix;
        });
  }

  private static Optional<XmlElement> child(XmlElement parent, String name) {
    return parent.children().stream().filter(child -> child.name().equals(name)).findFirst();
  }

  private void refuse(String pointer, String reason) {
    if (refusal.isEmpty()) {
      refusal = Optional.of(new Refused(Capture.VALIDATION, pointer, reason));
    }
  }

  private static Conversion unknown(String pointer, String reason) {
    return new Conversion.Unknown(new Refused(Capture.VALIDATION, pointer, reason));
  }
}
