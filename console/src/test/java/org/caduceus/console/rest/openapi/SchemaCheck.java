package org.caduceus.console.rest.openapi;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** As much of JSON Schema as the document uses, and stricter: no property that is not described. */
final class SchemaCheck {
  private final JsonObject components;

  SchemaCheck(JsonObject components) {
    this.components = components;
  }

  /** What is wrong with {@code value} at {@code place}. */
  List<String> faults(JsonObject schema, JsonValue value, String place) {
    List<String> faults = new ArrayList<>();
    check(schema, value, place, faults);
    return faults;
  }

  private void check(JsonObject schema, JsonValue value, String place, List<String> faults) {
    if (schema.containsKey("$ref")) {
      String ref = schema.getString("$ref");
      JsonObject target = components.getJsonObject(ref.substring(ref.lastIndexOf('/') + 1));
      check(target, value, place, faults);
      return;
    }
    String type = schema.getString("type");
    boolean fits =
        switch (type) {
          case "string" -> value instanceof JsonString;
          case "integer" -> value instanceof JsonNumber number && number.isIntegral();
          case "boolean" -> value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE);
          case "array" -> value.getValueType() == JsonValue.ValueType.ARRAY;
          case "object" -> value.getValueType() == JsonValue.ValueType.OBJECT;
          default -> false;
        };
    if (!fits) {
      faults.add(place + ": expected " + type + ", but got " + value.getValueType());
    } else if (schema.containsKey("enum") && !schema.getJsonArray("enum").contains(value)) {
      faults.add(place + ": expected one of " + schema.get("enum") + ", but got " + value);
    } else if (type.equals("array")) {
      JsonObject items = schema.getJsonObject("items");
      value.asJsonArray().forEach(item -> check(items, item, place + "[]", faults));
    } else if (type.equals("object")) {
      object(schema, value.asJsonObject(), place, faults);
    }
  }

  private void object(JsonObject schema, JsonObject value, String place, List<String> faults) {
    if (schema.containsKey("additionalProperties")) {
      JsonObject values = schema.getJsonObject("additionalProperties");
      value.forEach((name, member) -> check(values, member, place + "." + name, faults));
    }
    if (!schema.containsKey("properties")) {
      return;
    }
    JsonObject properties = schema.getJsonObject("properties");
    value.forEach(
        (name, member) -> {
          if (properties.containsKey(name)) {
            check(properties.getJsonObject(name), member, place + "." + name, faults);
          } else {
            faults.add(place + ": expected no property " + name + ", but it is there");
          }
        });
    for (JsonString name : schema.getJsonArray("required").getValuesAs(JsonString.class)) {
      if (!value.containsKey(name.getString())) {
        faults.add(place + ": expected the property " + name + ", but it is missing");
      }
    }
  }
}
