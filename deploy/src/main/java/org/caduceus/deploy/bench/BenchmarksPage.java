package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;

/** {@code docs/benchmarks.md}, made from the results and from nothing else. */
final class BenchmarksPage {
  /** Where the page stands, from the project's root. */
  static final String PATH = "docs/benchmarks.md";

  private static final String HEAD =
      """
      # Benchmarks

      Made by `deploy/bench` from [results.json](benchmarks/results.json); do not edit. To measure on your machine:
      `deploy/bench ingest commit consensus enclave`. Everything runs on one machine: the nodes, their enclaves, the database
      server and the load generator share its processors. The enclaves are SIMULATED. Each row is the median of its runs, after a warm-up: a
      node's code is compiled while it works, and for its first minutes a message costs up to twice as much.
      """;

  private static final String INGEST =
      """

      ## Ingest: durable acknowledgements of one node

      An ADT^A01 of 0.8 kB over MLLP is parsed, its payload sealed and its entry signed by the enclave, both stored in one
      transaction, then answered with AA. The node's peers are down, so nothing becomes final meanwhile. One message in flight
      per connection. CPU is the processor time of server, enclave and database server together.

      | database | connections | AA per second | p50 ms | p95 ms | p99 ms | CPU ms per message | server RSS MB |
      |---|---:|---:|---:|---:|---:|---:|---:|
      """;

  private static final String COMMIT =
      """

      ## Commit: final at all members

      The same messages at a fixed rate to one of several nodes, 32 connections; blocks and votes go over the nodes' brokers. Finality
      counts from acceptance until the last member has stored the block. CPU is that of all servers, their enclaves and the database
      server.

      | database | nodes | offered per second | final per second | final p50 ms | p95 ms | p99 ms | AA p99 ms | entries per block | CPU ms per message | server RSS MB |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private static final String CONSENSUS =
      """

      ## Consensus alone

      Replicas in one process, each with its enclave's process and a file whose writes are forced (fdatasync), joined by queues
      instead of brokers. A client signs an entry of 1 kB in its member's enclave, which is made durable there, and waits until
      it is final there; every other member verifies the signature. CPU is that of replicas, enclaves and clients. "One dead"
      from the start; "leader killed" halfway with its enclave, and the outage is the longest time in which nothing became
      final for anybody: median and longest of the runs. In BFT-2P voting keys are in the replicas' process and a voter's log is
      forced before each signature. The first timeout of a view is 1,000 ms.

      | mode | members | | final per second | p50 ms | p95 ms | p99 ms | entries per block | CPU ms per entry | outage ms | longest |
      |---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private static final String ENCLAVE =
      """

      ## The enclave's operations

      One caller at a time on one core. "core" is processor time inside the trusted core, without the process around it; "Java"
      is the time that passes for the caller, through JNA, the local socket and the enclave's process, which shares the
      machine's cores with it. "bare socket" is that time for as many bytes there and back over such a socket to a process that
      does nothing: what the operating system costs; what "Java" takes beyond it and "core" is ours. VOTE verifies the
      leader's proposal and signs. A batch is 200 signatures in the core, 64 from Java, and a row is one of them.

      | where | operation | microseconds | per second | MB per second |
      |---|---|---:|---:|---:|
      """;

  private static final String MACHINES =
      """

      ## Where

      | benchmark | database | date | commit | warm-up and runs | machine |
      |---|---|---|---|---|---|
      """;

  private BenchmarksPage() {}

  /** Writes the page. */
  static void write(Project project, List<JsonNode> results) {
    try {
      Files.writeString(project.root().resolve(PATH), text(results));
    } catch (IOException e) {
      throw new ToolFailure("Expected to write " + PATH + ", but that failed", e);
    }
  }

