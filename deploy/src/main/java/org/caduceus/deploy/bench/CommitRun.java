package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.ToolFailure;

/** Finality of several nodes: messages at a fixed rate to one of them, final at all. */
final class CommitRun {
  private static final int CONNECTIONS = 32;

  private final Subject subject;
  private final Bench.Plan plan;
  private final Narrator narrator;

  CommitRun(Subject subject, Bench.Plan plan, Narrator narrator) {
    this.subject = subject;
    this.plan = plan;
    this.narrator = narrator;
  }

  private record Measured(
      AdmissionLoad.Result load, FinalityReport finality, double cpuMsPerMessage) {
    String describe() {
      return String.format(
          Locale.ROOT,
          "%.0f final/s, p50 %.0f ms, p99 %.0f ms, %.2f ms of processor time each",
          finality.perSecond(),
          finality.latencies().quantileMs(0.5),
          finality.latencies().quantileMs(0.99),
          cpuMsPerMessage);
    }
  }

  ObjectNode measure() throws InterruptedException {
    int port = subject.receiver().ports().mllp();
    narrator.step("warming up for " + Math.round(plan.warmUp()) + " s");
    new AdmissionLoad(port, CONNECTIONS, plan.rate(), "W").run(plan.warmUp());
    subject.drain();
    ObjectNode result = subject.describe("commit");
    result.put("load", "ADT^A01, 0.8 kB, over MLLP to one node, 32 connections, at a fixed rate");
    result.put("warmUpSeconds", plan.warmUp());
    result.put("seconds", plan.seconds());
    result.put("repeat", plan.repeat());
    ArrayNode rows = result.putArray("rows");
    List<Measured> runs = finality(load(port));
    runs.sort(Comparator.comparingDouble(run -> run.finality().latencies().quantileMs(0.99)));
    Measured median = runs.get(runs.size() / 2);
    ObjectNode row = rows.addObject();
    row.put("nodes", subject.installation().members().size());
    row.put("offeredPerSecond", plan.rate());
    row.put("finalPerSecond", Math.round(median.finality().perSecond()));
    row.put("finalP50Ms", IngestRun.rounded(median.finality().latencies().quantileMs(0.5)));
    row.put("finalP95Ms", IngestRun.rounded(median.finality().latencies().quantileMs(0.95)));
    row.put("finalP99Ms", IngestRun.rounded(median.finality().latencies().quantileMs(0.99)));
    row.put("acknowledgedP50Ms", IngestRun.rounded(median.load().latencies().quantileMs(0.5)));
    row.put("acknowledgedP99Ms", IngestRun.rounded(median.load().latencies().quantileMs(0.99)));
    row.put("entriesPerBlock", median.finality().latencies().count() / median.finality().blocks());
    row.put("declined", median.load().declined());
    row.put("cpuMsPerMessage", IngestRun.rounded(median.cpuMsPerMessage()));
    subject.memory(row);
    narrator.step(row.toString());
    return result;
  }

  /** A run as its sender saw it. */
  private record Sent(AdmissionLoad.Result load, double cpuMsPerMessage) {}

  private List<Sent> load(int port) throws InterruptedException {
    List<Sent> sent = new ArrayList<>();
    for (int run = 1; run <= plan.repeat(); run++) {
      narrator.step("run " + run + " of " + plan.repeat());
      CpuMeter meter = subject.meter();
      meter.start();
      AdmissionLoad.Result load =
          new AdmissionLoad(port, CONNECTIONS, plan.rate(), "C" + run + "-").run(plan.seconds());
      subject.drain();
      sent.add(new Sent(load, meter.elapsedMs() / load.latencies().count()));
    }
    return sent;
  }

  /** Asks the nodes after the last run: their answers are work, which would disturb a run. */
  private List<Measured> finality(List<Sent> sent) {
    List<Measured> runs = new ArrayList<>();
    for (Sent run : sent) {
      AdmissionLoad.Result load = run.load();
      FinalityReport finality =
          FinalityReport.read(subject.installation(), load.firstMs(), load.lastMs());
      long acknowledged = load.latencies().count() - load.declined();
      if (finality.latencies().count() != acknowledged) {
        throw new ToolFailure(
            "Expected "
                + acknowledged
                + " acknowledged entries to be final, but "
                + finality.latencies().count()
                + " are");
      }
      Measured measured = new Measured(load, finality, run.cpuMsPerMessage());
      runs.add(measured);
      narrator.step("run " + runs.size() + ": " + measured.describe());
    }
    return runs;
  }
}
