package org.caduceus.console.rest.openapi;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.caduceus.console.rest.Query;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/** The query parameters that {@link Query} checks. */
final class QueryParameters {
  private QueryParameters() {}

  /**
   * A parameter.
   *
   * @param description in the words of the operation; empty for those that always hold
   */
  static Map<String, Object> parameter(String name, String description) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("in", "query");
    parameter.put("description", description.isEmpty() ? description(name) : description);
    parameter.put("schema", schema(name));
    return parameter;
  }

  private static String description(String name) {
    return switch (name) {
      case "limit" -> "Most items of a page";
      case "before" -> "Only what stands before this cursor";
      case "externalId" -> "MSH-10, SOPInstanceUID or eventID";
      case "inlet" -> "Only messages of this family";
      case "outcome" -> "Only messages that became this";
      default -> throw unknown(name);
    };
  }

  private static Map<String, Object> schema(String name) {
    return switch (name) {
      case "limit" ->
          Map.of(
              "type",
              "integer",
              "minimum",
              1,
              "maximum",
              Query.MAX_LIMIT,
              "default",
              Query.DEFAULT_LIMIT);
      case "before" -> Map.of("type", "integer", "format", "int64", "minimum", 0);
      case "externalId" ->
          Map.of("type", "string", "minLength", 1, "maxLength", CanonicalRecord.MAX_EXTERNAL_ID);
      case "inlet" -> oneOf(Inlet.values());
      case "outcome" -> oneOf(Outcome.values());
      default -> throw unknown(name);
    };
  }

  private static Map<String, Object> oneOf(Enum<?>[] values) {
    List<String> names =
        Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    return Map.of("type", "string", "enum", names);
  }

  private static IllegalStateException unknown(String name) {
    return new IllegalStateException("Expected a query parameter that is known, but got " + name);
  }
}
