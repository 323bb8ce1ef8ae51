package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus institutions}. */
@Command(
    name = "institutions",
    mixinStandardHelpOptions = true,
    description = {
      "Who takes part in the running epoch: who has a seat and who follows, who is suspended, what "
          + "each weight counts for in elections and whom it elects, and who would have a seat if "
          + "the epoch ended now. \"propose\" changes it; --json has the fingerprints of the keys too.",
      "谁参与当前纪元：席位、跟随、暂停、选举权重与委托，以及若此刻选举谁将有席位；变更用 propose。"
    })
final class InstitutionsCommand implements Callable<Integer> {
  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    JsonNode answer = NodeOptions.get(node.client(), "/api/institutions");
    out.value(answer);
    out.line(headline(answer));
    out.line("state root " + answer.path("stateRoot").asText());
    elections(answer).forEach(out::line);
    table(answer).lines().forEach(out::line);
    return Operator.DONE;
  }

  private static String headline(JsonNode answer) {
    int suspended = 0;
    for (JsonNode each : answer.path("items")) {
      suspended += each.path("suspended").asBoolean() ? 1 : 0;
    }
    int seats = answer.path("seats").asInt();
    return "epoch "
        + answer.path("epoch").asLong()
        + ", "
        + answer.path("mode").asText()
        + ": "
        + seats
        + " with a seat, of which "
        + answer.path("quorum").asInt()
        + " decide; "
        + (answer.path("items").size() - seats)
        + " without; "
        + suspended
        + " suspended";
  }

  private static List<String> elections(JsonNode answer) {
    JsonNode elections = answer.path("elections");
    if (!elections.isObject()) {
      return List.of("no elections: ballots alone decide who has a seat");
    }
    List<String> elected = new ArrayList<>();
    elections.path("elected").forEach(id -> elected.add(id.asText()));
    return List.of(
        "committee of "
            + elections.path("committee").asInt()
            + ", elected every "
            + elections.path("epochBlocks").asInt()
            + " blocks at most, next at height "
            + elections.path("dueHeight").asLong(),
        "if elected now: " + String.join(", ", elected));
  }

  private static Table table(JsonNode answer) {
    Table table = new Table("INSTITUTION", "KIND", "PART", "WEIGHT", "COUNTS", "ELECTS", "VOTES");
    for (JsonNode each : answer.path("items")) {
      String part = each.path("part").asText().equals("MEMBER") ? "seat" : "follows";
      table.row(
          each.path("id").asText(),
          each.path("category").asText().toLowerCase(Locale.ROOT),
          each.path("suspended").asBoolean() ? "SUSPENDED" : part,
          each.path("weight").asText(),
          each.path("countedWeight").asText(),
          each.path("delegate").asText("itself"),
          each.path("electedWith").asText("-"));
    }
    return table;
  }
}
