package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * The prefixes that a document's {@code @context} declares, on top of those of the EPCIS context
 * itself (EPCIS 2.0 section 10.4). Contexts are never fetched: one at another address may declare
 * prefixes we do not see, which then stay as they are.
 */
final class Namespaces {
  private static final String EPCIS_CONTEXT = "epcis-context.jsonld";

  /** Namespaces whose compact terms CBV 2.0 section 8.9 expands in values too. */
  private static final String[] OF_GS1 = {"https://gs1.org/", "https://ref.gs1.org/"};

  private static final Map<String, String> STANDARD =
      Map.of(
          "epcis", "https://ref.gs1.org/epcis/",
          "cbv", "https://ref.gs1.org/cbv/",
          "cbvmda", "urn:epcglobal:cbv:mda:",
          "gs1", Vocabulary.GS1,
          "rdfs", "http://www.w3.org/2000/01/rdf-schema#",
          "owl", "http://www.w3.org/2002/07/owl#",
          "xsd", "http://www.w3.org/2001/XMLSchema#",
          "dcterms", "http://purl.org/dc/terms/");

  private final Map<String, String> prefixes = new HashMap<>(STANDARD);
  private boolean epcisContext;
  private boolean foreignContext;

  private Namespaces() {}

  /** Of {@code contexts} in order, later ones overriding earlier ones; missing ones are skipped. */
  static Namespaces of(JsonNode... contexts) {
    Namespaces namespaces = new Namespaces();
    for (JsonNode context : contexts) {
      namespaces.add(context);
    }
    return namespaces;
  }

  private void add(JsonNode context) {
    if (context.isArray()) {
      context.forEach(this::add);
    } else if (context.isTextual()) {
      if (context.textValue().endsWith(EPCIS_CONTEXT)) {
        epcisContext = true;
      } else {
        foreignContext = true;
      }
    } else if (context.isObject()) {
      for (Map.Entry<String, JsonNode> term : context.properties()) {
        JsonNode meaning = term.getValue();
        String uri = meaning.isObject() ? meaning.path("@id").asText("") : meaning.asText("");
        if (!uri.isEmpty()) {
          prefixes.put(term.getKey(), uri);
        }
      }
    }
  }

  /** Whether the EPCIS context is among them: without it no property has a meaning. */
  boolean includeEpcis() {
    return epcisContext;
  }

  /** {@code {namespace}local} for a prefixed property name, else the name itself. */
  String expandName(String name) {
    int colon = name.indexOf(':');
    String namespace = colon < 0 ? null : prefixes.get(name.substring(0, colon));
    return namespace == null ? name : "{" + namespace + "}" + name.substring(colon + 1);
  }

  /** The full URI of a compact term of GS1's vocabularies, any other value as it is. */
  String expandValue(String value) {
    int colon = value.indexOf(':');
    if (colon <= 0 || colon > 32) {
      return value;
    }
    String namespace = prefixes.get(value.substring(0, colon));
    if (namespace != null) {
      for (String gs1 : OF_GS1) {
        if (namespace.startsWith(gs1)) {
          return namespace + value.substring(colon + 1);
        }
      }
    }
    return value;
  }

  /** The first property below {@code node} whose prefix nobody declared. */
  Optional<Refused> undeclared(JsonNode node, String pointer) {
    if (foreignContext) {
      return Optional.empty();
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        Optional<Refused> found = undeclared(node.get(i), pointer + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        if (property.getKey().equals("@context")) {
          continue;
        }
        String child = JsonPointers.child(pointer, property.getKey());
        if (!isDeclared(property.getKey())) {
          return Optional.of(
              new Refused(
                  Capture.VALIDATION,
                  child,
                  "Expected the namespace of an extension in @context, but it is not declared"));
        }
        Optional<Refused> found = undeclared(property.getValue(), child);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private boolean isDeclared(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      return true;
    }
    String prefix = name.substring(0, colon);
    return prefixes.containsKey(prefix)
        || prefix.equals("https")
        || prefix.equals("http")
        || prefix.equals("urn");
  }
}
