package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.caduceus.adapters.epcis.gs1.CanonicalLink;
import org.caduceus.ledger.Hash;

/**
 * The identifier of an event that follows from its content alone (CBV 2.0 section 8.9): whoever
 * serialises the same event, in whichever order and syntax, arrives at the same one. eventID,
 * recordTime, errorDeclaration and comments do not count.
 *
 * <p>Text in extensions that reads as a decimal number loses the zeros at the end of its fraction,
 * as the standard asks, for XML knows no numbers. Text with leading zeros is left alone, and no
 * digit is ever rounded away: trace codes of 20 digits must stay apart.
 */
final class EventHash {
  private static final Pattern DECIMAL = Pattern.compile("-?(?:0|[1-9][0-9]{0,63})\\.[0-9]{1,64}");
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

  /** Lexical order of CBV: by Unicode code point, which is the order of UTF-8 bytes. */
  private static final Comparator<String> BY_CODE_POINT = EventHash::compareCodePoints;

  private static final String COMMENT = "{http://www.w3.org/2000/01/rdf-schema#}comment";

  private static final String[] METADATA = {
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules"
  };
  private static final String[] REPORT = {
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem"
  };

  /** Top-level properties with a place of their own or none at all. */
  private static final Set<String> PLACED =
      Set.of(
          "@context",
          "type",
          "eventTime",
          "eventTimeZoneOffset",
          "eventID",
          "recordTime",
          "errorDeclaration",
          "certificationInfo",
          "epcList",
          "parentID",
          "inputEPCList",
          "childEPCs",
          "quantityList",
          "childQuantityList",
          "inputQuantityList",
          "outputEPCList",
          "outputQuantityList",
          "action",
          "transformationID",
          "bizStep",
          "disposition",
          "persistentDisposition",
          "readPoint",
          "bizLocation",
          "bizTransactionList",
          "destinationList",
          "sourceList",
          "sensorElementList",
          "ilmd");

  private final Namespaces namespaces;
  private final Set<String> ignored;

  private EventHash(Namespaces namespaces, Set<String> ignored) {
    this.namespaces = namespaces;
    this.ignored = ignored;
  }

  /** The text whose SHA-256 identifies {@code event}, which has passed the schema. */
  static String preHash(JsonNode event, Namespaces namespaces) {
    return preHash(event, namespaces, Set.of());
  }

  /** The same without the extensions named {@code {namespace}local} in {@code ignored}. */
  static String preHash(JsonNode event, Namespaces namespaces, Set<String> ignored) {
    return new EventHash(namespaces, ignored).event(event);
  }

  /** SHA-256 of a pre-hash text in UTF-8. */
  static Hash digest(String preHash) {
    return Hash.sha256(preHash.getBytes(StandardCharsets.UTF_8));
  }

  /** The identifier as a named information URI (RFC 6920) with the version of CBV. */
  static String identifier(Hash digest) {
    return "ni:///sha-256;" + digest.toHex() + "?ver=CBV2.0";
  }

  private String event(JsonNode event) {
    StringBuilder out = new StringBuilder(1024);
    out.append("eventType=").append(namespaces.expandName(event.path("type").asText()));
    for (String name : new String[] {"eventTime", "eventTimeZoneOffset", "certificationInfo"}) {
      out.append(values(name, name, event.path(name)));
    }
    out.append(list("epcList", values("epc", "epc", event.path("epcList"))));
    out.append(values("parentID", "parentID", event.path("parentID")));
    out.append(list("inputEPCList", values("epc", "epc", event.path("inputEPCList"))));
    out.append(list("childEPCs", values("epc", "epc", event.path("childEPCs"))));
    out.append(quantities("quantityList", event));
    out.append(quantities("childQuantityList", event));
    out.append(quantities("inputQuantityList", event));
    out.append(list("outputEPCList", values("epc", "epc", event.path("outputEPCList"))));
    out.append(quantities("outputQuantityList", event));
    for (String name : new String[] {"action", "transformationID", "bizStep", "disposition"}) {
      out.append(values(name, name, event.path(name)));
    }
    JsonNode persistent = event.path("persistentDisposition");
    out.append(
        list(
            "persistentDisposition",
            values("set", "disposition", persistent.path("set"))
                + values("unset", "disposition", persistent.path("unset"))));
    out.append(composite("readPoint", event.path("readPoint"), "id"));
    out.append(composite("bizLocation", event.path("bizLocation"), "id"));
    out.append(typed("bizTransactionList", "bizTransaction", event));
    out.append(typed("destinationList", "destination", event));
    out.append(typed("sourceList", "source", event));
    out.append(sensors(event.path("sensorElementList")));
    if (event.path("ilmd").isObject()) {
      String ilmd = extensions(event.path("ilmd"), Set.of());
      out.append(ilmd.isEmpty() ? "" : "ilmd" + ilmd);
    }
    return out.append(extensions(event, PLACED)).toString();
  }

  private static String list(String name, String content) {
    return content.isEmpty() ? "" : name + content;
  }

