package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus diagnose}. */
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    description = {
      "Why it is not moving: who is silent since when, who is behind, which votes, statements, "
          + "approvals and blocks are missing; exit code 4 if nothing can become final.",
      "为何停滞：谁失联多久、谁落后、缺少哪些投票、陈述、批准和区块；无法最终确定时退出码为 4。"
    })
final class DiagnoseCommand implements Callable<Integer> {
  private static final Set<String> WELL = Set.of("RESTS", "MOVES", "CATCHES_UP");

  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    JsonNode diagnosis = NodeOptions.get(node.client(), "/api/diagnosis");
    out.value(diagnosis);
    String mood = diagnosis.path("mood").asText();
    out.line(mood);
    CutOffs.in(diagnosis).forEach(cut -> out.line("- " + cut));
    String language = Narrator.speaksChinese() ? "zh" : "en";
    for (JsonNode finding : diagnosis.path("findings")) {
      out.line("- " + finding.path("sentence").path(language).asText());
    }
    Table table = new Table("MEMBER", "STATE", "HEIGHT", "BEHIND", "LAST HEARD");
    for (JsonNode member : diagnosis.path("members")) {
      table.row(
          member.path("id").asText(),
          member.path("state").asText(),
          member.path("height").asText(),
          member.path("behind").asText(),
          member.path("lastHeardAt").asText("never"));
    }
    table.lines().forEach(out::line);
    return WELL.contains(mood) ? Operator.DONE : Operator.NOT_WELL;
  }
}
