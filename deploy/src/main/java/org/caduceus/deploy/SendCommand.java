package org.caduceus.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo send}. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Sends files through a member's inlets, as other systems do, and prints what became of them.",
      "HL7 v2 goes to MLLP (a batch file message by message), DICOM to STOW-RS, EPCIS to capture."
    })
final class SendCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recognised by their content.")
  private List<Path> files;

  @Option(names = "--to", paramLabel = "MEMBER", description = "Receiver; default: the first.")
  private String member;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until accepted records are final everywhere; default. --no-wait: do not.")
  private boolean wait;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Longest wait; default ${DEFAULT-VALUE}.")
  private int patience;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    String receiver = member == null ? installation.members().get(0) : member;
    MemberHome memberHome = installation.memberHome(receiver);
    if (memberHome.node().isEmpty()) {
      throw new ToolFailure("The node of " + receiver + " is down: \"deploy/demo start\".");
    }
    Sender sender = new Sender(memberHome);
    List<Outcome> outcomes = new ArrayList<>();
    files.forEach(file -> outcomes.addAll(sender.send(file)));
    Duration waiting = wait ? Duration.ofSeconds(patience) : Duration.ZERO;
    boolean complete = print(installation, outcomes, waiting, new Narrator(System.out));
    boolean accepted = outcomes.stream().allMatch(Outcome::accepted);
    return accepted && complete ? 0 : 1;
  }

  /**
   * Prints what became of the messages.
   *
   * @return whether every accepted record is final at every running member
   */
  static boolean print(
      Installation installation, List<Outcome> outcomes, Duration waiting, Narrator narrator) {
    List<String> ids =
        outcomes.stream()
            .filter(Outcome::accepted)
            .map(Outcome::externalId)
            .filter(id -> !id.isEmpty())
            .distinct()
            .toList();
    Map<String, Map<String, Long>> heights =
        waiting.isZero() ? Map.of() : Sender.awaitFinality(installation, ids, waiting);
    long running =
        installation.memberHomes().stream().filter(home -> home.node().isPresent()).count();
    Table table = new Table("MESSAGE", "INLET", "ANSWER", "FINAL IN BLOCK", "REASON");
    boolean complete = true;
    for (Outcome outcome : outcomes) {
      Map<String, Long> found = heights.getOrDefault(outcome.externalId(), Map.of());
      String place = "-";
      if (outcome.accepted() && !waiting.isZero() && !outcome.externalId().isEmpty()) {
        complete &= found.size() == running;
        place = describe(found, running);
      }
      table.row(outcome.name(), outcome.inlet(), outcome.verdict(), place, outcome.reason());
    }
    table.lines().forEach(narrator::line);
    return complete;
  }

  private static String describe(Map<String, Long> heights, long running) {
    if (heights.isEmpty()) {
      return "not yet";
    }
    if (heights.size() == running && heights.values().stream().distinct().count() == 1) {
      return heights.values().iterator().next() + " at all " + running;
    }
    return new TreeMap<>(heights).toString();
  }
}
