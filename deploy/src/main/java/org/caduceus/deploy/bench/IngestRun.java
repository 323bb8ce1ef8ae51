package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.ToolFailure;

/** Durable acknowledgements of one node whose peers are down. */
final class IngestRun {
  private final Subject subject;
  private final Bench.Plan plan;
  private final Narrator narrator;

  IngestRun(Subject subject, Bench.Plan plan, Narrator narrator) {
    this.subject = subject;
    this.plan = plan;
    this.narrator = narrator;
  }

  private record Measured(AdmissionLoad.Result load, double cpuMsPerMessage) {}

  ObjectNode measure() throws InterruptedException {
    int port = subject.receiver().ports().mllp();
    int most = plan.connections().stream().mapToInt(Integer::intValue).max().orElse(1);
    narrator.step("warming up for " + Math.round(plan.warmUp()) + " s");
    // At a rate that consensus follows, or what waits would fill the memory.
    new AdmissionLoad(port, most, plan.rate(), "W").run(plan.warmUp());
    subject.drain();
    subject.leaveReceiverAlone();
    ObjectNode result = subject.describe("ingest");
    result.put("load", "ADT^A01, 0.8 kB, over MLLP, one message in flight per connection");
    result.put("warmUpSeconds", plan.warmUp());
    result.put("seconds", plan.seconds());
    result.put("repeat", plan.repeat());
    ArrayNode rows = result.putArray("rows");
    // What is taken in waits for ever now, in memory too: the runs that take most in come first.
    for (int connections : plan.connections().stream().sorted(Comparator.reverseOrder()).toList()) {
      List<Measured> runs = new ArrayList<>();
      for (int run = 0; run < plan.repeat(); run++) {
        CpuMeter meter = subject.meter();
        meter.start();
        AdmissionLoad.Result load =
            new AdmissionLoad(port, connections, 0, "I" + connections + "-" + run + "-")
                .run(plan.seconds());
        if (load.declined() > 0) {
          throw new ToolFailure(
              "Expected AA to every message, but " + load.declined() + " were declined");
        }
        runs.add(new Measured(load, meter.elapsedMs() / load.latencies().count()));
      }
      runs.sort(Comparator.comparingDouble(run -> run.load().perSecond()));
      Measured median = runs.get(runs.size() / 2);
      ObjectNode row = rows.insertObject(0);
      row.put("connections", connections);
      row.put("acknowledgedPerSecond", Math.round(median.load().perSecond()));
      row.put("p50Ms", rounded(median.load().latencies().quantileMs(0.5)));
      row.put("p95Ms", rounded(median.load().latencies().quantileMs(0.95)));
      row.put("p99Ms", rounded(median.load().latencies().quantileMs(0.99)));
      row.put("cpuMsPerMessage", rounded(median.cpuMsPerMessage()));
      subject.memory(row);
      narrator.step(row.toString());
    }
    return result;
  }

  static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.2f", value));
  }
}
