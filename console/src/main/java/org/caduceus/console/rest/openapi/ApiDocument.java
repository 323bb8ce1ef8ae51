package org.caduceus.console.rest.openapi;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.caduceus.console.rest.ApiApplication;
import org.caduceus.console.rest.DicomApplication;
import org.caduceus.console.rest.EpcisApplication;

/** The whole document, OpenAPI 3.1. */
final class ApiDocument {
  /** Name of the one way to authenticate. */
  static final String BEARER = "bearerAuth";

  private static final String DESCRIPTION =
      "A node of a health consortium's ledger: entries, blocks, receipts, messages in, and the"
          + " inlets for DICOM and EPCIS. Errors are problem details (RFC 9457). Lists are paged by"
          + " cursor: follow the Link header with rel=\"next\". Unknown query parameters are refused."
          + " Times are ISO 8601 in UTC, hashes and keys hexadecimal, larger bytes Base64.";

  private static final List<Map<String, String>> TAGS =
      List.of(
          tag("Tokens", "Sign-in for programs"),
          tag("Node", "This node and the consortium it belongs to"),
          tag("Ledger", "What the consortium has agreed on, and its proofs"),
          tag("Governance", "What institutions' officers sign, with keys that stay with them"),
          tag("Messages", "What came in at this node and what became of it; never the content"),
          tag("DICOM", "The inlet for images: STOW-RS (PS3.18 section 10.5)"),
          tag("EPCIS", "The inlet for events of things: EPCIS 2.0 capture (section 12.6)"));

  private final RecordSchemas schemas = new RecordSchemas();
  private final Operations operations = new Operations(schemas);

  /** The document. */
  JsonObject build() {
    Map<String, Map<String, Object>> paths = new TreeMap<>();
    for (Resource resource : resources()) {
      paths
          .computeIfAbsent(resource.path(), path -> new LinkedHashMap<>())
          .put(resource.verb().toLowerCase(Locale.ROOT), operations.of(resource));
    }
    paths.put(BlockFeed.PATH, BlockFeed.describe(schemas));
    Map<String, Object> responses = Problems.shared(schemas);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", info());
    document.put("servers", List.of(Map.of("url", "/", "description", "This node")));
    document.put("tags", TAGS);
    document.put("security", List.of(Map.of(BEARER, List.of())));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "schemas",
            schemas.byName(),
            "responses",
            responses,
            "securitySchemes",
            Map.of(
                BEARER,
                Map.of(
                    "type",
                    "http",
                    "scheme",
                    "bearer",
                    "description",
                    "A token of POST /api/tokens, as Authorization: Bearer TOKEN"))));
    return Json.createObjectBuilder(document).build();
  }

  /** Every method of the three applications that answers an HTTP method. */
  static List<Resource> resources() {
    List<Resource> found = new ArrayList<>();
    for (Application application :
        List.of(new ApiApplication(), new DicomApplication(), new EpcisApplication())) {
      String prefix = application.getClass().getAnnotation(ApplicationPath.class).value();
      for (Class<?> type : application.getClasses()) {
        if (type.isAnnotationPresent(Path.class)) {
          for (Method method : type.getDeclaredMethods()) {
            Resource.of(prefix, type, method).ifPresent(found::add);
          }
        }
      }
    }
    found.sort(Comparator.comparing(Resource::path).thenComparing(Resource::verb));
    return found;
  }

  private static Map<String, Object> info() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Caduceus");
    info.put("version", ApiApplication.VERSION);
    info.put("description", DESCRIPTION);
    info.put("license", Map.of("name", "Apache License 2.0", "identifier", "Apache-2.0"));
    return info;
  }

  private static Map<String, String> tag(String name, String description) {
    return Map.of("name", name, "description", description);
  }
}
