package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Register;

/** The misdeeds, by the names that scenarios and random runs use. */
final class Misdeeds {
  private static final long HUGE_VIEW = 1L << 60;
  private static final String TO = " to";

  /** What only a voter that signs anything can do. */
  private static final Set<String> OF_PROCESSES =
      Set.of("tells certificates to some", "goes on from the lowest report");

  /** What a cold start bears of f members only, and a safety run does with more. */
  private static final String FORGETS = "forgets its votes";

  private static final Map<String, Function<List<Integer>, Misdeed>> BY_NAME =
      new LinkedHashMap<>();

  static {
    name("equivocates bodies", new Sending(Misdeeds::otherBodies));
    name("proposes to some", new Sending((host, mail) -> proposal(mail, host.some(mail.to()))));
    BY_NAME.put(
        "proposes to", to -> new Sending((host, mail) -> proposal(mail, common(mail.to(), to))));
    name("withholds proposals", new Sending((host, mail) -> proposal(mail, List.of())));
    name("withholds certificates", new Sending((host, mail) -> certificate(mail, List.of())));
    BY_NAME.put(
        "tells certificates to",
        to -> new Sending((host, mail) -> certificate(mail, common(mail.to(), to))));
    name(
        "tells certificates to some",
        new Sending((host, mail) -> certificate(mail, host.some(mail.to()))));
    name("withholds votes", new Sending((host, mail) -> isVote(mail) ? List.of() : List.of(mail)));
    name("abstains", new Abstaining());
    name(FORGETS, new Forgetting());
    name("corrupts votes", new Sending(Misdeeds::corruptVote));
    name("withholds blocks", new Sending(Misdeeds::withoutBlocks));
    name("corrupts blocks", new Sending(Misdeeds::corruptBlocks));
    name("claims a huge height", new Sending(Misdeeds::hugeStatus));
    name("repeats itself", new Sending((host, mail) -> List.of(mail, mail)));
    name("equivocates headers", new Proposing(Misdeeds::twoHeaders));
    name("proposes a forged entry", evil((host, header) -> with(host, header, host.forgedEntry())));
    name("proposes an entry twice", evil(Misdeeds::entryTwice));
    name("proposes a final entry", evil(Misdeeds::finalEntry));
    name("proposes a future time", evil(Misdeeds::futureTime));
    name("proposes a wrong state root", evil(Misdeeds::wrongStateRoot));
    name("proposes an end of the epoch", evil(Misdeeds::endOfEpoch));
    name("votes blindly", new Hearing(Misdeeds::voteBlindly));
    name(
        "makes certificates",
        new Acting(
            host ->
                host.loot()
                    .anyCertificate()
                    .ifPresent(each -> host.post(host.others(), new PeerMessage.Decide(each)))));
    name("pushes its view", new Acting(Misdeeds::pushView));
    name("reports future views", new Acting(Misdeeds::reportFutureView));
    name("replays reports", new Acting(Misdeeds::replayReport));
    name("replays messages", new Acting(Misdeeds::replayMessage));
    name(
        "gossips forged entries",
        new Acting(
            host ->
                host.post(
                    host.others(), new PeerMessage.EntryGossip(List.of(host.forgedEntry())))));
    name("floods", new Acting(Misdeeds::flood));
    name("goes on from the lowest report", new Acting(Misdeeds::goOnFromLowest));
    name("starts second instances", new Acting(Misdeeds::startSecond));
    BY_NAME.put("lives a second life to", LivesTwice::new);
    name("asks for everything", new AsksForEverything());
  }

  private Misdeeds() {}

  private static void name(String name, Misdeed misdeed) {
    BY_NAME.put(name, to -> misdeed);
  }

  /** All names; those that end in "to" want members after them. */
  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /** Those that need no members, and are of use in this mode. */
  static List<String> namesForAnybody(EpochConfig.Mode mode) {
    return names().stream()
        .filter(name -> !name.endsWith(TO) && !name.equals(FORGETS))
        .filter(name -> mode == EpochConfig.Mode.BFT_2P || !OF_PROCESSES.contains(name))
        .toList();
  }

