package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.SoftMistake;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * A random consortium with random faults. The seed decides everything, so a failing run can be
 * replayed step by step.
 *
 * <p>A run has a stormy part, in which nothing but safety is asked. In a liveness run at most f
 * members are malicious or lose their enclave, and a calm part follows, in which everything
 * submitted must become final on every honest node. In a safety run any number of hosts are
 * malicious and any number of enclaves are lost: agreement rests on the enclaves alone. Honest
 * hosts may crash at any time and all at once, as their enclaves live on.
 */
final class ClusterSimulation {
  private static final long STORM_MS = 12_000;
  private static final long CALM_LIMIT_MS = 90_000;
  private static final int[] SLOTS = {1, 2, 4, 16};

  /** What is asked of a run. */
  enum Kind {
    /** Safety, and liveness when the storm is over. */
    LIVENESS,
    /** Safety with any number of malicious hosts. */
    SAFETY,
    /** Safety with a mistake in the enclaves or disks, which malicious hosts look for. */
    HUNT,
    /** That enclaves with a mistake, used by malicious hosts, never fork the chain in silence. */
    BROKEN
  }

  /** What a run did. */
  record Summary(Kind kind, int members, long simulatedMs, long blocks, boolean forked) {}

  private final SplittableRandom random;
  private final Kind kind;
  private final Cluster cluster;
  private final EpochConfig.Mode mode;
  private final boolean twoPhases;
  private final Set<Integer> fast = new HashSet<>();
  private int fastClocks;

  /** The run of this seed: every fourth is a safety run. */
  ClusterSimulation(long seed) {
    this(seed, EpochConfig.Mode.TEE_1P);
  }

  /** The same of a consortium that begins in this mode. */
  ClusterSimulation(long seed, EpochConfig.Mode mode) {
    this(
        new SplittableRandom(seed),
        seed % 4 == 3 ? Kind.SAFETY : Kind.LIVENESS,
        Cluster.Design.sound(mode.leastMembers(), 1).in(mode));
  }

  /**
   * A run.
   *
   * @param design but for its size and slots, which the seed decides
   */
  private ClusterSimulation(SplittableRandom random, Kind kind, Cluster.Design design) {
    this.random = random;
    this.kind = kind;
    this.mode = design.mode();
    this.twoPhases = mode == EpochConfig.Mode.BFT_2P;
    int n =
        twoPhases ? 4 + pick(kind == Kind.HUNT ? 1 : 4) : 3 + pick(kind == Kind.LIVENESS ? 3 : 2);
    int slotK = SLOTS[pick(kind == Kind.HUNT ? 2 : SLOTS.length)];
    this.cluster = new Cluster(random, design.of(n, slotK));
  }

  /** A run whose enclaves have a mistake, with hosts that look for it. */
  static ClusterSimulation ofMutant(long seed, ModelVoter.Mutant mutant) {
    return new ClusterSimulation(
        new SplittableRandom(seed),
        Kind.HUNT,
        Cluster.Design.sound(3, 1).with(mutant, EnumSet.allOf(Invariant.class)));
  }

  /** A run whose voting processes have a mistake, with hosts that look for it. */
  static ClusterSimulation ofMistake(long seed, SoftMistake mistake) {
    return new ClusterSimulation(
        new SplittableRandom(seed),
        Kind.HUNT,
        Cluster.Design.sound(4, 1).in(EpochConfig.Mode.BFT_2P).with(mistake));
  }

  /** A run whose disks have a mistake. */
  static ClusterSimulation ofDisks(long seed, SimulatedDisk.Fault fault) {
    EpochConfig.Mode mode =
        fault == SimulatedDisk.Fault.VOTER_LOG_ANSWERS_EARLY
            ? EpochConfig.Mode.BFT_2P
            : EpochConfig.Mode.TEE_1P;
    return new ClusterSimulation(
        new SplittableRandom(seed), Kind.HUNT, Cluster.Design.sound(4, 1).in(mode).with(fault));
  }

  /** A run whose enclaves have a mistake that is used, until the honest see proof of it. */
  static ClusterSimulation ofBroken(long seed, ModelVoter.Mutant mutant) {
    return new ClusterSimulation(
        new SplittableRandom(seed),
        Kind.BROKEN,
        Cluster.Design.sound(3, 1).with(mutant, EnumSet.of(Invariant.I10)));
  }

