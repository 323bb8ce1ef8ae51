package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Table;
import org.caduceus.ledger.membership.GovernanceKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deploy/caduceus governance}. */
@Command(
    name = "governance",
    mixinStandardHelpOptions = true,
    subcommands = {
      GovernanceCommand.ListCommand.class,
      GovernanceCommand.ApproveCommand.class,
    },
    description = "What waits for officers' signatures, and signing it.")
final class GovernanceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Expected list or approve, but there is neither");
  }

  /** {@code deploy/caduceus governance list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "What waits, who has signed and who has not.")
  static final class ListCommand implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private Output out;

    @Override
    public Integer call() {
      Desk desk = Desk.of(node.client());
      out.value(desk.agenda());
      List<JsonNode> matters = desk.matters();
      if (matters.isEmpty()) {
        out.line("Nothing waits for a signature.");
        return Operator.DONE;
      }
      Table table = new Table("ID", "WHAT", "ABOUT", "SIGNED", "NEEDED", "MISSING", "YOURS");
      for (JsonNode matter : matters) {
        table.row(
            matter.path("id").asText().substring(0, 12),
            matter.path("kind").asText(),
            about(matter),
            Integer.toString(names(matter, false).size()),
            matter.path("needed").asText(),
            String.join(",", names(matter, true)),
            matter.path("own").asText());
      }
      table.lines().forEach(out::line);
      for (JsonNode matter : matters) {
        String refusal = matter.path("evidence").path("refusal").asText("");
        if (!refusal.isEmpty()) {
          out.line(
              matter.path("id").asText().substring(0, 12)
                  + ": this node would vote against it: "
                  + refusal);
        }
        if (matter.has("keys")) {
          out.line(matter.path("id").asText().substring(0, 12) + ": " + keys(matter.path("keys")));
        }
      }
      return Operator.DONE;
    }

    private static String about(JsonNode matter) {
      return matter.has("coldStart")
          ? "height " + matter.path("coldStart").path("height").asText()
          : matter.path("subject").asText("all");
    }

    private static String keys(JsonNode keys) {
      int announced = keys.path("announced").size();
      int members = announced + keys.path("missing").size();
      List<String> missing = new ArrayList<>();
      keys.path("missing").forEach(member -> missing.add(member.asText()));
      return announced
          + " of "
          + members
          + " members announced a key, and "
          + keys.path("needed").asText()
          + " are needed"
          + (missing.isEmpty() ? "" : "; " + String.join(", ", missing) + " did not");
    }

    private static List<String> names(JsonNode matter, boolean missing) {
      List<String> names = new ArrayList<>();
      for (JsonNode signer : matter.path("signers")) {
        if (signer.path("state").asText().equals("MISSING") == missing) {
          names.add(signer.path("member").asText());
        }
      }
      return names;
    }
  }

  /** {@code deploy/caduceus governance approve}. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Shows what waits under this id, signs it here, and hands the signature in.")
  static final class ApproveCommand implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", description = "Of the matter, or its beginning.")
    private String id;

    @Override
    public Integer call() {
      Desk desk = Desk.of(node.client());
      JsonNode matter = desk.matter(id);
      return sign(desk, desk.signable(matter), signing, out);
    }
  }

  /** Shows, asks, signs, hands in. */
  static int sign(Desk desk, Desk.Signable signable, SigningOptions signing, Output out) {
    GovernanceKey key = signing.key(desk.suite(), desk.governanceKey());
    out.line("The officers of " + desk.member() + " sign:");
    InWords.of(signable, desk.config()).forEach(out::line);
    if (!signing.confirmed(signable.bytes())) {
      out.line("Nothing was signed.");
      return Operator.NOT_WELL;
    }
    JsonNode answer = desk.handIn(signable, key.sign(signable.bytes()));
    out.value(answer);
    out.line(
        answer.has("entryId")
            ? "Signed. The ballot is entry " + answer.path("entryId").asText() + "."
            : "Signed. The members are told.");
    return Operator.DONE;
  }
}