  /**
   * A misdeed.
   *
   * @param to members that it favours, where the name ends in "to"
   */
  static Misdeed named(String name, List<Integer> to) {
    Function<List<Integer>, Misdeed> found = BY_NAME.get(name);
    if (found == null || name.endsWith(TO) == to.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected one of " + BY_NAME.keySet() + ", but got " + name + " " + to);
    }
    return found.apply(to);
  }

  // ---- shapes -----------------------------------------------------------------------------------

  private record Sending(BiFunction<ByzantineHost, Misdeed.Mail, List<Misdeed.Mail>> change)
      implements Misdeed {
    @Override
    public List<Mail> instead(ByzantineHost host, Mail mail) {
      return change.apply(host, mail);
    }
  }

  private interface Proposal {
    Voter.Signed make(ByzantineHost host, BlockHeader header, Justification justification);
  }

  private record Proposing(Proposal proposal) implements Misdeed {
    @Override
    public Optional<Voter.Signed> propose(
        ByzantineHost host, BlockHeader header, Justification justification) {
      return Optional.of(proposal.make(host, header, justification));
    }
  }

  private record Hearing(java.util.function.BiConsumer<ByzantineHost, PeerMessage> reaction)
      implements Misdeed {
    @Override
    public void heard(ByzantineHost host, PeerMessage message) {
      reaction.accept(host, message);
    }
  }

  private record Abstaining() implements Misdeed {
    @Override
    public boolean abstains() {
      return true;
    }
  }

  private record Forgetting() implements Misdeed {
    @Override
    public boolean forgets() {
      return true;
    }
  }

  private record Acting(Consumer<ByzantineHost> act) implements Misdeed {
    @Override
    public void act(ByzantineHost host) {
      act.accept(host);
    }
  }

  /** A misdeed that happens now and then only. */
  record Sometimes(int oneIn, Misdeed misdeed) implements Misdeed {
    @Override
    public List<Mail> instead(ByzantineHost host, Mail mail) {
      return now(host) ? misdeed.instead(host, mail) : List.of(mail);
    }

    @Override
    public Optional<Voter.Signed> propose(
        ByzantineHost host, BlockHeader header, Justification justification) {
      return now(host) ? misdeed.propose(host, header, justification) : Optional.empty();
    }

    @Override
    public void heard(ByzantineHost host, PeerMessage message) {
      if (now(host)) {
        misdeed.heard(host, message);
      }
    }

    @Override
    public void act(ByzantineHost host) {
      if (now(host)) {
        misdeed.act(host);
      }
    }

    private boolean now(ByzantineHost host) {
      return host.random().nextInt(oneIn) == 0;
    }
  }

  /** A misdeed that acts several times as often. */
  record Eagerly(int times, Misdeed misdeed) implements Misdeed {
    @Override
    public void act(ByzantineHost host) {
      for (int i = 0; i < times; i++) {
        misdeed.act(host);
      }
    }
  }

  // ---- what is sent -----------------------------------------------------------------------------

  private static List<Misdeed.Mail> otherBodies(ByzantineHost host, Misdeed.Mail mail) {
    if (!(mail.message() instanceof PeerMessage.Propose(var candidate, var why))
        || candidate.block().entries().isEmpty()) {
      return List.of(mail);
    }
    List<Integer> fooled = mail.to().subList(0, (mail.to().size() + 1) / 2);
    List<Integer> rest = mail.to().subList(fooled.size(), mail.to().size());
    return List.of(
        mail.to(fooled).with(new PeerMessage.Propose(otherBody(candidate), why)), mail.to(rest));
  }

  private static List<Misdeed.Mail> proposal(Misdeed.Mail mail, List<Integer> to) {
    return mail.message() instanceof PeerMessage.Propose ? List.of(mail.to(to)) : List.of(mail);
  }