  /** The page's text. */
  static String text(List<JsonNode> results) {
    StringBuilder page = new StringBuilder(HEAD);
    section(
        page,
        INGEST,
        results,
        "ingest",
        List.of(
            "connections",
            "acknowledgedPerSecond",
            "p50Ms",
            "p95Ms",
            "p99Ms",
            "cpuMsPerMessage",
            "nodeRssMb"));
    section(
        page,
        COMMIT,
        results,
        "commit",
        List.of(
            "nodes",
            "offeredPerSecond",
            "finalPerSecond",
            "finalP50Ms",
            "finalP95Ms",
            "finalP99Ms",
            "acknowledgedP99Ms",
            "entriesPerBlock",
            "cpuMsPerMessage",
            "nodeRssMb"));
    consensus(page, results);
    enclave(page, results);
    page.append(MACHINES);
    for (JsonNode result : results) {
      JsonNode machine = result.path("machine");
      row(
          page,
          List.of(
              result.path("benchmark").asText(),
              result.path("database").asText(),
              result.path("date").asText(),
              machine.path("commit").asText(),
              String.format(
                  Locale.ROOT,
                  "%.0f s, %d of %.0f s",
                  result.path("warmUpSeconds").asDouble(),
                  result.path("repeat").asInt(),
                  result.path("seconds").asDouble()),
              String.format(
                  Locale.ROOT,
                  "%s, %d cores, %d GiB, %s, kernel %s, %s%s",
                  machine.path("processor").asText(),
                  machine.path("cores").asInt(),
                  machine.path("memoryGiB").asInt(),
                  machine.path("system").asText(),
                  machine.path("kernel").asText(),
                  machine.path("java").asText(),
                  result.has("heap") ? ", heap " + result.path("heap").asText() : "")));
    }
    return page.toString();
  }

  private static void consensus(StringBuilder page, List<JsonNode> results) {
    for (JsonNode result : results) {
      if (result.path("benchmark").asText().equals("consensus")) {
        page.append(CONSENSUS);
        for (JsonNode measured : result.path("rows")) {
          row(
              page,
              List.of(
                  measured.path("mode").asText(),
                  number(measured.path("members")),
                  measured.path("fault").asText(),
                  number(measured.path("finalPerSecond")),
                  number(measured.path("p50Ms")),
                  number(measured.path("p95Ms")),
                  number(measured.path("p99Ms")),
                  number(measured.path("entriesPerBlock")),
                  number(measured.path("cpuMsPerEntry")),
                  measured.has("outageMs") ? number(measured.path("outageMs")) : "",
                  measured.has("outageMs") ? number(measured.path("longestOutageMs")) : ""));
        }
      }
    }
  }

  private static void enclave(StringBuilder page, List<JsonNode> results) {
    for (JsonNode result : results) {
      if (result.path("benchmark").asText().equals("enclave")) {
        page.append(ENCLAVE);
        for (JsonNode measured : result.path("rows")) {
          row(
              page,
              List.of(
                  measured.path("where").asText(),
                  measured.path("operation").asText(),
                  number(measured.path("micros")),
                  number(measured.path("perSecond")),
                  measured.has("megabytesPerSecond")
                      ? number(measured.path("megabytesPerSecond"))
                      : ""));
        }
      }
    }
  }

  private static void section(
      StringBuilder page,
      String head,
      List<JsonNode> results,
      String benchmark,
      List<String> fields) {
    page.append(head);
    for (JsonNode result : results) {
      if (result.path("benchmark").asText().equals(benchmark)) {
        for (JsonNode measured : result.path("rows")) {
          List<String> cells = new ArrayList<>();
          cells.add(result.path("database").asText());
          fields.forEach(field -> cells.add(number(measured.path(field))));
          row(page, cells);
        }
      }
    }
  }

  private static String number(JsonNode value) {
    double number = value.asDouble();
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%d", (long) number)
        : String.format(Locale.ROOT, number < 10 ? "%.2f" : "%.1f", number);
  }

  private static void row(StringBuilder page, List<String> cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
