package org.caduceus.deploy.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/bench}: measurements of real nodes under real load. */
@Command(
    name = "deploy/bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures nodes as they are delivered, on a consortium of its own that it makes and deletes, and the enclave alone.",
      "  ingest  one receiving node, its peers stopped after the warm-up: durable acknowledgements per second and their "
          + "latency, processor time per message over all processes, memory",
      "  commit  --nodes of them, over their brokers: the same at a fixed rate, and entries final at all members per "
          + "second and how long they took",
      "  consensus  replicas in one process with real enclaves and forced writes, and clients that wait for finality: "
          + "--members of them, one of them dead, their leader killed",
      "  enclave each operation of the enclave, inside it and from Java; --repeat runs of --seconds for each",
      "  table   docs/benchmarks.md anew from docs/benchmarks/results.json",
      "Each figure is the median of --repeat runs. Results replace those of the same benchmark and "
          + "database in docs/benchmarks/results.json."
    },
    footer = {
      "",
      "Examples:",
      "  deploy/bench ingest --database postgresql --connections 32",
      "  deploy/bench commit --nodes 4 --rate 500 --seconds 30",
      "  deploy/bench consensus --members 4 --clients 64",
      "  deploy/bench enclave --seconds 2"
    })
public final class Bench implements Callable<Integer> {
  enum Kind {
    INGEST,
    COMMIT,
    CONSENSUS,
    ENCLAVE,
    TABLE
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "ingest|commit|consensus|enclave|table",
      description = "What to measure, in this order.")
  private List<Kind> kinds;

  @Option(
      names = "--database",
      split = ",",
      paramLabel = "h2|postgresql",
      defaultValue = "h2,postgresql",
      description = "Default ${DEFAULT-VALUE}.")
  private List<Installation.Database> databases;

  @Option(
      names = "--connections",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,8,32",
      description =
          "MLLP connections of ingest, each with one message in flight; default "
              + "${DEFAULT-VALUE}.")
  private List<Integer> connections;

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      defaultValue = "500",
      description = "Messages offered to commit and in the warm-up; default ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Length of a run; default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description = "Seconds of load before the first run; default ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(names = "--repeat", defaultValue = "3", description = "Runs; default ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "4",
      description = "Nodes of commit; default ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--members",
      split = ",",
      paramLabel = "N",
      defaultValue = "4,7,10",
      description = "Sizes of consensus; with faults the first; default ${DEFAULT-VALUE}.")
  private List<Integer> members;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "64",
      description = "Clients of consensus, one entry under way each; default ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      defaultValue = "19000",
      description = "Default ${DEFAULT-VALUE}.")
  private int portBase;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "Default docs/benchmarks/results.json.")
  private Path results;

  /** Those but the first are there to found a consortium with, and end after the warm-up. */
  private static final int NODES_OF_INGEST = 3;

  private Bench() {}

  /** Runs the tool; ends the process with 0, 1 (failed, message on stderr) or 2 (wrong usage). */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(110)
            .setExecutionExceptionHandler(ToolFailure::report)
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    Project project = Project.locate();
    Narrator narrator = new Narrator(System.out);
    ResultsFile file =
        new ResultsFile(
            results == null ? project.root().resolve("docs/benchmarks/results.json") : results);
    Plan plan = new Plan(connections, rate, members, clients, seconds, warmUp, repeat);
    for (Kind kind : kinds) {
      if (kind == Kind.TABLE) {
        BenchmarksPage.write(project, file.read());
        continue;
      }
      if (kind == Kind.ENCLAVE || kind == Kind.CONSENSUS) {
        file.put(
            kind == Kind.ENCLAVE
                ? new EnclaveRun(project, plan, narrator).measure()
                : new ConsensusRun(project, plan, narrator).measure());
        writePage(project, file);
        continue;
      }
      for (Installation.Database database : databases) {
        int size = kind == Kind.COMMIT ? nodes : NODES_OF_INGEST;
        try (Subject subject = Subject.start(project, narrator, database, portBase, size)) {
          file.put(
              kind == Kind.COMMIT
                  ? new CommitRun(subject, plan, narrator).measure()
                  : new IngestRun(subject, plan, narrator).measure());
        }
      }
      writePage(project, file);
    }
    return 0;
  }

  private void writePage(Project project, ResultsFile file) {
    if (results == null) {
      BenchmarksPage.write(project, file.read());
    }
  }

  /**
   * What is asked for.
   *
   * @param connections of the runs of ingest
   * @param rate of commit, messages per second
   * @param members of consensus
   * @param clients of consensus
   * @param seconds of a run
   * @param warmUp seconds before the first
   * @param repeat runs for a median
   */
  record Plan(
      List<Integer> connections,
      double rate,
      List<Integer> members,
      int clients,
      double seconds,
      double warmUp,
      int repeat) {}
}