  /** Whatever tells of a certificate. */
  private static List<Misdeed.Mail> certificate(Misdeed.Mail mail, List<Integer> to) {
    return switch (mail.message()) {
      case PeerMessage.Decide decide -> List.of(mail.to(to));
      case PeerMessage.Prepared prepared -> List.of(mail.to(to));
      case PeerMessage.Propose(var candidate, Justification.Certified certified) ->
          List.of(mail.to(to));
      case PeerMessage.SyncBlocks blocks -> List.of(mail.to(common(mail.to(), to)));
      case PeerMessage.NewViewMessage(long epoch, NewView report, var highest, var voted) ->
          List.of(
              mail.with(new PeerMessage.NewViewMessage(epoch, report, Optional.empty(), voted)));
      default -> List.of(mail);
    };
  }

  private static List<Integer> common(List<Integer> some, List<Integer> others) {
    return some.stream().filter(others::contains).toList();
  }

  private static boolean isVote(Misdeed.Mail mail) {
    return mail.message() instanceof PeerMessage.VoteMessage;
  }

  private static List<Misdeed.Mail> corruptVote(ByzantineHost host, Misdeed.Mail mail) {
    if (!(mail.message() instanceof PeerMessage.VoteMessage(Vote vote))) {
      return List.of(mail);
    }
    return List.of(
        mail.with(
            new PeerMessage.VoteMessage(
                new Vote(
                    vote.member(),
                    vote.phase(),
                    vote.epoch(),
                    vote.view(),
                    vote.height(),
                    vote.blockHash(),
                    vote.lastInEpoch(),
                    Bytes.wrap(new byte[64])))));
  }

  private static List<Misdeed.Mail> withoutBlocks(ByzantineHost host, Misdeed.Mail mail) {
    return switch (mail.message()) {
      case PeerMessage.NewViewMessage(long epoch, NewView report, var highest, var voted) ->
          List.of(
              mail.with(
                  new PeerMessage.NewViewMessage(
                      epoch, report, Optional.empty(), Optional.empty())));
      case PeerMessage.CandidateReply reply -> List.of();
      case PeerMessage.SyncBlocks blocks -> List.of();
      default -> List.of(mail);
    };
  }

  private static List<Misdeed.Mail> corruptBlocks(ByzantineHost host, Misdeed.Mail mail) {
    return switch (mail.message()) {
      case PeerMessage.SyncBlocks(List<CommittedBlock> blocks) ->
          List.of(
              mail.with(
                  new PeerMessage.SyncBlocks(
                      blocks.stream().map(each -> corrupted(host, each)).toList())));
      case PeerMessage.CandidateReply(BlockStore.Candidate candidate) ->
          List.of(mail.with(new PeerMessage.CandidateReply(otherBody(candidate))));
      default -> List.of(mail);
    };
  }

  private static CommittedBlock corrupted(ByzantineHost host, CommittedBlock block) {
    boolean spare = host.random().nextInt(3) > 0 || block.block().entries().isEmpty();
    return spare
        ? block
        : new CommittedBlock(withoutFirst(block.block()), block.suffix(), block.certificate());
  }

  private static BlockStore.Candidate otherBody(BlockStore.Candidate candidate) {
    return candidate.block().entries().isEmpty()
        ? candidate
        : new BlockStore.Candidate(withoutFirst(candidate.block()), candidate.proposal());
  }

  private static Block withoutFirst(Block block) {
    return new Block(block.header(), block.entries().subList(1, block.entries().size()));
  }

  private static List<Misdeed.Mail> hugeStatus(ByzantineHost host, Misdeed.Mail mail) {
    return mail.message() instanceof PeerMessage.StatusAnnouncement
        ? List.of(
            mail.with(new PeerMessage.StatusAnnouncement(1L << 40, 1L << 50, HUGE_VIEW, true)))
        : List.of(mail);
  }

  // ---- what is proposed -------------------------------------------------------------------------

  /** Wants a second, empty block signed for the same view and shows it to half of the others. */
  private static Voter.Signed twoHeaders(
      ByzantineHost host, BlockHeader header, Justification justification) {
    Voter.Signed first = host.enclave().propose(header, justification);
    Block second =
        host.blockLike(header, List.of(), header.stateRoot(), header.timeMs() + 1, false);
    List<Integer> others = host.others();
    host.proposeTo(
        others.subList(0, (others.size() + 1) / 2), host.enclave(), second, justification);
    return first;
  }