  /** {@code name=value} for a value, or for each of several, sorted; nothing for empty ones. */
  private String values(String name, String meaning, JsonNode node) {
    if (!node.isArray()) {
      String text = value(meaning, node);
      return text.isEmpty() ? "" : name + "=" + text;
    }
    List<String> sorted = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      sorted.add(values(name, meaning, element));
    }
    return sortedJoin(sorted);
  }

  private String quantities(String name, JsonNode event) {
    List<String> sorted = new ArrayList<>();
    for (JsonNode element : event.path(name)) {
      sorted.add(composite("quantityElement", element, "epcClass", "quantity", "uom"));
    }
    return list(name, sortedJoin(sorted));
  }

  /** Business transactions, sources and destinations: the type comes first. */
  private String typed(String name, String key, JsonNode event) {
    String typeMeaning = key.equals("bizTransaction") ? "bizTransactionType" : "sourceDestType";
    List<String> sorted = new ArrayList<>();
    for (JsonNode element : event.path(name)) {
      sorted.add(
          values("type", typeMeaning, element.path("type")) + values(key, key, element.path(key)));
    }
    return list(name, sortedJoin(sorted));
  }

  private String sensors(JsonNode elements) {
    List<String> sorted = new ArrayList<>();
    for (JsonNode element : elements) {
      List<String> reports = new ArrayList<>();
      for (JsonNode report : element.path("sensorReport")) {
        reports.add(composite("sensorReport", report, REPORT));
      }
      sorted.add(
          list(
              "sensorElement",
              composite("sensorMetadata", element.path("sensorMetadata"), METADATA)
                  + sortedJoin(reports)
                  + extensions(element, Set.of("sensorMetadata", "sensorReport"))));
    }
    return list("sensorElementList", sortedJoin(sorted));
  }

  /** An object's own properties in the standard's order, then its extensions. */
  private String composite(String name, JsonNode node, String... order) {
    if (!node.isObject()) {
      return "";
    }
    StringBuilder content = new StringBuilder();
    for (String property : order) {
      String meaning =
          name.equals("sensorReport") && property.equals("type") ? "measurement" : property;
      content.append(values(property, meaning, node.path(property)));
    }
    content.append(extensions(node, Set.of(order)));
    return list(name, content.toString());
  }

  /** Everything in {@code node} but {@code known}, sorted by its own text. */
  private String extensions(JsonNode node, Set<String> known) {
    List<String> sorted = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!known.contains(property.getKey())) {
        String name = namespaces.expandName(property.getKey());
        if (!name.equals(COMMENT) && !ignored.contains(name)) {
          addExtension(name, property.getValue(), sorted);
        }
      }
    }
    return sortedJoin(sorted);
  }

  private void addExtension(String name, JsonNode node, List<String> sorted) {
    if (node.isArray()) {
      for (JsonNode element : node) {
        addExtension(name, element, sorted);
      }
    } else if (node.isObject()) {
      sorted.add(name + extensions(node, Set.of()));
    } else if (!node.isNull()) {
      String text = value("", node);
      sorted.add(text.isEmpty() ? name : name + "=" + text);
    }
  }

  /** The canonical text of one value; empty when there is none. */
  private String value(String meaning, JsonNode node) {
    if (node.isNumber()) {
      return CanonicalJson.number(node);
    }
    if (node.isBoolean()) {
      return node.asText();
    }
    if (!node.isTextual()) {
      return "";
    }
    String text = node.textValue().strip();
    return switch (meaning) {
      case "eventTime", "time", "startTime", "endTime" -> instant(text);
      case "eventTimeZoneOffset", "action", "uom" -> text;
      case "bizStep" -> uri(Vocabulary.BIZ_STEP.expand(text));
      case "disposition" -> uri(Vocabulary.DISPOSITION.expand(text));
      case "bizTransactionType" -> uri(Vocabulary.BIZ_TRANSACTION_TYPE.expand(text));
      case "sourceDestType" -> uri(Vocabulary.SOURCE_DEST_TYPE.expand(text));
      case "component" -> uri(Vocabulary.COMPONENT.expand(text));
      case "measurement", "exception" -> uri(Vocabulary.MEASUREMENT.expand(text));
      default -> decimal(uri(text));
    };
  }

  private String uri(String text) {
    String full = namespaces.expandValue(Vocabulary.webUri(text));
    return CanonicalLink.of(full).orElse(full);
  }

  private static String decimal(String text) {
    if (text.length() > 130 || text.indexOf('.') < 0 || !DECIMAL.matcher(text).matches()) {
      return text;
    }
    BigDecimal value = new BigDecimal(text);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** UTC with milliseconds, rounded half up at the fourth decimal. */
  static String instant(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
      return time.plusNanos(500_000).truncatedTo(ChronoUnit.MILLIS).format(MILLISECONDS);
    } catch (DateTimeException e) {
      return text;
    }
  }

  private static String sortedJoin(List<String> parts) {
    parts.sort(BY_CODE_POINT);
    return String.join("", parts);
  }

  private static int compareCodePoints(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        // A surrogate stands for a character beyond every other char.
        boolean surrogateLeft = Character.isSurrogate(left);
        boolean surrogateRight = Character.isSurrogate(right);
        return surrogateLeft == surrogateRight
            ? Character.compare(left, right)
            : (surrogateLeft ? 1 : -1);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
