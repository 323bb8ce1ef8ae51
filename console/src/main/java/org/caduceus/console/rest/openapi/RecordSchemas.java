package org.caduceus.console.rest.openapi;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Schemas of the wire records, as {@link org.caduceus.console.rest.JsonForm} writes them: an absent
 * {@code Optional} is left out, everything else is there. Descriptions, examples and names come
 * from {@code @Schema}.
 */
final class RecordSchemas {
  private final Map<String, Map<String, Object>> byName = new TreeMap<>();

  /** Every record met so far. */
  Map<String, Map<String, Object>> byName() {
    return byName;
  }

  /** A reference to a record's schema. */
  Map<String, Object> ref(Class<?> type) {
    Schema annotation = type.getAnnotation(Schema.class);
    if (!type.isRecord() || annotation == null || annotation.name().isEmpty()) {
      throw new IllegalStateException(
          "Expected a record with the name of its schema, but got " + type.getName());
    }
    if (!byName.containsKey(annotation.name())) {
      Map<String, Object> schema = new LinkedHashMap<>();
      byName.put(annotation.name(), schema);
      schema.put("type", "object");
      describe(schema, annotation);
      Map<String, Object> properties = new LinkedHashMap<>();
      List<String> required = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        properties.put(component.getName(), property(component));
        if (!component.getType().equals(Optional.class)) {
          required.add(component.getName());
        }
      }
      schema.put("properties", properties);
      schema.put("required", required);
    }
    Map<String, Object> ref = new LinkedHashMap<>();
    ref.put("$ref", "#/components/schemas/" + annotation.name());
    return ref;
  }

  /** What an annotation says by itself. */
  Map<String, Object> of(Schema annotation) {
    if (!annotation.implementation().equals(Void.class)) {
      return ref(annotation.implementation());
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (annotation.type() != SchemaType.DEFAULT) {
      schema.put("type", annotation.type().name().toLowerCase(Locale.ROOT));
    }
    describe(schema, annotation);
    return schema;
  }

  private Map<String, Object> property(RecordComponent component) {
    Map<String, Object> schema = schema(component.getGenericType());
    Schema annotation = component.getAccessor().getAnnotation(Schema.class);
    if (annotation != null) {
      describe(schema, annotation);
    }
    return schema;
  }

  private Map<String, Object> schema(Type type) {
    Map<String, Object> schema = new LinkedHashMap<>();
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType().equals(Optional.class)) {
        return schema(arguments[0]);
      }
      if (generic.getRawType().equals(List.class)) {
        schema.put("type", "array");
        schema.put("items", schema(arguments[0]));
        return schema;
      }
      if (generic.getRawType().equals(Map.class)) {
        schema.put("type", "object");
        schema.put("additionalProperties", schema(arguments[1]));
        return schema;
      }
    }
    if (type instanceof Class<?> plain && plain.isRecord()) {
      return ref(plain);
    }
    if (type.equals(String.class)) {
      schema.put("type", "string");
    } else if (type.equals(boolean.class)) {
      schema.put("type", "boolean");
    } else if (type.equals(int.class) || type.equals(Integer.class)) {
      schema.put("type", "integer");
      schema.put("format", "int32");
    } else if (type.equals(long.class) || type.equals(Long.class)) {
      schema.put("type", "integer");
      schema.put("format", "int64");
    } else {
      throw new IllegalStateException(
          "Expected a type that the wire knows, but got " + type.getTypeName());
    }
    return schema;
  }

  private static void describe(Map<String, Object> schema, Schema annotation) {
    if (!annotation.description().isEmpty()) {
      schema.put("description", annotation.description());
    }
    if (!annotation.format().isEmpty()) {
      schema.put("format", annotation.format());
    }
    if (annotation.enumeration().length > 0) {
      schema.put("enum", List.of(annotation.enumeration()));
    }
    if (!annotation.example().isEmpty()) {
      boolean number = "integer".equals(schema.get("type"));
      schema.put(
          "examples",
          List.of(number ? (Object) Long.valueOf(annotation.example()) : annotation.example()));
    }
  }
}