  private static Misdeed evil(BiFunction<ByzantineHost, BlockHeader, Block> block) {
    return new Proposing(
        (host, header, justification) -> {
          Block evil = block.apply(host, header);
          host.proposeTo(host.others(), host.enclave(), evil, justification)
              .ifPresent(candidate -> host.voteFor(host.enclave(), candidate));
          return new Voter.Signed.No("E_STALE_VIEW");
        });
  }

  private static Block with(ByzantineHost host, BlockHeader header, SignedEntry entry) {
    return host.blockLike(header, List.of(entry), header.stateRoot(), header.timeMs(), false);
  }

  private static Block entryTwice(ByzantineHost host, BlockHeader header) {
    SignedEntry entry = host.consortium().entry(host.index(), freshNumber(host));
    return host.blockLike(
        header, List.of(entry, entry), header.stateRoot(), header.timeMs(), false);
  }

  private static Block finalEntry(ByzantineHost host, BlockHeader header) {
    List<SignedEntry> entries =
        host.node()
            .disk()
            .store()
            .tip()
            .map(tip -> tip.block().entries())
            .orElse(List.of(host.forgedEntry()));
    return host.blockLike(header, entries, header.stateRoot(), header.timeMs(), false);
  }

  private static Block futureTime(ByzantineHost host, BlockHeader header) {
    return host.blockLike(
        header, List.of(), header.stateRoot(), header.timeMs() + 3_600_000, false);
  }

  private static Block wrongStateRoot(ByzantineHost host, BlockHeader header) {
    return host.blockLike(header, List.of(), Hash.ZERO, header.timeMs(), false);
  }

  private static Block endOfEpoch(ByzantineHost host, BlockHeader header) {
    SignedEntry entry = host.consortium().entry(host.index(), freshNumber(host));
    return host.blockLike(header, List.of(entry), header.stateRoot(), header.timeMs(), true);
  }

  private static int freshNumber(ByzantineHost host) {
    return 1_000_000 + host.random().nextInt(1_000_000);
  }

  // ---- what nobody asked for --------------------------------------------------------------------

  private static void voteBlindly(ByzantineHost host, PeerMessage message) {
    if (message instanceof PeerMessage.Propose(BlockStore.Candidate candidate, var why)) {
      host.voteFor(host.enclave(), candidate);
    }
  }

  private static void pushView(ByzantineHost host) {
    report(host, host.enclave(), HUGE_VIEW, host.others());
  }

  private static void reportFutureView(ByzantineHost host) {
    int slotK = host.config().slotK();
    long slot = host.loot().highestView() / slotK + 1 + host.random().nextInt(8);
    report(host, host.enclave(), slot * slotK, host.some(host.others()));
  }

  private static void report(ByzantineHost host, Voter instance, long view, List<Integer> to) {
    if (instance.newView(view) instanceof Voter.Moved.Yes(NewView report)) {
      host.loot().see(report);
      host.post(
          to,
          new PeerMessage.NewViewMessage(
              host.config().epoch(), report, Optional.empty(), Optional.empty()));
    }
  }

  private static void replayReport(ByzantineHost host) {
    host.loot()
        .anyReport()
        .ifPresent(
            report ->
                host.post(
                    host.others(),
                    new PeerMessage.NewViewMessage(
                        host.config().epoch(), report, Optional.empty(), Optional.empty())));
  }

  private static void replayMessage(ByzantineHost host) {
    host.loot().anyMessage().ifPresent(message -> host.post(host.some(host.others()), message));
  }

  /** Of a quorum's reports for a view that it leads, it takes the lowest that has a certificate. */
  private static void goOnFromLowest(ByzantineHost host) {
    EpochConfig config = host.config();
    Optional<NewView> newest =
        host.loot().newestReport().filter(each -> config.leader(each.newView()) == host.index());
    if (newest.isEmpty() || config.mode() != EpochConfig.Mode.BFT_2P) {
      return;
    }
    long view = newest.get().newView();
    Map<Integer, NewView> byMember = new TreeMap<>();
    host.loot().reportsFor(view).forEach(each -> byMember.put(each.member(), each));
    if (host.enclave().newView(view) instanceof Voter.Moved.Yes(NewView own)) {
      byMember.put(host.index(), own);
    }
    byMember.values().stream()
        .filter(each -> host.loot().certificateOf(each).isPresent())
        .min(Comparator.comparingLong(NewView::votedView))
        .ifPresent(
            lowest ->
                AsksForEverything.proposeUpon(
                    host,
                    new AsksForEverything.Ground(
                        view,
                        lowest.votedHash(),
                        lowest.votedHeight(),
                        new Justification.Reported(
                            List.copyOf(byMember.values()),
                            host.loot().certificateOf(lowest).orElseThrow()))));
  }

