package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.ToolFailure;

/** Finality of three nodes: messages at a fixed rate to one of them, final at all. */
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
      AdmissionLoad.Result load, FinalityReport finality, double cpuMsPerMessage) {}

  ObjectNode measure() throws InterruptedException {
    int port = subject.receiver().ports().mllp();
    narrator.step("warming up for " + Math.round(plan.warmUp()) + " s");
    new AdmissionLoad(port, CONNECTIONS, plan.rate(), "W").run(plan.warmUp());
    subject.drain();
    ObjectNode result = subject.describe("commit");
    result.put("load", "ADT^A01, 0.8 kB, over MLLP to one node, 32 connections, at a fixed rate");
    result.put("seconds", plan.seconds());
    result.put("repeat", plan.repeat());
    ArrayNode rows = result.putArray("rows");
    List<Measured> runs = new ArrayList<>();
    for (int run = 0; run < plan.repeat(); run++) {
      CpuMeter meter = subject.meter();
      meter.start();
      AdmissionLoad.Result load =
          new AdmissionLoad(port, CONNECTIONS, plan.rate(), "C" + run + "-").run(plan.seconds());
      subject.drain();
      double cpu = meter.elapsedMs() / load.latencies().count();
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
      runs.add(new Measured(load, finality, cpu));
    }
    runs.sort(Comparator.comparingDouble(run -> run.finality().latencies().quantileMs(0.99)));
    Measured median = runs.get(runs.size() / 2);
    ObjectNode row = rows.addObject();
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
}
