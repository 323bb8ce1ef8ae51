package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "How this node is and how it sees the others; exit code 4 if it does not vote.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    JsonNode status = NodeOptions.get(node.client(), "/api/status");
    out.value(status);
    out.line(
        status.path("member").asText()
            + ": height "
            + status.path("height").asLong()
            + ", epoch "
            + status.path("epoch").asLong()
            + ", view "
            + status.path("view").asLong()
            + " led by "
            + status.path("leader").asText()
            + (status.path("voting").asBoolean() ? ", votes" : ", DOES NOT VOTE"));
    out.line(status.path("summary").asText());
    CutOffs.in(status).forEach(out::line);
    Table table = new Table("MEMBER", "LINK", "HEIGHT", "LAST HEARD", "ENCLAVE");
    for (JsonNode peer : status.path("members")) {
      table.row(
          peer.path("id").asText(),
          peer.path("self").asBoolean()
              ? "self"
              : peer.path("connected").asBoolean() ? "up" : "down",
          peer.path("height").asText(),
          peer.path("lastHeardAt").asText("never"),
          peer.path("tier").asText("no evidence"));
    }
    table.lines().forEach(out::line);
    return status.path("voting").asBoolean() ? Operator.DONE : Operator.NOT_WELL;
  }
}
