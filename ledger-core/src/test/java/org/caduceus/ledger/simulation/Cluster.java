package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Replica;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.SampleEvidence;
import org.caduceus.ledger.consensus.SoftMistake;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.MembershipChange;

/**
 * A consortium in one thread under a virtual clock: real replicas and checkers, simulated network,
 * disks and faults. Nothing goes wrong but what the caller does; the {@link Invariants} watch every
 * step.
 */
final class Cluster {
  private static final long MISDEED_MS = 50;

  /**
   * What a consortium is made of.
   *
   * @param n members
   * @param slotK views per leader
   * @param mode of the first epoch
   * @param mutant seeded mistake of all enclaves
   * @param mistake seeded mistake of all voting processes
   * @param disks seeded mistake of all disks
   * @param watched invariants
   */
  record Design(
      int n,
      int slotK,
      EpochConfig.Mode mode,
      ModelVoter.Mutant mutant,
      SoftMistake mistake,
      SimulatedDisk.Fault disks,
      Set<Invariant> watched) {
    /** As it should be. */
    static Design sound(int n, int slotK) {
      return new Design(
          n,
          slotK,
          EpochConfig.Mode.TEE_1P,
          ModelVoter.Mutant.NONE,
          SoftMistake.NONE,
          SimulatedDisk.Fault.NONE,
          Set.of(Invariant.values()));
    }

    Design of(int members, int slots) {
      return new Design(members, slots, mode, mutant, mistake, disks, watched);
    }

    Design in(EpochConfig.Mode other) {
      return new Design(n, slotK, other, mutant, mistake, disks, watched);
    }

    Design with(ModelVoter.Mutant other, Set<Invariant> seen) {
      return new Design(n, slotK, mode, other, mistake, disks, seen);
    }

    Design with(SoftMistake other) {
      return new Design(n, slotK, mode, mutant, other, disks, watched);
    }

    Design with(SimulatedDisk.Fault other) {
      return new Design(n, slotK, mode, mutant, mistake, other, watched);
    }

    /** Votes that count, as voters with these mistakes count them. */
    int quorum() {
      return switch (mode) {
        case TEE_1P -> mutant.quorum(n);
        case BFT_2P -> mode.quorum(n);
      };
    }
  }

  private final SplittableRandom random;
  private final Design design;
  private final VirtualTime time = new VirtualTime();
  private final SampleConsortium consortium;
  private final Invariants invariants;
  private final SimulatedNetwork network;
  private final Loot loot;
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Map<Integer, ByzantineHost> byzantine = new TreeMap<>();
  private final Set<Integer> voterless = new TreeSet<>();
  private final Map<Hash, Integer> submitted = new HashMap<>();
  private int entries;
  private int enclaves;

  Cluster(SplittableRandom random, Design design) {
    this.random = random;
    this.design = design;
    this.consortium =
        new SampleConsortium(
                SampleSigner.Scheme.FAST, design.n(), design.slotK(), firstKeys(design))
            .in(design.mode());
    this.invariants = new Invariants(consortium, design.mutant(), design.watched());
    watchers.add(invariants);
    Watcher all = toAll();
    this.network = new SimulatedNetwork(time, random.split(), all);
    for (int i = 0; i < design.n(); i++) {
      WatchedEnclave enclave =
          new WatchedEnclave(
              enclave(i, SampleConsortium.votingKeyName(i)),
              design.n() < EpochConfig.Mode.BFT_2P.leastMembers()
                  ? Optional.empty()
                  : Optional.of(process(processKeyName(i))));
      SimulatedDisk disk = new SimulatedDisk(time, random.split(), design.disks());
      nodes.add(
          new SimulatedNode(
              i, consortium, enclave, time, random.split(), network, disk, invariants, all));
    }
    this.loot = new Loot(random.split(), design.quorum());
    network.deliverTo(letter -> nodes.get(letter.to()).deliver(letter));
    invariants.countDisksWith(
        (hash, height) ->
            nodes.stream().filter(node -> node.isHonest() && node.holds(hash, height)).count());
    invariants.knowHonest(
        member -> nodes.stream().anyMatch(it -> it.isHonest() && it.id().equals(member)));
    nodes.forEach(SimulatedNode::start);
  }

