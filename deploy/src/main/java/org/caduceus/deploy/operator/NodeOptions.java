package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;
import picocli.CommandLine.Option;

/** Which node a command speaks to, and as whom. */
final class NodeOptions {
  @Option(
      names = "--node",
      paramLabel = "URL",
      description = "Address of the node's console, for instance https://node.example.")
  private String node;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with a token of POST /api/tokens; else CADUCEUS_TOKEN.")
  private Path tokenFile;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Account to get a token for, with --password-file.")
  private String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "File with the password of --user.")
  private Path passwordFile;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder of a consortium of deploy/demo, in place of --node.")
  private Path home;

  @Option(
      names = "--member",
      paramLabel = "MEMBER",
      description = "Whose node in --home; default: the first.")
  private String member;

  /** The client they describe. */
  NodeClient client() {
    if (node != null) {
      return remote(node.replaceAll("/+$", ""));
    }
    Path folder = home == null ? Project.locate().root().resolve(".caduceus") : home;
    Installation installation = Installation.read(folder.toAbsolutePath().normalize());
    return new NodeClient(
        installation.memberHome(member == null ? installation.members().get(0) : member));
  }

  private NodeClient remote(String url) {
    if (tokenFile != null) {
      return NodeClient.withToken(url, text(tokenFile));
    }
    if (user != null && passwordFile != null) {
      return NodeClient.withAccount(url, user, text(passwordFile));
    }
    String token = System.getenv("CADUCEUS_TOKEN");
    if (token == null || token.isBlank()) {
      throw new ToolFailure(
          "Expected --token-file, CADUCEUS_TOKEN, or --user with --password-file, but got none");
    }
    return NodeClient.withToken(url, token.strip());
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new ToolFailure("Expected to read " + file + ", but that failed", e);
    }
  }

  /** What the node answers to a GET. */
  static JsonNode get(NodeClient client, String path) {
    try {
      return successful(client, client.get(path)).json();
    } catch (IOException e) {
      throw new NodeAway(client.name(), e);
    }
  }

  /** What the node answers to a POST of a JSON text. */
  static JsonNode post(NodeClient client, String path, String body) {
    try {
      return successful(
              client, client.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8)))
          .json();
    } catch (IOException e) {
      throw new NodeAway(client.name(), e);
    }
  }

  /** PUT of a JSON text. */
  static void put(NodeClient client, String path, String body) {
    try {
      successful(
          client, client.put(path, "application/json", body.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new NodeAway(client.name(), e);
    }
  }

  /** DELETE. */
  static void delete(NodeClient client, String path) {
    try {
      successful(client, client.delete(path));
    } catch (IOException e) {
      throw new NodeAway(client.name(), e);
    }
  }

  private static NodeClient.Answer successful(NodeClient client, NodeClient.Answer answer) {
    if (!answer.isSuccess()) {
      throw new ToolFailure(
          client.name() + " refuses (" + answer.status() + "): " + answer.reason());
    }
    return answer;
  }
}
