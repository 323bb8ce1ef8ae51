package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** The web interface of one node, as any program would use it. */
public final class NodeClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  // A token outlives this tool, and each sign-in costs the node a slow password check.
  private static final ConcurrentMap<String, String> TOKENS = new ConcurrentHashMap<>();

  private final String name;
  private final String url;
  private final Supplier<String> signIn;

  /** A client of this member's node, as its administrator. */
  public NodeClient(MemberHome home) {
    this.name = home.id();
    this.url = home.url();
    this.signIn =
        () -> tokenOf(home.setting("caduceus.admin.name"), home.setting("caduceus.admin.password"));
  }

  private NodeClient(String url, Supplier<String> signIn) {
    this.name = url;
    this.url = url;
    this.signIn = signIn;
  }

  /**
   * A client of a node anywhere.
   *
   * @param url without a slash at the end
   */
  public static NodeClient withToken(String url, String token) {
    return new NodeClient(url, () -> token);
  }

  /** Same, with an account that gets its tokens there. */
  public static NodeClient withAccount(String url, String account, String password) {
    NodeClient door = new NodeClient(url, () -> "");
    return new NodeClient(url, () -> door.tokenOf(account, password));
  }

  /** How messages name the node. */
  public String name() {
    return name;
  }

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body its text
   * @param location header Location, or empty
   */
  public record Answer(int status, String body, String location) {
    /** The body as JSON; a missing node if it is none. */
    public JsonNode json() {
      try {
        JsonNode node = JSON.readTree(body);
        return node == null ? MissingNode.getInstance() : node;
      } catch (IOException notJson) {
        return MissingNode.getInstance();
      }
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
      return status / 100 == 2;
    }

    /** Why not, in one line: the problem's detail or title, else the status. */
    public String reason() {
      JsonNode problem = json();
      for (String field : List.of("detail", "title", "exception")) {
        if (problem.path(field).isTextual()) {
          return problem.path(field).asText();
        }
      }
      return "HTTP " + status;
    }
  }

  /** Whether the application answers at all. */
  public boolean answers() {
    try {
      return send(request("/api/genesis").GET().build()).isSuccess();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** A bearer token. */
  public String token() {
    return TOKENS.computeIfAbsent(url, node -> signIn.get());
  }

  private String tokenOf(String account, String password) {
    try {
      String body =
          JSON.writeValueAsString(
              JSON.createObjectNode().put("name", account).put("password", password));
      Answer answer =
          send(
              request("/api/tokens")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build());
      String token = answer.json().path("token").asText("");
      if (token.isEmpty()) {
        throw new ToolFailure(name + " gives no token: " + answer.reason());
      }
      return token;
    } catch (IOException e) {
      throw new ToolFailure(name + " does not answer on " + url, e);
    }
  }

  /** The node's status, or nothing if it does not answer. */
  public Optional<JsonNode> status() {
    try {
      Answer answer = get("/api/status");
      return answer.isSuccess() ? Optional.of(answer.json()) : Optional.empty();
    } catch (IOException | ToolFailure down) {
      return Optional.empty();
    }
  }

  /** Entries with this external id, newest first. */
  public List<JsonNode> entries(String externalId) throws IOException {
    Answer answer =
        get("/api/entries?externalId=" + URLEncoder.encode(externalId, StandardCharsets.UTF_8));
    if (!answer.isSuccess()) {
      throw new IOException(name + " answers " + answer.status() + ": " + answer.reason());
    }
    List<JsonNode> items = new ArrayList<>();
    answer.json().path("items").forEach(items::add);
    return items;
  }

  /** GET with a token. */
  public Answer get(String path) throws IOException {
    Answer answer = send(authorised(path).GET().build());
    if (answer.status() == 401) {
      TOKENS.remove(url);
      answer = send(authorised(path).GET().build());
    }
    return answer;
  }

  /** POST with a token. */
  public Answer post(String path, String contentType, byte[] body) throws IOException {
    return send(
        authorised(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** PUT with a token. */
  public Answer put(String path, String contentType, byte[] body) throws IOException {
    return send(
        authorised(path)
            .header("Content-Type", contentType)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** DELETE with a token. */
  public Answer delete(String path) throws IOException {
    return send(authorised(path).DELETE().build());
  }

  private HttpRequest.Builder authorised(String path) {
    return request(path).header("Authorization", "Bearer " + token());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(TIMEOUT)
        .header("Accept", "application/json, application/dicom+json, application/problem+json");
  }

  private static Answer send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response =
          HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("Location").orElse(""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
