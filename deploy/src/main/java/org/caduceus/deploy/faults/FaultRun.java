package org.caduceus.deploy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.Ports;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.deploy.load.SeededLoad;
import org.caduceus.ledger.block.Suite;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/faults}. */
@Command(
    name = "deploy/faults",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts real nodes, sends messages to all of them without pause, and lets faults happen, one after the other: "
          + "processes killed or frozen, links cut, enclaves and disks lost.",
      "After each one every member must vote and grow again. In the end every acknowledged message must be in "
          + "exactly one final block at all members."
    },
    footer = {
      "",
      "Examples:",
      "  deploy/faults --minutes 60",
      "  deploy/faults --minutes 5 --members 3 --seed 7",
      "  deploy/faults --fault rolling_restart,disk_lost --minutes 10",
      "",
      "Exit codes: 0 all well, 1 something was lost or did not come back, 2 wrong usage."
    })
public final class FaultRun implements Callable<Integer> {
  private static final Duration RECOVERY = Duration.ofMinutes(4);
  private static final Duration DRAIN = Duration.ofMinutes(3);
  private static final int CONNECTIONS = 2;

  @Option(names = "--minutes", defaultValue = "10", description = "Default ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(names = "--members", defaultValue = "4", description = "Default ${DEFAULT-VALUE}.")
  private int members;

  @Option(
      names = "--load",
      paramLabel = "PER-SECOND",
      defaultValue = "5",
      description = "Messages sent to each member; default ${DEFAULT-VALUE}.")
  private double perSecond;

  @Option(
      names = "--fault",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<Fault> only = List.of();

  @Option(
      names = "--seed",
      description = "Repeats the choice of faults and messages, as far as real time allows.")
  private Long seed;

  @Option(names = "--keep", description = "Leaves the folders of the members.")
  private boolean keep;

  private final Narrator narrator = new Narrator(System.out);
  private final Map<Fault, List<Outcome>> outcomes = new EnumMap<>(Fault.class);
  private final Map<String, SeededLoad> loads = new TreeMap<>();
  private Installation installation;

  /**
   * How one fault went.
   *
   * @param backSeconds from its end until all members voted and grew
   * @param stillSeconds longest time from its beginning on without a final block anywhere
   */
  private record Outcome(double backSeconds, double stillSeconds) {}

  private FaultRun() {}

  /** Runs the tool. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new FaultRun())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(110)
            .setExecutionExceptionHandler(ToolFailure::report)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (members < 2 || members > Installation.NAMES.size()) {
      throw new ToolFailure(
          "Expected 2 to " + Installation.NAMES.size() + " members, but got " + members);
    }
    long chosen = seed == null ? System.nanoTime() & 0xfffff : seed;
    narrator.step("seed " + chosen);
    Path home = Files.createTempDirectory("caduceus-faults");
    installation =
        new Installation(
            home,
            Installation.NAMES.subList(0, members),
            Ports.freeBase(members),
            Installation.Database.H2,
            "",
            "fa".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "17".repeat(32));
    Cables cables = new Cables(installation);
    Cluster cluster = new Cluster(Project.locate(), installation, narrator);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster)));
    cluster.prepare(cables.addresses(), Map.of(), 1_000);
    cluster.start(installation.members());
    awaitWell(0);
    long number = 0;
    for (MemberHome member : installation.memberHomes()) {
      loads.put(
          member.id(),
          new SeededLoad(member.ports().mllp(), chosen * 100 + number++, CONNECTIONS, perSecond));
    }
    loads.values().forEach(SeededLoad::start);
    try (Pulse pulse = new Pulse(heights())) {
      Striker striker = new Striker(cluster, cables, loads, new Random(chosen));
      strikeAll(striker, new Random(chosen + 1), pulse);
    }
    return conclude();
  }

  private void end(Cluster cluster) {
    cluster.killAll();
    if (!keep) {
      PrivateFiles.deleteTree(installation.home());
    }
  }

  // ---- faults ---------------------------------------------------------------------------------

  private void strikeAll(Striker striker, Random random, Pulse pulse) {
    long end = System.nanoTime() + (long) (minutes * 60e9);
    while (System.nanoTime() < end) {
      Pause.milliseconds(2_000 + random.nextInt(6_000));
      Fault fault = striker.pick();
      if (only.isEmpty() || only.contains(fault)) {
        strike(striker, fault, 2_000 + random.nextInt(28_000), pulse);
      }
    }
  }

  private void strike(Striker striker, Fault fault, long holdMs, Pulse pulse) {
    long before = pulse.highest();
    pulse.mark();
    Striker.Struck struck = striker.strike(fault);
    narrator.step(fault.text() + ": " + struck.whom());
    Pause.milliseconds(holdMs);
    long meanwhile = pulse.highest() - before;
    struck.repair().run();
    long healed = System.nanoTime();
    awaitWell(pulse.highest());
    requireAgreement();
    double seconds = (System.nanoTime() - healed) / 1e9;
    double still = pulse.longestSeconds();
    outcomes.computeIfAbsent(fault, any -> new ArrayList<>()).add(new Outcome(seconds, still));
    narrator.step(
        String.format(
            Locale.ROOT,
            "  %d blocks final within %.0f s, %s; nothing final for %.1f s at most; all vote and grow %.1f s after it ended",
            Math.max(0, meanwhile),
            holdMs / 1e3,
            struck.goesOn() ? "a quorum was left" : "no quorum was left",
            still,
            seconds));
    if (struck.goesOn() && meanwhile <= 0 && holdMs > 20_000) {
      throw new ToolFailure("Expected a quorum to go on, but nothing became final");
    }
  }

  /** Waits until all members vote and have grown beyond a height. */
  private void awaitWell(long height) {
    boolean well =
        Pause.until(
            () ->
                installation.memberHomes().stream()
                    .allMatch(
                        home ->
                            status(home)
                                .filter(status -> status.path("voting").asBoolean(false))
                                .filter(
                                    status ->
                                        loads.isEmpty()
                                            || status.path("height").asLong(0) > height + 1)
                                .isPresent()),
            RECOVERY,
            250);
    if (!well) {
      StringBuilder text = new StringBuilder("Expected all members to vote and grow again, but:");
      for (MemberHome home : installation.memberHomes()) {
        text.append("\n  ")
            .append(home.id())
            .append(": ")
            .append(status(home).map(it -> it.path("summary").asText()).orElse("no answer"));
      }
      throw new ToolFailure(text.toString());
    }
  }

  private List<LongSupplier> heights() {
    return installation.memberHomes().stream()
        .<LongSupplier>map(home -> () -> height(home))
        .toList();
  }

  private static long height(MemberHome home) {
    return status(home).map(it -> it.path("height").asLong()).orElse(0L);
  }

  /** All members have the same block at the height that all of them have. */
  private void requireAgreement() {
    long common = installation.memberHomes().stream().mapToLong(FaultRun::height).min().orElse(0);
    Set<String> hashes = new HashSet<>();
    for (MemberHome home : installation.memberHomes()) {
      // A block is final a moment before the database can be asked for it.
      if (!Pause.until(() -> !hash(home, common).isEmpty(), Duration.ofSeconds(30), 250)) {
        throw new ToolFailure("Expected block " + common + " of " + home.id() + ", but got none");
      }
      hashes.add(hash(home, common));
    }
    if (hashes.size() != 1) {
      throw new ToolFailure("Expected one block at height " + common + ", but got " + hashes);
    }
  }

  private static String hash(MemberHome home, long height) {
    try {
      return new NodeClient(home).get("/api/blocks/" + height).json().path("hash").asText("");
    } catch (IOException | ToolFailure notNow) {
      return "";
    }
  }

  private static Optional<JsonNode> status(MemberHome home) {
    return new NodeClient(home).status();
  }

  // ---- what is left ---------------------------------------------------------------------------

  private int conclude() throws InterruptedException {
    Set<String> acknowledged = new HashSet<>();
    Set<String> sent = new HashSet<>();
    long declined = 0;
    long broken = 0;
    for (SeededLoad load : loads.values()) {
      load.stop();
      acknowledged.addAll(load.acknowledged());
      sent.addAll(load.sent());
      declined += load.declinedCount();
      broken += load.brokenCount();
    }
    narrator.step(
        "the load ends: "
            + acknowledged.size()
            + " acknowledged, "
            + declined
            + " declined, "
            + broken
            + " connections broken");
    table();
    LossChecker.Report last =
        new LossChecker(installation, 0).untilClean(acknowledged, sent, DRAIN);
    narrator.line(last.summary());
    long wrong = loads.values().stream().filter(it -> !it.firstWrongAnswer().isEmpty()).count();
    narrator.line(
        last.isClean() && wrong == 0
            ? "all well: nothing lost, nothing twice, one ledger"
            : "NOT well: see above");
    return last.isClean() && wrong == 0 ? 0 : 1;
  }

  private void table() {
    narrator.line(
        "| fault | times | nothing final for s, median | longest | all back after s, median | longest |");
    narrator.line("|---|---:|---:|---:|---:|---:|");
    outcomes.forEach(
        (fault, each) ->
            narrator.line(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %s |",
                    fault.text(),
                    each.size(),
                    medianAndLongest(each, Outcome::stillSeconds),
                    medianAndLongest(each, Outcome::backSeconds))));
  }

  private static String medianAndLongest(
      List<Outcome> outcomes, ToDoubleFunction<Outcome> seconds) {
    double[] sorted = outcomes.stream().mapToDouble(seconds).sorted().toArray();
    return String.format(
        Locale.ROOT, "%.1f | %.1f", sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }
}