  private static List<Bytes> firstKeys(Design design) {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < design.n(); i++) {
      String name =
          switch (design.mode()) {
            case TEE_1P -> SampleConsortium.votingKeyName(i);
            case BFT_2P -> processKeyName(i);
          };
      keys.add(SampleSigner.Scheme.FAST.signer(name).publicKey());
    }
    return keys;
  }

  private static String processKeyName(int member) {
    return "key of process " + member;
  }

  private ModelVoter enclave(int member, String keyName) {
    return new ModelVoter(
            SampleSigner.Scheme.FAST, keyName, design.mutant(), Optional.of(invariants))
        .of(SampleConsortium.id(member));
  }

  private SoftProcess process(String keyName) {
    return new SoftProcess(
        SampleSigner.Scheme.FAST,
        SampleSigner.Scheme.FAST.signer(keyName),
        emptyLog(),
        design.mistake(),
        invariants);
  }

  private SimulatedVoterLog emptyLog() {
    return new SimulatedVoterLog(
        time, design.disks() == SimulatedDisk.Fault.VOTER_LOG_ANSWERS_EARLY);
  }

  private Watcher toAll() {
    return new Watcher() {
      @Override
      public void sent(Letter letter) {
        watchers.forEach(each -> each.sent(letter));
      }

      @Override
      public void lost(Letter letter) {
        watchers.forEach(each -> each.lost(letter));
      }

      @Override
      public void arrived(Letter letter) {
        watchers.forEach(each -> each.arrived(letter));
      }

      @Override
      public void stored(int node, Hash block) {
        watchers.forEach(each -> each.stored(node, block));
      }

      @Override
      public void appended(int node, long height) {
        watchers.forEach(each -> each.appended(node, height));
      }

      @Override
      public void told(String what) {
        watchers.forEach(each -> each.told(what));
      }
    };
  }

  /** Tells this watcher, too, of everything from now on. */
  void watchedBy(Watcher watcher) {
    watchers.add(watcher);
  }

  // ---- what may happen ------------------------------------------------------------------------

  /** Lets the clock run. */
  void run(long ms) {
    time.runUntil(time.nowMs() + ms);
  }

  /**
   * Lets the clock run until something is so, at most this long.
   *
   * @return whether it is
   */
  boolean runUntil(long ms, BooleanSupplier enough) {
    return time.runUntil(time.nowMs() + ms, enough);
  }

  void submit(int member) {
    SimulatedNode node = nodes.get(member);
    if (node.isUp()) {
      SignedEntry entry = consortium.entry(member, entries++);
      if (node.submit(entry) && node.isHonest()) {
        submitted.put(entry.id(), member);
        invariants.accepted(member, entry.id());
      }
    }
  }

  void crash(int member) {
    nodes.get(member).crash();
  }

  /** Starts a host that is down, unless its replica had halted: people decide what comes then. */
  void restart(int member) {
    SimulatedNode node = nodes.get(member);
    if (!node.isUp() && node.halted().isEmpty()) {
      if (node.isHonest()) {
        invariants.recovered(node);
      }
      node.start();
    }
  }

  /** People read why the host's replica halted and start it again; its enclave is as it was. */
  void restartDespiteHalt(int member) {
    nodes.get(member).crash();
    nodes.get(member).start();
  }

  /** The member hears this from another one, as if the link had carried it. */
  void tell(int member, int from, PeerMessage message) {
    nodes.get(member).give(new ConsensusInput.Received(from, message));
  }

  /** What the member's disk keeps of broken voters. */
  List<VoterFault> faults(int member, long epoch) {
    return nodes.get(member).disk().store().faults(epoch);
  }

  /**
   * The enclave instance is gone; the host gets another one with another key, if it is sound. In
   * BFT-2P what is gone is the voter's log.
   */
  void loseEnclave(int member) {
    SimulatedNode node = nodes.get(member);
    boolean wasUp = node.isUp();
    if (wasUp) {
      node.crash();
    }
    if (modeOf(node) == EpochConfig.Mode.BFT_2P) {
      loseLog(member);
    } else {
      loseInstance(member);
    }
    if (wasUp) {
      restart(member);
    }
  }

  private static EpochConfig.Mode modeOf(SimulatedNode node) {
    List<EpochProof> known = node.disk().store().epochs();
    return (known.isEmpty() ? node.epochs() : known).getLast().config().mode();
  }

  private void loseLog(int member) {
    SimulatedNode node = nodes.get(member);
    SampleSigner fresh = SampleSigner.Scheme.FAST.signer("process " + enclaves++);
    SoftProcess process = node.enclave().process().orElseThrow().withoutLog(fresh, emptyLog());
    node.replaceEnclave(new WatchedEnclave(node.enclave().model(), Optional.of(process)));
    voterless.add(member);
  }

  /**
   * Somebody brings back an older copy of the voter's log while the host is down: it is a liar's.
   */
  void rollBackLog(int member, int records) {
    invariants.malicious(nodes.get(member).enclave());
    nodes.get(member).enclave().process().orElseThrow().log().rollBack(records);
  }

  private void loseInstance(int member) {
    SimulatedNode node = nodes.get(member);
    ModelVoter again = node.enclave().model().startedAgain("instance " + enclaves++);
    if (!again.votingKey().equals(node.enclave().model().votingKey())) {
      voterless.add(member);
    }
    node.replaceEnclave(node.enclave().with(again));
  }

  /** Asks the ledger for the seat of the member's present instance, as the node's officers do. */
  void askForSeat(int member) {
    cast(member, seatOf(member));
  }

  /** The same where the epoch may end before, so that the ballot never becomes final. */
  void askForSeatUnnoticed(int member) {
    castUnnoticed(member, seatOf(member));
  }

  /**
   * Every officer's ballot for another mode; these members announce the keys that they would vote
   * with there.
   */
  void askForMode(List<Integer> announcing, EpochConfig.Mode mode) {
    for (int member : announcing) {
      cast(member, keyFor(member, mode));
    }
    for (int member : working()) {
      castUnnoticed(member, new MembershipChange.SetMode(mode));
    }
  }

  /** The same where the epoch may end before any of it is final. */
  void askForModeUnnoticed(int member, EpochConfig.Mode mode) {
    castUnnoticed(member, keyFor(member, mode));
    castUnnoticed(member, new MembershipChange.SetMode(mode));
  }

  private MembershipChange keyFor(int member, EpochConfig.Mode mode) {
    return new MembershipChange.AnnounceKey(
        SampleConsortium.id(member), mode, enclave(member).votingKey(mode), evidence(member, mode));
  }

  private MembershipChange seatOf(int member) {
    EpochConfig.Mode mode = replica(member).config().mode();
    return new MembershipChange.ReplaceKey(
        SampleConsortium.id(member), enclave(member).votingKey(mode), evidence(member, mode));
  }

  /** Processes show none. */
  private Bytes evidence(int member, EpochConfig.Mode mode) {
    return switch (mode) {
      case TEE_1P -> new SampleEvidence().own(replica(member).tip()).orElseThrow();
      case BFT_2P -> Bytes.EMPTY;
    };
  }

  /** One member's ballot for a change, which must become final like every entry. */
  void cast(int member, MembershipChange change) {
    castUnnoticed(member, change).ifPresent(id -> submitted.put(id, member));
  }

  /** A ballot that need not become final; its entry's id if it was accepted. */
  Optional<Hash> castUnnoticed(int member, MembershipChange change) {
    Hash epoch = replica(member).config().hash();
    Bytes signature =
        consortium.scheme().signer("governance " + member).sign(Ballot.signedBytes(epoch, change));
    LedgerEntry entry =
        new Ballot(epoch, change, signature)
            .entry(
                consortium.config().chainId(), SampleConsortium.id(member), "officer", entries++);
    SignedEntry signed = SampleEntries.sign(entry, consortium.institution(member));
    return nodes.get(member).submit(signed) ? Optional.of(signed.id()) : Optional.empty();
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

  SimulatedDisk disk(int member) {
    return nodes.get(member).disk();
  }

  /** Sets a clock wrong by this much, forwards or backwards. */
  void setClock(int member, long wrongByMs) {
    nodes.get(member).setClock(wrongByMs);
  }

  /** Ends all faults that can end: cuts, clocks, disks, crashes. */
  void repair() {
    heal();
    for (int member = 0; member < nodes.size(); member++) {
      setClock(member, 0);
      disk(member).repair();
      restart(member);
    }
  }

  /** From now on, this host does these things. Its replica restarts behind them. */
  void corrupt(int member, List<Misdeed> misdeeds) {
    SimulatedNode node = nodes.get(member);
    node.crash();
    invariants.malicious(node.enclave());
    ByzantineHost host =
        new ByzantineHost(node, consortium, network, random.split(), loot, misdeeds);
    node.corrupt(host);
    boolean acts = byzantine.put(member, host) != null;
    node.start();
    if (!acts) {
      actAgain(member);
    }
  }

  private void actAgain(int member) {
    time.in(
        1 + random.nextLong(MISDEED_MS),
        () -> {
          if (nodes.get(member).isUp()) {
            byzantine.get(member).act();
          }
          actAgain(member);
        });
  }

  // ---- what can be seen -----------------------------------------------------------------------

  SampleConsortium consortium() {
    return consortium;
  }

  int size() {
    return nodes.size();
  }

  int quorum() {
    return consortium.config().quorum();
  }

  int faults() {
    return consortium.config().faults();
  }

  int slotK() {
    return consortium.config().slotK();
  }

  /** Who leads a view. */
  int leader(long view) {
    return consortium.config().leader(view);
  }

  long nowMs() {
    return time.nowMs();
  }

  Replica replica(int member) {
    return nodes.get(member).replica();
  }

  /** What the member's node says of consensus now. */
  String summary(int member) {
    return replica(member).summary(nodes.get(member).clockMs());
  }

  /** The same in facts. */
  Standing standing(int member) {
    return replica(member).standing(nodes.get(member).clockMs());
  }

  boolean isUp(int member) {
    return nodes.get(member).isUp();
  }

  boolean isHonest(int member) {
    return nodes.get(member).isHonest();
  }

  /** Whether the member's enclave has no seat any more. */
  boolean isVoterless(int member) {
    return voterless.contains(member);
  }

  /** Why the member's replica halted, if it did. */
  Optional<String> halted(int member) {
    return nodes.get(member).halted();
  }

  WatchedEnclave enclave(int member) {
    return nodes.get(member).enclave();
  }

  Invariants invariants() {
    return invariants;
  }

  long height() {
    return invariants.height();
  }

  /** Members that are honest, up and have not halted. */
  List<Integer> working() {
    return nodes.stream()
        .filter(node -> node.isUp() && node.isHonest() && node.halted().isEmpty())
        .map(SimulatedNode::index)
        .toList();
  }

  /** Why not everything that was submitted is final on every honest node that is up, if so. */
  Optional<String> unfinished() {
    long open =
        submitted.entrySet().stream()
            .filter(each -> isHonest(each.getValue()) && !invariants.isFinal(each.getKey()))
            .count();
    if (open > 0) {
      return Optional.of(open + " of " + submitted.size() + " entries are not final");
    }
    for (int member : working()) {
      if (replica(member).height() < height()) {
        return Optional.of(
            "member " + member + " is at " + replica(member).height() + " of " + height());
      }
    }
    return Optional.empty();
  }

  /**
   * Why the views of working members are further apart than two slots, if they are. A restart may
   * put a member one slot further ahead, as its enclave remembers which views it left.
   */
  Optional<String> skewed() {
    long lowest = working().stream().mapToLong(each -> replica(each).view()).min().orElse(0);
    for (int member : working()) {
      long ahead = replica(member).view() - lowest;
      if (ahead > (2L + nodes.get(member).starts() - 1) * slotK()) {
        return Optional.of("member " + member + " is " + ahead + " views ahead");
      }
    }
    return Optional.empty();
  }

  /** Everything that helps to see why. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append("n=").append(size()).append(" slotK=").append(slotK());
    text.append(" t=").append(time.nowMs()).append(" ms");
    for (SimulatedNode node : nodes) {
      text.append("\n  member ").append(node.index());
      text.append(node.isHonest() ? "" : " byzantine");
      text.append(isVoterless(node.index()) ? " voterless" : "");
      text.append(" refused ").append(node.enclave().refusals());
      if (node.isUp()) {
        describe(node, text);
      } else {
        text.append(" down");
      }
    }
    return text.toString();
  }

  private void describe(SimulatedNode node, StringBuilder text) {
    text.append(" epoch ").append(node.replica().config().epoch());
    text.append(" view ").append(node.replica().view());
    text.append(" leader ").append(node.replica().leader());
    text.append(" height ").append(node.replica().height());
    text.append(" pool ").append(node.replica().poolSize()).append(": ");
    text.append(node.replica().summary(node.clockMs()));
    for (int i = 0; i < nodes.size(); i++) {
      int peer = i;
      node.replica()
          .complaint(i)
          .ifPresent(reason -> text.append("\n    of ").append(peer).append(": ").append(reason));
    }
  }
}
