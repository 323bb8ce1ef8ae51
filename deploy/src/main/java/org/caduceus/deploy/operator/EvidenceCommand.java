package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus evidence}. */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    description = {
      "Proofs kept by this node that members signed what none may; exit code 4 if there are any.",
      "本节点留存的成员违规签名证明；如有则退出码为 4。"
    })
final class EvidenceCommand implements Callable<Integer> {
  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    JsonNode faults = NodeOptions.get(node.client(), "/api/governance").path("faults");
    out.value(faults);
    if (faults.isEmpty()) {
      out.line("This node has no proof against anybody.");
      return Operator.DONE;
    }
    Table table = new Table("ID", "MEMBER", "EPOCH", "KEPT", "ON THE LEDGER", "PROVES");
    for (JsonNode fault : faults) {
      table.row(
          fault.path("id").asText().substring(0, 12),
          fault.path("member").asText("-"),
          fault.path("epoch").asText(),
          fault.path("keptAt").asText(),
          fault.path("entryId").asText("not yet"),
          fault.path("reason").asText());
    }
    table.lines().forEach(out::line);
    return Operator.NOT_WELL;
  }
}
