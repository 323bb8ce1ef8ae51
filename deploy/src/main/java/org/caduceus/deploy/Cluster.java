package org.caduceus.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.membership.EpochConfig;

/** All nodes of an installation: started and stopped from outside, as an operator would. */
public final class Cluster {
  /** Heap of a node unless told otherwise. */
  public static final String DEFAULT_HEAP = "512m";

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration STILLNESS = Duration.ofSeconds(30);

  // Two cores and half a gigabyte of heap: the serial collector needs least of both. The optimising
  // compiler waits until code is hot by load, not by start-up: that halves its work in the minute
  // in which several servers start on few cores, and delays its best code by seconds under load.
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=160m",
          "-XX:MetaspaceSize=192m");

  private final Project project;
  private final Installation installation;
  private final Narrator narrator;

  /** The nodes of this installation. */
  public Cluster(Project project, Installation installation, Narrator narrator) {
    this.project = project;
    this.installation = installation;
    this.narrator = narrator;
  }

  /** The installation. */
  public Installation installation() {
    return installation;
  }

  /**
   * Makes an installation and its enclaves, which run from now on.
   *
   * @param peerAddresses see {@link Preparation}
   * @param extraSettings further lines of every node's settings
   * @param firstTimeoutMs first view timeout of the genesis
   */
  public void prepare(
      Map<String, String> peerAddresses, Map<String, String> extraSettings, int firstTimeoutMs) {
    prepare(peerAddresses, extraSettings, firstTimeoutMs, Assurance.SIMULATED);
  }

  /**
   * Same for a consortium that asks or shows more of its members' enclaves.
   *
   * @throws ToolFailure if a member's enclave is worth less than asked, or its platform attests
   *     nothing; nothing is left then
   */
  public void prepare(
      Map<String, String> peerAddresses,
      Map<String, String> extraSettings,
      int firstTimeoutMs,
      Assurance assurance) {
    prepare(peerAddresses, extraSettings, firstTimeoutMs, assurance, EpochConfig.Mode.TEE_1P);
  }

  /** Same for a consortium that begins in this mode. */
  public void prepare(
      Map<String, String> peerAddresses,
      Map<String, String> extraSettings,
      int firstTimeoutMs,
      Assurance assurance,
      EpochConfig.Mode mode) {
    new Preparation(project, installation, narrator, peerAddresses, extraSettings, assurance, mode)
        .run(firstTimeoutMs);
  }

  /**
   * Makes what an institution needs that is not in the genesis, and its enclave, which runs from
   * now on.
   *
   * @param member the last one of the installation
   */
  public void prepareJoiner(String member, Assurance assurance) {
    new Preparation(
            project, installation, narrator, Map.of(), Map.of(), assurance, EpochConfig.Mode.TEE_1P)
        .join(installation.memberHome(member));
  }

  /** Starts these members' nodes and waits until each answers. */
  public void start(List<String> members) {
    launch(members);
    await(members);
  }

  /** Starts these members' nodes and returns at once. */
  void launch(List<String> members) {
    Storage storage = new Storage(installation);
    storage.start();
    for (String member : members) {
      Node node = new Node(project, installation.memberHome(member));
      node.start(storage.pool(node.home()), DEFAULT_HEAP, JVM_OPTIONS);
    }
    narrator.step(
        "starting " + String.join(", ", members) + " (each a server with its own database)",
        "正在启动 " + String.join("、", members));
  }

  /** Starts a member's server without the application, for somebody who deploys it, and waits. */
  public void startServer(String member) {
    Storage storage = new Storage(installation);
    storage.start();
    Node node = new Node(project, installation.memberHome(member));
    node.start(storage.pool(node.home()), DEFAULT_HEAP, JVM_OPTIONS, false);
    if (!Pause.until(node::isManageable, START_PATIENCE, 250)) {
      throw new ToolFailure(
          "Expected the server of "
              + member
              + " to listen, but it does not: see "
              + node.home().log());
    }
  }

  /** Waits until each of these members' nodes answers. */
  void await(List<String> members) {
    List<Node> waiting = new ArrayList<>();
    members.forEach(member -> waiting.add(new Node(project, installation.memberHome(member))));
    Map<Node, Stillness> still = new HashMap<>();
    boolean all =
        Pause.until(
            () -> {
              waiting.removeIf(this::isUp);
              waiting.forEach(node -> startAgainIfStuck(node, still));
              return waiting.isEmpty();
            },
            START_PATIENCE,
            250);
    if (!all) {
      throw new ToolFailure(
          "Expected all nodes to answer within "
              + START_PATIENCE.toMinutes()
              + " minutes, but these do not: "
              + String.join(", ", waiting.stream().map(node -> node.home().id()).toList())
              + ". See \"deploy/demo logs MEMBER\".");
    }
  }

  /** Processor time that a starting server had used at a moment. */
  private record Stillness(long cpuTicks, long sinceNanos) {}

  // A server that starts always works. One that does not has met a deadlock of its own start-up.
  private void startAgainIfStuck(Node node, Map<Node, Stillness> still) {
    long ticks = node.home().node().map(RecordedProcess::cpuTicks).orElse(0L);
    Stillness before = still.get(node);
    if (before == null || ticks - before.cpuTicks() > 20) {
      still.put(node, new Stillness(ticks, System.nanoTime()));
    } else if (System.nanoTime() - before.sinceNanos() > STILLNESS.toNanos()) {
      narrator.step(
          node.home().id() + " stands still while it starts: once more",
          node.home().id() + " 启动时停滞：重新启动");
      node.kill();
      launch(List.of(node.home().id()));
      still.remove(node);
    }
  }

  private boolean isUp(Node node) {
    if (!node.isReady()) {
      return false;
    }
    narrator.step(node.home().id() + " is up", node.home().id() + " 已就绪");
    return true;
  }

  /** Ends one member's node in order; its enclave goes on. */
  public void stop(String member) {
    new Node(project, installation.memberHome(member)).stop();
  }

  /**
   * Restarts nodes in order, one after the other, so that no more than one is away at any time.
   *
   * @throws ToolFailure if one does not take part again; those after it were not touched
   */
  public void restart(List<String> members) {
    for (String member : members) {
      Participation participation = new Participation(installation, member);
      stop(member);
      start(List.of(member));
      if (!Pause.until(participation::isWhole, START_PATIENCE, 250)) {
        throw new ToolFailure(
            "Expected "
                + member
                + " to take part again within "
                + START_PATIENCE.toMinutes()
                + " minutes, but it does not; the nodes after it were left alone. See"
                + " \"deploy/caduceus diagnose\".");
      }
      narrator.step(member + " takes part again", member + " 已重新参与");
    }
  }

  /** Ends one member's node as a power failure would; its enclave goes on. */
  public void kill(String member) {
    new Node(project, installation.memberHome(member)).kill();
  }

  /** Ends one member's enclave as a power failure would: its voting key is gone. */
  public void killEnclave(String member) {
    installation.memberHome(member).enclaveProcess().ifPresent(RecordedProcess::kill);
  }

  /** Ends one member's enclave in order: its voting key is gone. */
  public void stopEnclave(String member) {
    installation
        .memberHome(member)
        .enclaveProcess()
        .ifPresent(process -> process.stop(Duration.ofSeconds(10)));
  }

  /** The database server of this installation, if it runs; its children do the work. */
  public Optional<RecordedProcess> databaseServer() {
    return new Storage(installation).server();
  }

  /** Ends everything: nodes, then the database server, then the enclaves. */
  public void stopAll() {
    stopNodes();
    stopEnclaves();
  }

  /** Ends everything at once, nodes by force: for what is deleted next. */
  public void killAll() {
    installation.members().forEach(this::kill);
    new Storage(installation).stop();
    stopEnclaves();
  }

  /** Ends all enclaves in order: the voting keys are gone. */
  public void stopEnclaves() {
    installation.members().forEach(this::stopEnclave);
  }

  /** Ends all nodes and the database server in order; the enclaves go on. */
  public void stopNodes() {
    List<Thread> stopping = new ArrayList<>();
    for (String member : installation.members()) {
      stopping.add(Thread.ofPlatform().start(() -> stop(member)));
    }
    for (Thread thread : stopping) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ToolFailure("Interrupted", e);
      }
    }
    new Storage(installation).stop();
  }

  /** Members whose enclaves run: the others' come back with new voting keys. */
  public List<String> runningEnclaves() {
    return installation.memberHomes().stream()
        .filter(home -> home.enclaveProcess().isPresent())
        .map(MemberHome::id)
        .toList();
  }
}