  /** Runs it. Throws an AssertionError that says what is broken. */
  Summary run() {
    int malicious = corruptSome();
    storm(cluster.faults() - malicious);
    switch (kind) {
      case LIVENESS -> {
        cluster.repair();
        calm();
      }
      case BROKEN -> {
        cluster.repair();
        noSilentFork();
      }
      case SAFETY, HUNT -> {}
    }
    return new Summary(
        kind, cluster.size(), cluster.nowMs(), cluster.height(), cluster.invariants().forked());
  }

  /** Everything that helps to see why. */
  String describe() {
    return cluster.describe();
  }

  Cluster cluster() {
    return cluster;
  }

  // ---- malicious hosts --------------------------------------------------------------------------

  private int corruptSome() {
    int count =
        switch (kind) {
          case LIVENESS -> pick(cluster.faults() + 1);
          // Two thirds of the processes must be honest, enclaves need no honest host.
          case SAFETY -> pick((twoPhases ? cluster.faults() : cluster.size()) + 1);
          case HUNT, BROKEN -> cluster.faults();
        };
    if (count > cluster.faults()) {
      cluster.invariants().hostsMayAllLie();
    }
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < cluster.size(); i++) {
      members.add(i);
    }
    Collections.shuffle(members, new java.util.Random(random.nextLong()));
    members.subList(0, count).forEach(each -> cluster.corrupt(each, misdeedsOf(each)));
    return count;
  }

  private List<Misdeed> misdeedsOf(int member) {
    return switch (kind) {
      case LIVENESS, SAFETY -> anyMisdeeds();
      case HUNT -> hunt();
      case BROKEN -> pick(2) == 0 ? hunt() : livesTwice(member);
    };
  }

  private List<Misdeed> livesTwice(int member) {
    int other = (member + 1 + pick(cluster.size() - 1)) % cluster.size();
    return List.of(Misdeeds.named("lives a second life to", List.of(other)));
  }

  private List<Misdeed> anyMisdeeds() {
    List<String> names = Misdeeds.namesForAnybody(mode);
    List<Misdeed> misdeeds = new ArrayList<>();
    for (int i = pick(6); i >= 0; i--) {
      Misdeed any = Misdeeds.named(names.get(pick(names.size())), List.of());
      misdeeds.add(new Misdeeds.Sometimes(1 + pick(8), any));
    }
    return misdeeds;
  }

  /** What finds mistakes of enclaves fastest. */
  private List<Misdeed> hunt() {
    if (twoPhases) {
      return huntProcesses();
    }
    List<Misdeed> misdeeds = new ArrayList<>();
    misdeeds.add(new Misdeeds.Eagerly(8, Misdeeds.named("asks for everything", List.of())));
    for (String name :
        List.of(
            "starts second instances",
            "withholds votes",
            "withholds certificates",
            "equivocates headers")) {
      misdeeds.add(new Misdeeds.Sometimes(3, Misdeeds.named(name, List.of())));
    }
    if (pick(2) == 0) {
      // Then its enclave votes for nothing but what the other misdeeds want.
      misdeeds.add(Misdeeds.named("abstains", List.of()));
    }
    return misdeeds;
  }

  /** The same for processes, whose malicious leaders sign anything. */
  private List<Misdeed> huntProcesses() {
    List<Misdeed> misdeeds = new ArrayList<>();
    misdeeds.add(Misdeeds.named("asks for everything", List.of()));
    misdeeds.add(
        new Misdeeds.Sometimes(2, Misdeeds.named("goes on from the lowest report", List.of())));
    misdeeds.add(Misdeeds.named("tells certificates to some", List.of()));
    misdeeds.add(new Misdeeds.Sometimes(3, Misdeeds.named("withholds votes", List.of())));
    misdeeds.add(new Misdeeds.Sometimes(4, Misdeeds.named("equivocates headers", List.of())));
    return misdeeds;
  }

  // ---- the storm --------------------------------------------------------------------------------

  private void storm(int spareFaults) {
    int faults = kind == Kind.SAFETY ? cluster.size() : pick(spareFaults + 1);
    int losses = pick(faults + 1);
    fastClocks = faults - losses;
    int calmness = 50 + pick(400);
    for (long end = cluster.nowMs() + STORM_MS; cluster.nowMs() < end; ) {
      cluster.run(1 + pick(calmness));
      if (losses > 0 && pick(40) == 0 && loseAnyEnclave()) {
        losses--;
      }
      happen();
    }
  }

  private boolean loseAnyEnclave() {
    int member = pick(cluster.size());
    boolean loses = cluster.isHonest(member) && !cluster.isVoterless(member);
    if (loses) {
      cluster.loseEnclave(member);
    }
    return loses;
  }

  private void happen() {
    switch (pick(24)) {
      case 0 -> honest().ifPresent(cluster::crash);
      case 1, 2, 3, 4 -> cluster.restart(pick(cluster.size()));
      case 5 -> cluster.partition(List.of(pick(cluster.size()), pick(cluster.size())));
      case 6 -> cluster.network().cut(pick(cluster.size()), pick(cluster.size()));
      case 7 ->
          cluster.network().flap(pick(cluster.size()), pick(cluster.size()), 10 + pick(1_000));
      case 8, 9 -> cluster.heal();
      case 10 ->
          cluster
              .network()
              .faulty(random.nextDouble() * 0.4, random.nextDouble() * 0.3, 1 + pick(400));
      case 11 -> powerCutOfAll();
      case 12 -> disksFail();
      case 13 -> clockIsSet();
      case 14 -> askForAnySeat();
      case 15 -> cluster.network().redeliver(pick(cluster.size()), cluster.nowMs() - pick(3_000));
      default ->
          honest()
              .ifPresent(
                  member -> {
                    for (int i = pick(4); i >= 0; i--) {
                      cluster.submit(member);
                    }
                  });
    }
  }

  /** Of every hospital at once; the enclaves live on. */
  private void powerCutOfAll() {
    if (pick(10) == 0) {
      for (int member = 0; member < cluster.size(); member++) {
        cluster.crash(member);
      }
    }
  }

  /** The officers of a member whose enclave was lost want its seat back, as often as they like. */
  private void askForAnySeat() {
    int member = pick(cluster.size());
    boolean wants =
        cluster.isUp(member)
            && cluster.isHonest(member)
            && cluster.halted(member).isEmpty()
            && !cluster.replica(member).voting();
    if (wants) {
      cluster.askForSeatUnnoticed(member);
    }
  }

  private void disksFail() {
    SimulatedDisk disk = cluster.disk(pick(cluster.size()));
    switch (pick(3)) {
      case 0 -> disk.full(true);
      case 1 -> disk.slow(1 + pick(500));
      default -> disk.repair();
    }
  }

  /**
   * A little either way, far back, or far ahead. A host whose clock is further ahead than the
   * others allow is a fault like a malicious one: its own enclave votes for its blocks, which
   * nobody else accepts before their time has come.
   */
  private void clockIsSet() {
    int member = pick(cluster.size());
    switch (pick(3)) {
      case 0 -> cluster.setClock(member, pick(20_000) - 10_000);
      case 1 -> cluster.setClock(member, -random.nextLong(7_200_000));
      default -> {
        if (fast.contains(member) || fast.size() < fastClocks) {
          fast.add(member);
          cluster.setClock(member, random.nextLong(7_200_000));
        }
      }
    }
  }

  private Optional<Integer> honest() {
    int member = pick(cluster.size());
    return cluster.isHonest(member) ? Optional.of(member) : Optional.empty();
  }

  private int pick(int bound) {
    return random.nextInt(bound);
  }

  // ---- the calm ---------------------------------------------------------------------------------

  private void calm() {
    long limit = cluster.nowMs() + CALM_LIMIT_MS;
    do {
      cluster.run(100);
    } while ((cluster.unfinished().isPresent() || cluster.skewed().isPresent())
        && cluster.nowMs() < limit);
    Optional<String> reason = cluster.unfinished();
    Invariant.L1.require(
        reason.isEmpty(),
        reason.orElse("") + " after " + CALM_LIMIT_MS / 1_000 + " s of calm\n" + describe());
    Optional<String> skewed = cluster.skewed();
    Invariant.L2.require(skewed.isEmpty(), skewed.orElse("") + "\n" + describe());
  }

  /**
   * Entries go on to be submitted, so that the honest have something to say to each other. After a
   * fork at least one of them must see the proof and halt.
   */
  private void noSilentFork() {
    long limit = cluster.nowMs() + CALM_LIMIT_MS;
    while (cluster.invariants().forked() && !someHonestHalted() && cluster.nowMs() < limit) {
      cluster.working().forEach(cluster::submit);
      cluster.run(1_000);
    }
    Invariant.E.require(
        !cluster.invariants().forked() || someHonestHalted(),
        "nobody honest sees a fork\n" + describe());
  }

  private boolean someHonestHalted() {
    for (int member = 0; member < cluster.size(); member++) {
      if (cluster.isHonest(member) && cluster.halted(member).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