  private static void flood(ByzantineHost host) {
    for (int i = 0; i < 20; i++) {
      host.post(host.others(), new PeerMessage.SyncRequest(1));
    }
  }

  private static void startSecond(ByzantineHost host) {
    if (host.random().nextInt(20) == 0) {
      host.startSecondInstance();
    }
    host.loot().anyProposal().ifPresent(candidate -> host.voteFor(host.anyInstance(), candidate));
  }

  /** Uses a second instance of its enclave for what it signs to these members. */
  private static final class LivesTwice implements Misdeed {
    private final List<Integer> to;
    private Optional<Voter> second = Optional.empty();

    LivesTwice(List<Integer> to) {
      this.to = to;
    }

    @Override
    public void act(ByzantineHost host) {
      second(host);
    }

    @Override
    public void heard(ByzantineHost host, PeerMessage message) {
      switch (message) {
        case PeerMessage.Propose(BlockStore.Candidate candidate, var why)
            when to.contains(candidate.block().header().proposer()) ->
            host.voteFor(second(host), candidate);
        case PeerMessage.NewViewMessage report when to.contains(report.report().member()) ->
            report(host, second(host), report.report().newView(), to);
        default -> {}
      }
    }

    @Override
    public List<Mail> instead(ByzantineHost host, Mail mail) {
      return List.of(mail.to(mail.to().stream().filter(each -> !to.contains(each)).toList()));
    }

    private Voter second(ByzantineHost host) {
      if (second.isEmpty()) {
        second = Optional.of(host.startSecondInstance());
      }
      return second.get();
    }
  }

  /**
   * Asks the enclave to sign whatever can be made of what was ever signed: proposals upon any block
   * with any reason, votes for any proposal, reports of any view. A checker as it should be refuses
   * almost all of it; one with a mistake does not.
   */
  private static final class AsksForEverything implements Misdeed {
    @Override
    public void act(ByzantineHost host) {
      switch (host.random().nextInt(8)) {
        case 0, 1, 2 -> proposeAnything(host);
        case 3, 4, 5 -> voteForAnything(host);
        case 6 -> report(host, host.anyInstance(), viewToEnter(host), host.some(host.others()));
        default ->
            host.loot()
                .anyCertificate()
                .ifPresent(
                    each -> host.post(host.some(host.others()), new PeerMessage.Decide(each)));
      }
    }

    private static long viewNearby(ByzantineHost host) {
      int slotK = host.config().slotK();
      long lowest = Math.max(1, host.loot().highestView() - 2L * slotK);
      return lowest + host.random().nextInt(4 * slotK + 2);
    }

    /** Mostly one that somebody else entered just now: whoever runs ahead is of no use. */
    private static long viewToEnter(ByzantineHost host) {
      return host.random().nextInt(8) == 0
          ? viewNearby(host)
          : host.loot().newestReport().map(NewView::newView).orElse(1L);
    }

    private record Ground(long view, Hash parent, long height, Justification justification) {}

    private static void proposeAnything(ByzantineHost host) {
      ground(host)
          .filter(
              each ->
                  host.config().leader(each.view()) == host.index()
                      || host.random().nextInt(16) == 0)
          .ifPresent(each -> proposeUpon(host, otherParent(host, each)));
    }

