package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code deploy/demo status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "How each member is: addresses, height and tip of its ledger, enclave, memory.")
final class StatusCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private HomeOption home;

  @Option(names = "--json", description = "One JSON object, for programs.")
  private boolean json;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    List<ObjectNode> members =
        installation.memberHomes().stream().map(StatusCommand::describe).toList();
    Narrator narrator = new Narrator(System.out);
    if (json) {
      ObjectNode root = JSON.createObjectNode();
      root.put("chainId", installation.chainId());
      root.put("suite", installation.suite().label());
      root.put("database", installation.database().name().toLowerCase(java.util.Locale.ROOT));
      root.putArray("members").addAll(members);
      try {
        narrator.line(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
      } catch (IOException e) {
        throw new ToolFailure("Expected to write JSON, but that failed", e);
      }
    } else {
      table(members).lines().forEach(narrator::line);
      reasons(members).forEach(narrator::line);
    }
    boolean up = members.stream().allMatch(member -> member.path("running").asBoolean());
    return up ? 0 : 3;
  }

  static Table table(List<ObjectNode> members) {
    Table table =
        new Table(
            "MEMBER", "NODE", "HEIGHT", "TIP", "ENCLAVE", "MODE", "VOTES", "WAITING", "RSS MB",
            "CONSOLE", "MLLP");
    for (ObjectNode member : members) {
      boolean running = member.path("running").asBoolean();
      String tip = member.path("tip").asText("");
      table.row(
          member.path("id").asText(),
          running ? "up" : member.path("pid").isNull() ? "down" : "starting",
          running ? member.path("height").asText() : "-",
          tip.length() > 12 ? tip.substring(0, 12) : "-",
          member.path("enclave").path("pid").isNull()
              ? "down"
              : member.path("enclave").path("tier").asText("?"),
          member.path("mode").asText("-"),
          member.path("voting").asText("-"),
          member.path("waiting").asText("-"),
          running ? member.path("rssMb").asText() : "-",
          member.path("console").asText(),
          member.path("mllp").asText());
    }
    return table;
  }

  /** Why nodes that do not vote, or where something waits, say that it is so. */
  private static List<String> reasons(List<ObjectNode> members) {
    return members.stream()
        .filter(member -> member.path("running").asBoolean())
        .filter(member -> !member.path("voting").asBoolean() || member.path("waiting").asLong() > 0)
        .map(member -> member.path("id").asText() + ": " + member.path("summary").asText())
        .toList();
  }

  /** What the node could verify of its own enclave; before it has, what the enclave says. */
  private static String tier(JsonNode status) {
    for (JsonNode each : status.path("members")) {
      if (each.path("self").asBoolean() && each.path("tier").isTextual()) {
        return each.path("tier").asText();
      }
    }
    return status.path("enclave").path("tier").asText(null);
  }

  /** Everything known of a member from outside, and what its node says. */
  static ObjectNode describe(MemberHome home) {
    ObjectNode member = JSON.createObjectNode();
    Optional<RecordedProcess> node = home.node();
    Optional<RecordedProcess> enclave = home.enclaveProcess();
    Optional<JsonNode> status = node.isPresent() ? new NodeClient(home).status() : Optional.empty();
    member.put("id", home.id());
    member.put("running", status.isPresent());
    member.put("console", home.url() + "/");
    member.put("api", home.url() + "/api");
    member.put("mllp", "127.0.0.1:" + home.ports().mllp());
    member.put("mllpTls", "127.0.0.1:" + home.ports().mllpTls());
    member.put("dicomweb", home.url() + "/dicomweb");
    member.put("epcis", home.url() + "/epcis");
    member.put("broker", "127.0.0.1:" + home.ports().broker());
    member.put("height", status.map(s -> s.path("height").asLong()).orElse(0L));
    member.put("tip", status.map(s -> s.path("tip").asText()).orElse(""));
    status.ifPresent(
        said -> {
          for (String field :
              List.of("epoch", "mode", "view", "leader", "voting", "waiting", "summary")) {
            member.set(field, said.path(field));
          }
        });
    ObjectNode tee = member.putObject("enclave");
    tee.put("tier", status.map(StatusCommand::tier).orElse(null));
    tee.put("state", status.map(s -> s.path("enclave").path("state").asText(null)).orElse(null));
    tee.put("pid", enclave.map(RecordedProcess::pid).orElse(null));
    tee.put("rssMb", enclave.map(RecordedProcess::residentMegabytes).orElse(0L));
    member.put("pid", node.map(RecordedProcess::pid).orElse(null));
    member.put("rssMb", node.map(RecordedProcess::residentMegabytes).orElse(0L));
    return member;
  }
}
