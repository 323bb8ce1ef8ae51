package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.Replica;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.SampleEvidence;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.MembershipChange;

/**
 * A consortium in one thread under a virtual clock: real replicas and checkers, simulated network,
 * disks and faults. The seed decides everything, so a failing run can be replayed step by step.
 *
 * <p>A random run has a stormy part, in which nothing but safety is asked, and a calm one after it,
 * in which everything submitted must become final on every honest node. At most f members are
 * Byzantine or lose their voter; honest hosts may crash at any time and all at once, as their
 * voters live on.
 */
final class ClusterSimulation {
  private static final long STORM_MS = 12_000;
  private static final long CALM_LIMIT_MS = 90_000;

  private final SplittableRandom random;
  private final VirtualTime time = new VirtualTime();
  private final SampleConsortium consortium;
  private final Invariants invariants;
  private final SimulatedNetwork network;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Map<Integer, ByzantineHost> byzantine = new TreeMap<>();
  private final List<Integer> voterless = new ArrayList<>();
  private final Map<Hash, Integer> submitted = new HashMap<>();
  private final Map<Integer, ModelVoter> enclaves = new HashMap<>();
  private int instances;
  private int entries;

  /** A random consortium of three to five members. */
  ClusterSimulation(long seed) {
    this(new SplittableRandom(seed));
  }

  private ClusterSimulation(SplittableRandom random) {
    this(random, 3 + random.nextInt(3), new int[] {1, 2, 4, 16}[random.nextInt(4)]);
  }

  /** A consortium of a given size, with no faults but those the caller makes. */
  ClusterSimulation(SplittableRandom random, int n, int slotK) {
    this.random = random;
    this.consortium = new SampleConsortium(SampleSigner.Scheme.FAST, n, slotK);
    this.invariants = new Invariants(consortium);
    this.network = new SimulatedNetwork(time, random.split(), invariants::sent);
    for (int i = 0; i < n; i++) {
      ModelVoter voter = voter(SampleConsortium.votingKeyName(i)).of(SampleConsortium.id(i));
      enclaves.put(i, voter);
      nodes.add(
          new SimulatedNode(
              i,
              consortium,
              ReplicaSettings.defaults(),
              voter,
              time,
              random.split(),
              network,
              invariants));
    }
    network.deliverTo((to, input) -> nodes.get(to).give(input));
    invariants.countDisksWith(
        (hash, height) ->
            nodes.stream().filter(node -> node.isHonest() && node.holds(hash, height)).count());
    nodes.forEach(SimulatedNode::start);
  }

  private ModelVoter voter(String keyName) {
    return new ModelVoter(
        SampleSigner.Scheme.FAST, keyName, ModelVoter.Mutant.NONE, Optional.of(invariants));
  }

  // ---- what may happen ------------------------------------------------------------------------

  /** Lets the clock run. */
  void run(long ms) {
    time.runUntil(time.nowMs() + ms);
  }

  void submit(int member) {
    SimulatedNode node = nodes.get(member);
    if (node.isUp()) {
      SignedEntry entry = consortium.entry(member, entries++);
      submitted.put(entry.id(), member);
      node.submit(entry);
    }
  }

  void crash(int member) {
    nodes.get(member).crash();
  }

  void restart(int member) {
    SimulatedNode node = nodes.get(member);
    if (!node.isUp()) {
      if (node.isHonest()) {
        invariants.recovered(node);
      }
      node.start();
    }
  }

  void loseVoter(int member) {
    voterless.add(member);
    ModelVoter another =
        voter("instance " + instances++ + " of " + member).of(SampleConsortium.id(member));
    nodes.get(member).replaceVoter(another);
    enclaves.put(member, another);
  }

  /** Asks the ledger for the seat of the member's present instance, as the node's officers do. */
  void askForSeat(int member) {
    Replica replica = nodes.get(member).replica();
    MembershipChange change =
        new MembershipChange.ReplaceKey(
            SampleConsortium.id(member),
            enclaves.get(member).votingKey(),
            new SampleEvidence().own(replica.tip()).orElseThrow());
    cast(member, change);
  }

  /** One member's ballot for a change, which must become final like every entry. */
  void cast(int member, MembershipChange change) {
    submitted.put(castUnnoticed(member, change), member);
  }

  SampleConsortium consortium() {
    return consortium;
  }

  /** A ballot that need not become final; its entry's id. */
  Hash castUnnoticed(int member, MembershipChange change) {
    Hash epoch = nodes.get(member).replica().config().hash();
    Ballot ballot =
        new Ballot(
            epoch,
            change,
            consortium
                .scheme()
                .signer("governance " + member)
                .sign(Ballot.signedBytes(epoch, change)));
    LedgerEntry entry =
        ballot.entry(
            consortium.config().chainId(), SampleConsortium.id(member), "officer", entries++);
    SignedEntry signed = SampleEntries.sign(entry, consortium.institution(member));
    nodes.get(member).submit(signed);
    return signed.id();
  }

  /** Cuts all links between the members in {@code side} and the others. */
  void partition(List<Integer> side) {
    for (int a = 0; a < nodes.size(); a++) {
      for (int b = 0; b < nodes.size(); b++) {
        if (side.contains(a) != side.contains(b)) {
          network.cut(a, b);
        }
      }
    }
  }

