package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus candidate}. */
@Command(
    name = "candidate",
    mixinStandardHelpOptions = true,
    description = {
      "What this node's institution shows to get a seat: keys, hash of its links' key, fresh evidence.",
      "JSON, for \"propose add-member\" of a member."
    })
final class CandidateCommand implements Callable<Integer> {
  @Mixin private NodeOptions node;

  @Override
  public Integer call() {
    JsonNode candidate = NodeOptions.get(node.client(), "/api/governance/candidate");
    System.out.println(Output.pretty(candidate));
    return Operator.DONE;
  }
}
