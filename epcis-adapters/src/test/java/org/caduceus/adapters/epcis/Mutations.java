package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Small damages to a JSON document, the same for the same seed. */
final class Mutations {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<JsonNode> VALUES =
      List.of(
          NODES.nullNode(),
          NODES.booleanNode(true),
          NODES.numberNode(-1),
          NODES.numberNode(new java.math.BigDecimal("0.10")),
          NODES.textNode(""),
          NODES.textNode(" "),
          NODES.textNode("shipping"),
          NODES.textNode("ADD"),
          NODES.textNode("DELETE"),
          NODES.textNode("2024-02-30T00:00:00Z"),
          NODES.textNode("2024-02-28T00:00:00"),
          NODES.textNode("2024-02-28T00:00:00+08:00"),
          NODES.textNode("+14:30"),
          NODES.textNode("urn:epc:id:sgtin:4012345.011111.987"),
          NODES.textNode("urn:epcglobal:cbv:bizstep:shipping"),
          NODES.textNode("https://example.com/01/04012345123456"),
          NODES.textNode("http://exa mple.com/"),
          NODES.textNode("no uri at all"),
          NODES.textNode("'; DROP TABLE entries; --"),
          NODES.textNode("药品追溯码"),
          NODES.arrayNode(),
          NODES.objectNode());

  private static final String[] NAMES = {
    "unknown",
    "example:extension",
    "ilmd",
    "action",
    "epcList",
    "bizStep",
    "type",
    "id",
    "eventID",
    "persistentDisposition",
    "readPoint",
    "a b",
    "药",
    "urn:x:y",
    "parentID"
  };

  private final SplittableRandom random;

  Mutations(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A copy of {@code original} with one to three damages. */
  JsonNode of(JsonNode original) {
    JsonNode copy = original.deepCopy();
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages; i++) {
      damage(copy);
    }
    return copy;
  }

  private void damage(JsonNode root) {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    switch (container) {
      case ObjectNode object -> damageObject(object);
      case ArrayNode array -> damageArray(array);
      default -> throw new AssertionError();
    }
  }

  private void damageObject(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() ? NAMES[0] : names.get(random.nextInt(names.size()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name, value());
      case 2 -> object.set(NAMES[random.nextInt(NAMES.length)], value());
      case 3 -> {
        JsonNode moved = object.remove(name);
        object.set(NAMES[random.nextInt(NAMES.length)], moved == null ? value() : moved);
      }
      default -> object.set(name, NODES.arrayNode().add(object.path(name).deepCopy()));
    }
  }

  private void damageArray(ArrayNode array) {
    int size = array.size();
    switch (random.nextInt(4)) {
      case 0 -> array.removeAll();
      case 1 -> array.add(value());
      case 2 -> {
        if (size > 0) {
          array.add(array.get(random.nextInt(size)).deepCopy());
        }
      }
      default -> {
        if (size > 0) {
          array.set(random.nextInt(size), value());
        }
      }
    }
  }

  private JsonNode value() {
    return VALUES.get(random.nextInt(VALUES.size())).deepCopy();
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      if (node.isObject()) {
        for (Map.Entry<String, JsonNode> property : node.properties()) {
          collect(property.getValue(), containers);
        }
      } else {
        node.forEach(child -> collect(child, containers));
      }
    }
  }
}
