package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * The structural rules of EPCIS 2.0, from {@code capture.schema.json}, one entry per envelope and
 * event type: that is quicker than one schema that tries them all, and an error then names its
 * place. Reasons are our own sentences, for a validator's messages quote what they refuse.
 */
final class EventSchema {
  private static final String RESOURCE = "capture.schema.json";
  private static final String EXTENDED = "ExtendedEvent";

  private final Map<String, JsonSchema> schemas;

  /** Reads the schema from the class path. */
  EventSchema() {
    JsonNode definitions = load().path("definitions");
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V7);
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .failFast(true)
            .formatAssertionsEnabled(true)
            .build();
    schemas =
        Stream.of(
                "EPCISDocument",
                "EPCISQueryDocument",
                "ObjectEvent",
                "AggregationEvent",
                "TransactionEvent",
                "TransformationEvent",
                "AssociationEvent",
                EXTENDED)
            .collect(
                Collectors.toUnmodifiableMap(
                    name -> name, name -> entry(name, definitions, factory, config)));
  }

  private static JsonSchema entry(
      String name, JsonNode definitions, JsonSchemaFactory factory, SchemaValidatorsConfig config) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    root.set("definitions", definitions);
    root.putArray("allOf").addObject().put("$ref", "#/definitions/" + name);
    JsonSchema schema = factory.getSchema(root, config);
    schema.initializeValidators();
    return schema;
  }

  private static JsonNode load() {
    try (InputStream in = EventSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("Expected " + RESOURCE + " beside its class");
      }
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a readable " + RESOURCE, e);
    }
  }

  /** Whether {@code type} names a document rather than an event. */
  static boolean isDocument(String type) {
    return type.equals("EPCISDocument") || type.equals("EPCISQueryDocument");
  }

  /**
   * The first broken rule of {@code node} as a {@code type}.
   *
   * @param type a document or event type; an unknown one is judged as an event of an extension
   * @param pointer where {@code node} stands in its document
   */
  Optional<Refused> broken(String type, JsonNode node, String pointer) {
    JsonSchema schema = schemas.get(type);
    if (schema == null) {
      schema = schemas.get(EXTENDED);
    }
    return schema.validate(node).stream().findFirst().map(message -> refusal(message, pointer));
  }

  private static Refused refusal(ValidationMessage message, String pointer) {
    StringBuilder place = new StringBuilder(pointer);
    for (String name : message.getInstanceLocation().toString().split("/")) {
      if (!name.isEmpty()) {
        boolean index = name.chars().allMatch(c -> c >= '0' && c <= '9');
        place.append(index ? "/" + name : JsonPointers.child("", name));
      }
    }
    return new Refused(Capture.VALIDATION, place.toString(), reason(message));
  }

  private static String reason(ValidationMessage message) {
    return switch (message.getType()) {
      case "required" -> "Expected the property " + message.getProperty() + ", but it is missing";
      case "additionalProperties" ->
          "Expected properties of the standard or with a namespace, but there is another";
      case "type" -> "Expected another JSON type, but got " + kindOf(message);
      case "enum", "const" -> "Expected a word of the standard's list, but got another";
      case "format" -> "Expected a " + formatOf(message) + ", but got something else";
      case "pattern" -> "Expected the form that the standard prescribes, but got another";
      case "uniqueItems" -> "Expected every element once, but one is repeated";
      case "minItems", "minProperties" -> "Expected at least one element, but there is none";
      default ->
          "Expected the combination of properties that the standard asks for, but got another";
    };
  }

  private static String kindOf(ValidationMessage message) {
    JsonNode instance = message.getInstanceNode();
    return instance == null ? "this" : instance.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  private static String formatOf(ValidationMessage message) {
    JsonNode schema = message.getSchemaNode();
    String format = schema == null ? "" : schema.asText("");
    return format.equals("date-time") ? "time with a time zone (RFC 3339)" : "URI";
  }
}