  void heal() {
    network.heal();
  }

  SimulatedNetwork network() {
    return network;
  }

  void corrupt(int member) {
    SimulatedNode node = nodes.get(member);
    ModelVoter enclave = voter(SampleConsortium.votingKeyName(member));
    node.crash();
    ByzantineHost host = new ByzantineHost(node, consortium, enclave, network, random.split());
    node.corrupt(host, host.evilVoter());
    byzantine.put(member, host);
    node.start();
  }

  // ---- what can be seen -----------------------------------------------------------------------

  int size() {
    return nodes.size();
  }

  Replica replica(int member) {
    return nodes.get(member).replica();
  }

  /** What the member's node says of consensus now. */
  String summary(int member) {
    return replica(member).summary(nodes.get(member).nowMs());
  }

  boolean isUp(int member) {
    return nodes.get(member).isUp();
  }

  long height() {
    return invariants.height();
  }

  /** Why not everything that was submitted is final on every honest node that is up, if so. */
  Optional<String> unfinished() {
    long open = submitted.keySet().stream().filter(id -> !invariants.isFinal(id)).count();
    if (open > 0) {
      return Optional.of(open + " of " + submitted.size() + " entries are not final");
    }
    for (SimulatedNode node : nodes) {
      if (node.isHonest() && node.isUp() && node.replica().height() < invariants.height()) {
        return Optional.of(
            "node "
                + node.index()
                + " is at height "
                + node.replica().height()
                + " of "
                + invariants.height());
      }
    }
    return Optional.empty();
  }

  /** A line per node, for people who look for the cause of a failure. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append("n=").append(nodes.size()).append(" slotK=").append(consortium.config().slotK());
    text.append(" at ").append(time.nowMs()).append(" ms");
    for (SimulatedNode node : nodes) {
      text.append("\n  node ").append(node.index());
      text.append(node.isHonest() ? "" : " byzantine");
      text.append(voterless.contains(node.index()) ? " voterless" : "");
      if (node.isUp()) {
        text.append(" epoch ").append(node.replica().config().epoch());
        text.append(" view ").append(node.replica().view());
        text.append(" leader ").append(node.replica().leader());
        text.append(" height ").append(node.replica().height());
        text.append(" pool ").append(node.replica().poolSize()).append(": ");
        text.append(node.replica().summary(node.nowMs()));
        for (int i = 0; i < nodes.size(); i++) {
          int peer = i;
          node.replica()
              .complaint(i)
              .ifPresent(
                  reason -> text.append("\n    of ").append(peer).append(": ").append(reason));
        }
      } else {
        text.append(" down");
      }
    }
    return text.toString();
  }

  // ---- a random run ---------------------------------------------------------------------------

  /** Storm, then calm. Throws an AssertionError that says what is broken. */
  void runRandomly() {
    int budget = consortium.config().faults();
    int traitors = random.nextInt(budget + 1);
    for (int i = 0; i < traitors; i++) {
      corrupt(pick(nodes.size()));
    }
    int losses = random.nextInt(budget - byzantine.size() + 1);
    int calmness = 50 + random.nextInt(400);
    for (long end = time.nowMs() + STORM_MS; time.nowMs() < end; ) {
      run(1 + random.nextInt(calmness));
      byzantine.values().forEach(ByzantineHost::act);
      if (random.nextInt(40) == 0 && voterless.size() < losses) {
        honest().ifPresent(this::loseVoterOnce);
      }
      happen();
    }
    heal();
    for (int i = 0; i < nodes.size(); i++) {
      restart(i);
    }
    calm();
  }

  private void happen() {
    switch (random.nextInt(16)) {
      case 0 -> honest().ifPresent(this::crash);
      case 1, 2, 3 -> restart(pick(nodes.size()));
      case 4 -> partition(List.of(pick(nodes.size()), pick(nodes.size())));
      case 5 -> network.cut(pick(nodes.size()), pick(nodes.size()));
      case 6, 7 -> heal();
      case 8 ->
          network.faulty(
              random.nextDouble() * 0.4, random.nextDouble() * 0.3, 1 + random.nextInt(400));
      case 9 -> {
        if (random.nextInt(10) == 0) {
          for (SimulatedNode node : nodes) {
            node.crash(); // power cut of every hospital at once; the enclaves live on
          }
        }
      }
      default ->
          honest()
              .ifPresent(
                  member -> {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                      submit(member);
                    }
                  });
    }
  }

  private void loseVoterOnce(int member) {
    if (!voterless.contains(member)) {
      loseVoter(member);
    }
  }

  private Optional<Integer> honest() {
    int member = pick(nodes.size());
    return byzantine.containsKey(member) ? Optional.empty() : Optional.of(member);
  }

  private int pick(int bound) {
    return random.nextInt(bound);
  }

  private void calm() {
    long limit = time.nowMs() + CALM_LIMIT_MS;
    do {
      run(100);
      byzantine.values().forEach(ByzantineHost::act);
    } while (unfinished().isPresent() && time.nowMs() < limit);
    unfinished()
        .ifPresent(
            reason -> {
              throw new AssertionError("L1 " + reason + "\n" + describe());
            });
  }
}
