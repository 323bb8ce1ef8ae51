package org.caduceus.console.rest.openapi;

import jakarta.json.JsonValue;
import jakarta.ws.rs.PathParam;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caduceus.console.rest.EpcisVersions;
import org.caduceus.console.security.AccessRules.Access;
import org.caduceus.ledger.account.Role;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;

/**
 * Operations from the annotations of resource methods, and what follows for each from its path and
 * its answers.
 */
final class Operations {
  private final RecordSchemas schemas;

  Operations(RecordSchemas schemas) {
    this.schemas = schemas;
  }

  /** The operation of a resource method. */
  Map<String, Object> of(Resource resource) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", resource.operation().operationId());
    operation.put("summary", resource.operation().summary());
    String description = description(resource);
    if (!description.isEmpty()) {
      operation.put("description", description);
    }
    operation.put("tags", List.of(resource.tag()));
    // The document asks for a token; a public path does not, unless its method says so.
    if (isPublic(resource) && !resource.method().isAnnotationPresent(SecurityRequirement.class)) {
      operation.put("security", List.of());
    }
    List<Map<String, Object>> parameters = parameters(resource);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    RequestBody body = resource.method().getAnnotation(RequestBody.class);
    if (body != null) {
      operation.put("requestBody", requestBody(body, resource));
    }
    operation.put("responses", responses(resource, body != null));
    return operation;
  }

  private static String description(Resource resource) {
    String roles =
        !isForSome(resource)
            ? ""
            : roles(resource).stream()
                .map(Role::name)
                .collect(Collectors.joining(", ", " For ", "."));
    return (resource.operation().description() + roles).strip();
  }

  private static List<Map<String, Object>> parameters(Resource resource) {
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (var parameter : resource.method().getParameters()) {
      PathParam name = parameter.getAnnotation(PathParam.class);
      if (name != null) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", name.value());
        described.put("in", "path");
        described.put("required", true);
        described.put("description", parameter.getAnnotation(Parameter.class).description());
        described.put("schema", Map.of("type", "string"));
        parameters.add(described);
      }
    }
    for (Parameter parameter : resource.method().getAnnotationsByType(Parameter.class)) {
      if (parameter.in() == ParameterIn.QUERY) {
        parameters.add(QueryParameters.parameter(parameter.name(), parameter.description()));
      }
    }
    return parameters;
  }

  private Map<String, Object> requestBody(RequestBody annotation, Resource resource) {
    Map<String, Object> content = new LinkedHashMap<>();
    for (Content one : annotation.content()) {
      content.put(
          one.mediaType(),
          mediaType(one, Examples.request(resource.operation().operationId(), one.mediaType())));
    }
    return Map.of("required", annotation.required(), "content", content);
  }

  private Map<String, Object> responses(Resource resource, boolean hasBody) {
    Map<String, APIResponse> annotations = new TreeMap<>();
    for (APIResponse response : resource.type().getAnnotationsByType(APIResponse.class)) {
      annotations.put(response.responseCode(), response);
    }
    for (APIResponse response : resource.method().getAnnotationsByType(APIResponse.class)) {
      annotations.put(response.responseCode(), response);
    }
    Map<String, Object> responses = new TreeMap<>();
    annotations.forEach(
        (code, annotation) ->
            responses.put(code, response(annotation, resource, annotations.containsKey("304"))));
    // What any operation may answer, unless its annotations say it in better words.
    boolean checksQuery = resource.path().startsWith("/api/") && resource.verb().equals("GET");
    if (hasBody || checksQuery) {
      responses.putIfAbsent("400", Problems.ref("400"));
    }
    if (!isPublic(resource)) {
      responses.putIfAbsent("401", Problems.ref("401"));
    }
    if (isForSome(resource)) {
      responses.putIfAbsent("403", Problems.ref("403"));
    }
    responses.putIfAbsent("500", Problems.ref("500"));
    return responses;
  }

  private Map<String, Object> response(APIResponse annotation, Resource resource, boolean tagged) {
    String code = annotation.responseCode();
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("description", annotation.description());
    Map<String, Object> headers = headers(annotation, resource, tagged);
    if (!headers.isEmpty()) {
      response.put("headers", headers);
    }
    if (annotation.content().length > 0) {
      Map<String, Object> content = new LinkedHashMap<>();
      for (Content one : annotation.content()) {
        content.put(
            one.mediaType().isEmpty() ? resource.mediaType() : one.mediaType(),
            mediaType(
                one, Examples.response(resource.operation().operationId(), resource.tag(), code)));
      }
      response.put("content", content);
    } else if (code.compareTo("400") >= 0) {
      response.put(
          "content",
          Problems.content(Integer.parseInt(code), annotation.description(), resource, schemas));
    }
    return response;
  }

  private Map<String, Object> headers(APIResponse annotation, Resource resource, boolean tagged) {
    Map<String, Object> headers = new LinkedHashMap<>();
    for (Header header : annotation.headers()) {
      headers.put(
          header.name(),
          Map.of("description", header.description(), "schema", schemas.of(header.schema())));
    }
    boolean ok = annotation.responseCode().equals("200");
    if (ok && tagged) {
      headers.put("ETag", header("For If-None-Match", "\"b-5f2c\""));
    }
    if (ok && parameters(resource).stream().anyMatch(p -> p.get("name").equals("before"))) {
      headers.put(
          "Link",
          header(
              "The next page, when there is one",
              "<" + resource.path() + "?before=7>; rel=\"next\""));
    }
    if (resource.verb().equals("OPTIONS")) {
      EpcisVersions.COMMON.forEach(
          (name, value) -> headers.put(name, header("EPCIS 2.0 section 12.8", value)));
    }
    return headers;
  }

  private static Map<String, Object> header(String description, String example) {
    return Map.of(
        "description", description, "schema", Map.of("type", "string"), "example", example);
  }

  private Map<String, Object> mediaType(Content annotation, Optional<JsonValue> example) {
    Map<String, Object> mediaType = new LinkedHashMap<>();
    mediaType.put("schema", schemas.of(annotation.schema()));
    example.ifPresent(value -> mediaType.put("example", value));
    return mediaType;
  }

  private static boolean isPublic(Resource resource) {
    return resource.access() instanceof Access.Open;
  }

  private static boolean isForSome(Resource resource) {
    return !isPublic(resource) && !roles(resource).containsAll(EnumSet.allOf(Role.class));
  }

  private static Set<Role> roles(Resource resource) {
    return switch (resource.access()) {
      case Access.Open open -> Set.of();
      case Access.OneOf(Set<Role> roles) -> EnumSet.copyOf(roles);
    };
  }
}
