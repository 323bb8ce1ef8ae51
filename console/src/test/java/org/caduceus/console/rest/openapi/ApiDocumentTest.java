package org.caduceus.console.rest.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document is complete: whoever reads it needs no other page to call a node. */
class ApiDocumentTest {
  private static final Pattern TEMPLATE = Pattern.compile("\\{([^}]+)}");

  private final JsonObject document = new ApiDocument().build();
  private final Map<String, JsonObject> operations = new TreeMap<>();

  ApiDocumentTest() {
    document
        .getJsonObject("paths")
        .forEach(
            (path, item) ->
                item.asJsonObject()
                    .forEach(
                        (verb, operation) ->
                            operations.put(
                                verb.toUpperCase(Locale.ROOT) + " " + path,
                                operation.asJsonObject())));
  }

  @Test
  void everyMethodOfEveryResourceIsThere() {
    Set<String> expected =
        ApiDocument.resources().stream()
            .map(resource -> resource.verb() + " " + resource.path())
            .collect(Collectors.toSet());
    expected.add("GET /feed/blocks");
    assertEquals(expected, operations.keySet());
    assertTrue(
        expected.containsAll(
            Set.of(
                "POST /dicomweb/studies/{study}",
                "OPTIONS /epcis/capture",
                "GET /api/entries/{id}/receipt",
                "DELETE /api/tokens")),
        expected.toString());
  }

  @Test
  void everyOperationHasANameOfItsOwnASummaryAndADescribedTag() {
    Set<String> tags =
        document.getJsonArray("tags").getValuesAs(JsonObject.class).stream()
            .filter(tag -> !tag.getString("description").isEmpty())
            .map(tag -> tag.getString("name"))
            .collect(Collectors.toSet());
    Set<String> names = new HashSet<>();
    operations.forEach(
        (place, operation) -> {
          String name = operation.getString("operationId");
          assertTrue(names.add(name), place);
          assertTrue(name.matches("[a-z][A-Za-z]+"), place);
          assertFalse(operation.getString("summary").isBlank(), place);
          assertTrue(tags.contains(operation.getJsonArray("tags").getString(0)), place);
        });
  }

  @Test
  void everyParameterIsDescribedAndEveryTemplateIsOne() {
    operations.forEach(
        (place, operation) -> {
          Set<String> inPath = new HashSet<>();
          for (JsonObject parameter : parameters(operation)) {
            String name = parameter.getString("name");
            assertFalse(parameter.getString("description").isBlank(), place + " " + name);
            assertFalse(parameter.getJsonObject("schema").getString("type").isEmpty());
            if (parameter.getString("in").equals("path")) {
              assertTrue(parameter.getBoolean("required"), place);
              inPath.add(name);
            }
          }
          Matcher template = TEMPLATE.matcher(place);
          while (template.find()) {
            assertTrue(inPath.remove(template.group(1)), place);
          }
          assertEquals(Set.of(), inPath, place);
        });
  }

  private static List<JsonObject> parameters(JsonObject operation) {
    JsonArray parameters = operation.getJsonArray("parameters");
    return parameters == null ? List.of() : parameters.getValuesAs(JsonObject.class);
  }

  @Test
  void everyAnswerIsDescribedAndOnlySomeHaveNoBody() {
    Set<String> bodiless = Set.of("101", "201", "202", "204", "304");
    operations.forEach(
        (place, operation) -> {
          JsonObject responses = operation.getJsonObject("responses");
          assertTrue(responses.keySet().stream().anyMatch(code -> code.matches("[123].*")), place);
          responses.forEach(
              (code, value) -> {
                JsonObject response = value.asJsonObject();
                if (!response.containsKey("$ref")) {
                  assertFalse(response.getString("description").isBlank(), place + code);
                  assertTrue(
                      response.containsKey("content") || bodiless.contains(code),
                      place + " " + code + " has no body");
                }
              });
        });
  }

  @Test
  void everyBodyHasASchemaAndAnExampleThatFitsIt() {
    SchemaCheck check =
        new SchemaCheck(document.getJsonObject("components").getJsonObject("schemas"));
    List<String> wrong = new ArrayList<>();
    Set<String> checked = new HashSet<>();
    bodies(
        (place, media) -> {
          if (media.containsKey("example")) {
            checked.add(place);
            wrong.addAll(check.faults(media.getJsonObject("schema"), media.get("example"), place));
          } else if (!place.contains("multipart/related")) {
            wrong.add(place + ": expected an example, but there is none");
          }
        });
    assertEquals(List.of(), wrong);
    assertTrue(checked.size() > 40, checked.toString());
  }

  private void bodies(BiConsumer<String, JsonObject> each) {
    operations.forEach(
        (place, operation) -> {
          if (operation.containsKey("requestBody")) {
            content(place + " request ", operation.getJsonObject("requestBody"), each);
          }
          operation
              .getJsonObject("responses")
              .forEach((code, it) -> content(place + " " + code + " ", it.asJsonObject(), each));
        });
    document
        .getJsonObject("components")
        .getJsonObject("responses")
        .forEach((name, response) -> content(name + " ", response.asJsonObject(), each));
  }

  private static void content(String place, JsonObject body, BiConsumer<String, JsonObject> each) {
    if (body.containsKey("content")) {
      body.getJsonObject("content")
          .forEach((type, media) -> each.accept(place + type, media.asJsonObject()));
    }
  }

  @Test
  void whoMayCallIsAsTheRulesSay() {
    for (String open : List.of("POST /api/tokens", "GET /api/genesis")) {
      assertEquals(JsonValue.EMPTY_JSON_ARRAY, operations.get(open).getJsonArray("security"), open);
    }
    for (String closed :
        List.of(
            "GET /api/status", "POST /epcis/capture", "DELETE /api/tokens", "GET /feed/blocks")) {
      assertFalse(operations.get(closed).containsKey("security"), closed);
    }
    assertFalse(has("GET /api/genesis", "401"));
    assertTrue(has("GET /api/status", "401"));
    assertFalse(has("GET /api/status", "403"));
    assertTrue(has("GET /api/messages", "403"));
    assertEquals(
        "For ADMINISTRATOR, AUDITOR, INTEGRATION.",
        operations.get("GET /api/messages").getString("description"));
    assertTrue(
        document
            .getJsonObject("components")
            .getJsonObject("securitySchemes")
            .containsKey(ApiDocument.BEARER));
    assertTrue(document.getJsonArray("security").getJsonObject(0).containsKey(ApiDocument.BEARER));
  }

  private boolean has(String place, String code) {
    return operations.get(place).getJsonObject("responses").containsKey(code);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    Set<String> wanted = new HashSet<>();
    collect(document, wanted);
    assertTrue(wanted.contains("#/components/schemas/Block"), wanted.toString());
    assertTrue(wanted.contains("#/components/responses/Unauthorized"), wanted.toString());
    for (String reference : wanted) {
      assertTrue(
          jakarta.json.Json.createPointer(reference.substring(1)).containsValue(document),
          reference);
    }
  }

  private static void collect(JsonValue value, Set<String> wanted) {
    switch (value.getValueType()) {
      case OBJECT ->
          value
              .asJsonObject()
              .forEach(
                  (name, member) -> {
                    if (name.equals("$ref")) {
                      wanted.add(((JsonString) member).getString());
                    } else {
                      collect(member, wanted);
                    }
                  });
      case ARRAY -> value.asJsonArray().forEach(member -> collect(member, wanted));
      default -> {
        // A leaf refers to nothing.
      }
    }
  }
}
