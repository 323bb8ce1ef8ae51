package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.RecordedProcess;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.block.Suite;

/** The consortium that is measured: made for one benchmark and deleted after it. */
final class Subject implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofMinutes(2);

  /** Of ingest nothing becomes final, so all that its runs take in must find room. */
  private static final String MAX_WAITING = "150000";

  private final Project project;
  private final Installation installation;
  private final Cluster cluster;

  private Subject(Project project, Installation installation, Cluster cluster) {
    this.project = project;
    this.installation = installation;
    this.cluster = cluster;
  }

  /**
   * Makes and starts one.
   *
   * @throws ToolFailure if nobody has so many names
   */
  static Subject start(
      Project project, Narrator narrator, Installation.Database database, int portBase, int nodes) {
    if (nodes < 1 || nodes > Installation.NAMES.size()) {
      throw new ToolFailure(
          "Expected 1 to " + Installation.NAMES.size() + " nodes, but got " + nodes);
    }
    Path folder = EnclaveRun.folder();
    Installation installation =
        new Installation(
            folder,
            Installation.NAMES.subList(0, nodes),
            portBase,
            database,
            "",
            "be".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "7c".repeat(32));
    Cluster cluster = new Cluster(project, installation, narrator);
    Subject subject = new Subject(project, installation, cluster);
    Runtime.getRuntime().addShutdownHook(new Thread(subject::end));
    cluster.prepare(Map.of(), Map.of("caduceus.pool.max.waiting", MAX_WAITING), 1_000);
    cluster.start(installation.members());
    return subject;
  }

  Project project() {
    return project;
  }

  Installation installation() {
    return installation;
  }

  /** Ends the nodes of all members but the receiver. */
  void leaveReceiverAlone() {
    installation.members().subList(1, installation.members().size()).forEach(cluster::stop);
  }

  /** Waits until everything that was taken in is final at all members. */
  void drain() {
    NodeClient client = new NodeClient(receiver());
    boolean empty =
        Pause.until(
            () ->
                client.status().map(status -> status.path("waiting").asLong(1) == 0).orElse(false),
            DRAIN,
            100);
    if (!empty) {
      throw new ToolFailure(
          "Expected every entry to be final within "
              + DRAIN.toMinutes()
              + " minutes, but some wait");
    }
    // The peers store the last block a moment after the receiver.
    Pause.milliseconds(500);
  }

  /** The member that is sent to. */
  MemberHome receiver() {
    return installation.memberHomes().getFirst();
  }

  /** The servers of the nodes that run. */
  List<RecordedProcess> nodes() {
    return installation.memberHomes().stream()
        .map(MemberHome::node)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The enclaves of the nodes that run. */
  List<RecordedProcess> enclaves() {
    return installation.memberHomes().stream()
        .filter(home -> home.node().isPresent())
        .map(MemberHome::enclaveProcess)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Everything that works for a message; the load generator does not. */
  CpuMeter meter() {
    return new CpuMeter(
        () -> {
          List<Long> pids = new ArrayList<>();
          nodes().forEach(process -> pids.add(process.pid()));
          enclaves().forEach(process -> pids.add(process.pid()));
          cluster.databaseServer().ifPresent(process -> pids.add(process.pid()));
          return pids;
        });
  }

  /** Resident memory of the nodes that run, in MB, into {@code target}. */
  void memory(ObjectNode target) {
    target.put(
        "nodeRssMb",
        nodes().stream().mapToLong(RecordedProcess::residentMegabytes).max().orElse(0));
    target.put(
        "enclaveRssMb",
        enclaves().stream().mapToLong(RecordedProcess::residentMegabytes).max().orElse(0));
  }

  /** What was measured, for the results. */
  ObjectNode describe(String benchmark) {
    ObjectNode text = JsonNodeFactory.instance.objectNode();
    text.put("benchmark", benchmark);
    text.put("database", installation.database().name().toLowerCase(Locale.ROOT));
    text.put("nodes", nodes().size());
    text.put("heap", Cluster.DEFAULT_HEAP);
    text.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    text.set("machine", Machine.describe(project));
    return text;
  }

  @Override
  public void close() {
    end();
  }

  private synchronized void end() {
    if (Files.exists(installation.home())) {
      cluster.killAll();
      PrivateFiles.deleteTree(installation.home());
    }
  }
}