    private static Optional<Ground> ground(ByzantineHost host) {
      Loot loot = host.loot();
      return switch (host.random().nextInt(4)) {
        case 0 ->
            Optional.of(
                new Ground(
                    host.random().nextBoolean() ? 1 : viewNearby(host),
                    host.config().hash(),
                    0,
                    new Justification.Anchor()));
        case 1 ->
            loot.anyCertificate()
                .map(
                    each ->
                        new Ground(
                            host.random().nextBoolean() ? each.view() + 1 : viewNearby(host),
                            each.blockHash(),
                            each.height(),
                            new Justification.Certified(each)));
        case 2 -> loot.anyReport().map(each -> uponReports(host, each));
        default -> loot.newestReport().map(each -> uponReports(host, each));
      };
    }

    private static Ground uponReports(ByzantineHost host, NewView one) {
      long view = one.newView();
      List<NewView> known = new ArrayList<>(host.loot().reportsFor(view));
      if (host.random().nextInt(8) == 0) {
        host.loot().anyReport().ifPresent(known::add);
      }
      if (host.random().nextInt(8) == 0) {
        known.add(forgedReport(host, view));
      }
      int n = host.config().n();
      int count = n / 2 + host.random().nextInt(2); // half, or a quorum
      List<NewView> chosen = new ArrayList<>(List.of(one));
      while (chosen.size() < count) {
        chosen.add(known.get(host.random().nextInt(known.size())));
      }
      if (host.random().nextInt(4) > 0) {
        chosen = new ArrayList<>(chosen.stream().distinct().toList());
      }
      chosen.sort(Comparator.comparingInt(NewView::member));
      NewView parent = chosen.get(host.random().nextInt(chosen.size()));
      List<NewView> shown = chosen;
      return new Ground(
          view,
          parent.votedHash(),
          parent.votedHeight(),
          host.config().mode() == EpochConfig.Mode.BFT_2P
              ? host.loot()
                  .certificateOf(parent)
                  .<Justification>map(each -> new Justification.Reported(shown, each))
                  .orElseGet(() -> new Justification.NewViews(shown))
              : new Justification.NewViews(shown));
    }

    private static NewView forgedReport(ByzantineHost host, long view) {
      int member = host.random().nextInt(host.config().n());
      Hash anchor = host.config().hash();
      return new NewView(member, view, 0, 0, anchor, false, Bytes.wrap(new byte[64]));
    }

    private static Ground otherParent(ByzantineHost host, Ground ground) {
      return host.random().nextInt(6) > 0
          ? ground
          : host.loot()
              .anyProposal()
              .map(each -> each.block().header())
              .map(
                  header ->
                      new Ground(
                          ground.view(), header.hash(), header.height(), ground.justification()))
              .orElse(ground);
    }

    private static void proposeUpon(ByzantineHost host, Ground ground) {
      Block block = block(host, ground.view(), ground.height() + 1, ground.parent());
      Optional<BlockStore.Candidate> signed =
          host.proposeTo(
              host.some(host.others()), host.anyInstance(), block, ground.justification());
      if (host.random().nextBoolean()) {
        signed.ifPresent(candidate -> host.voteFor(host.anyInstance(), candidate));
      }
    }

    private static Block block(ByzantineHost host, long view, long height, Hash parent) {
      EpochConfig config = host.config();
      long parentMs = host.loot().header(parent).map(BlockHeader::timeMs).orElse(0L);
      BlockHeader plain =
          new BlockHeader(
              config.chainId(),
              config.epoch(),
              view,
              height,
              parent,
              Hash.ZERO,
              Register.of(config).root(),
              0,
              config.leader(view),
              false,
              Hash.ZERO,
              0,
              0);
      List<SignedEntry> entries =
          host.random().nextBoolean()
              ? List.of()
              : List.of(host.consortium().entry(host.index(), freshNumber(host)));
      return host.blockLike(
          plain,
          entries,
          plain.stateRoot(),
          Math.max(parentMs, host.node().clockMs()),
          host.random().nextInt(4) == 0);
    }

    private static void voteForAnything(ByzantineHost host) {
      if (host.random().nextInt(16) == 0) {
        Block invented = block(host, viewNearby(host), 1, host.config().hash());
        host.voteFor(
            host.anyInstance(), new BlockStore.Candidate(invented, Bytes.wrap(new byte[64])));
      } else {
        host.loot()
            .anyProposal()
            .ifPresent(candidate -> host.voteFor(host.anyInstance(), candidate));
      }
    }
  }
}
