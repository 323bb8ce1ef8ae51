package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * Consensus alone: replicas in one process with real enclaves and forced writes, and clients that
 * wait until their entry is final before they sign the next (closed loop).
 */
final class ConsensusRun {
  /** For few members on one machine, whose blocks are cheap: small steps. */
  private static final ReplicaSettings SETTINGS = ReplicaSettings.defaults().withBatching(2, 12, 4);

  private final Project project;
  private final Bench.Plan plan;
  private final Narrator narrator;

  ConsensusRun(Project project, Bench.Plan plan, Narrator narrator) {
    this.project = project;
    this.plan = plan;
    this.narrator = narrator;
  }

  /** What happens to the consortium. */
  private enum Fault {
    NONE("all run"),
    ONE_DEAD("one dead"),
    LEADER_KILLED("leader killed");

    private final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  /** One run. */
  private record Measured(ClosedLoop.Result load, long blocks, double cpuMs, double outageMs) {
    double perSecond() {
      return load.latencies().count() / load.seconds();
    }

    double cpuMsPerEntry() {
      return cpuMs / load.latencies().count();
    }

    String describe() {
      return String.format(
          Locale.ROOT,
          "%.0f final/s, p50 %.1f ms, p99 %.1f ms, %.2f ms of processor time each",
          perSecond(),
          load.latencies().quantileMs(0.5),
          load.latencies().quantileMs(0.99),
          cpuMsPerEntry());
    }
  }

  ObjectNode measure() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", "consensus");
    result.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    result.set("machine", Machine.describe(project));
    result.put("load", plan.clients() + " clients, each with one entry of 1 kB under way");
    result.put("warmUpSeconds", plan.warmUp());
    result.put("seconds", plan.seconds());
    result.put("repeat", plan.repeat());
    result.put("firstTimeoutMs", MeasuredConsortium.FIRST_TIMEOUT_MS);
    ArrayNode rows = result.putArray("rows");
    for (int members : plan.members()) {
      row(rows, members, EpochConfig.Mode.TEE_1P, Fault.NONE);
    }
    int first = plan.members().getFirst();
    row(rows, first, EpochConfig.Mode.TEE_1P, Fault.ONE_DEAD);
    row(rows, first, EpochConfig.Mode.TEE_1P, Fault.LEADER_KILLED);
    if (first >= EpochConfig.Mode.BFT_2P.leastMembers()) {
      for (Fault fault : Fault.values()) {
        row(rows, first, EpochConfig.Mode.BFT_2P, fault);
      }
    }
    return result;
  }

  private void row(ArrayNode rows, int members, EpochConfig.Mode mode, Fault fault) {
    narrator.step(members + " members, " + mode + ", " + fault.text);
    List<Measured> runs =
        fault == Fault.LEADER_KILLED ? killedLeaders(members, mode) : steady(members, mode, fault);
    runs.sort(Comparator.comparingDouble(Measured::perSecond));
    Measured median = runs.get(runs.size() / 2);
    ObjectNode row = rows.addObject();
    row.put("members", members);
    row.put("mode", mode.name().replace('_', '-'));
    row.put("fault", fault.text);
    row.put("finalPerSecond", Math.round(median.perSecond()));
    row.put("p50Ms", IngestRun.rounded(median.load().latencies().quantileMs(0.5)));
    row.put("p95Ms", IngestRun.rounded(median.load().latencies().quantileMs(0.95)));
    row.put("p99Ms", IngestRun.rounded(median.load().latencies().quantileMs(0.99)));
    row.put("entriesPerBlock", median.load().latencies().count() / Math.max(1, median.blocks()));
    row.put("cpuMsPerEntry", IngestRun.rounded(median.cpuMsPerEntry()));
    if (fault == Fault.LEADER_KILLED) {
      double[] outages = runs.stream().mapToDouble(Measured::outageMs).sorted().toArray();
      row.put("outageMs", Math.round(outages[outages.length / 2]));
      row.put("longestOutageMs", Math.round(outages[outages.length - 1]));
    }
    narrator.step(row.toString());
  }

  private List<Measured> steady(int members, EpochConfig.Mode mode, Fault fault) {
    try (MeasuredConsortium consortium =
        MeasuredConsortium.start(project, members, mode, SETTINGS)) {
      if (fault == Fault.ONE_DEAD) {
        consortium.kill((consortium.leader() + 1) % members);
      }
      ClosedLoop loop = new ClosedLoop(consortium, plan.clients());
      loop.run(plan.warmUp(), () -> {});
      List<Measured> runs = new ArrayList<>();
      for (int run = 1; run <= plan.repeat(); run++) {
        runs.add(measured(consortium, loop, () -> {}));
        narrator.step("run " + run + ": " + runs.getLast().describe());
      }
      return runs;
    }
  }

  /** Each time a new consortium: a killed leader does not come back. */
  private List<Measured> killedLeaders(int members, EpochConfig.Mode mode) {
    List<Measured> runs = new ArrayList<>();
    for (int run = 1; run <= plan.repeat(); run++) {
      try (MeasuredConsortium consortium =
          MeasuredConsortium.start(project, members, mode, SETTINGS)) {
        ClosedLoop loop = new ClosedLoop(consortium, plan.clients());
        loop.run(plan.warmUp() / 2, () -> {});
        runs.add(measured(consortium, loop, () -> consortium.kill(consortium.leader())));
        narrator.step(
            String.format(
                Locale.ROOT, "run %d: nothing final for %.0f ms", run, runs.getLast().outageMs()));
      }
    }
    return runs;
  }

  private Measured measured(MeasuredConsortium consortium, ClosedLoop loop, Runnable midway) {
    long before = consortium.settle();
    CpuMeter meter =
        new CpuMeter(
            () -> {
              List<Long> pids = new ArrayList<>(consortium.enclavePids());
              pids.add(ProcessHandle.current().pid());
              return pids;
            });
    meter.start();
    ClosedLoop.Result load = loop.run(plan.seconds(), midway);
    double cpuMs = meter.elapsedMs();
    long after = consortium.settle();
    if (load.latencies().count() == 0) {
      throw new ToolFailure("Expected entries to become final, but none did");
    }
    return new Measured(load, after - before, cpuMs, load.longestGapMs());
  }
}
