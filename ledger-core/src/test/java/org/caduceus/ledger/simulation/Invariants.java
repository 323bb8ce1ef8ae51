package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ConsensusOutput;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;

/**
 * Watches the {@link Invariant}s of safety, whoever misbehaves: sees every signature, message,
 * output of an honest replica and restart. Knows nothing of the replica's insides. Liveness is the
 * business of whoever runs the simulation, who knows when the faults end.
 */
final class Invariants implements ModelVoter.Witness, Watcher {
  /** Entries of a block whose receipts are checked: at least its first and its last. */
  private static final int RECEIPTS = 4;

  private static final class Signed {
    final Map<Long, Hash> proposals = new HashMap<>();
    final Map<Long, Hash> votes = new HashMap<>();
    long left;
    long lastVote;
    long lastV;
    long lastProp;
  }

  private record Certified(long view, long height, Hash hash) {}

  /** What is known of one epoch. */
  private static final class InEpoch {
    final EpochConfig config;
    final Register register;
    final Electorate electorate;
    final ReceiptVerifier receipts;
    final Map<Bytes, Signed> signed = new HashMap<>();
    final TreeMap<Long, Hash> proposedByView = new TreeMap<>();
    final TreeMap<Long, Certified> certified = new TreeMap<>();

    /** In BFT-2P, by view, what honest processes prepared. */
    final TreeMap<Long, Set<Hash>> preparedByView = new TreeMap<>();

    /** In BFT-2P, by view, what a quorum may have prepared. */
    final Map<Long, Hash> preparable = new HashMap<>();

    /** In BFT-2P, by phase and block, the honest keys that voted. */
    final Map<String, Set<Bytes>> honest = new HashMap<>();

    InEpoch(EpochConfig config, Register register, SignatureVerifier signatures) {
      this.config = config;
      this.register = register;
      this.electorate = new Electorate(config, signatures);
      this.receipts = new ReceiptVerifier(config, signatures);
    }
  }

  private final SampleConsortium consortium;
  private final ModelVoter.Mutant mutant;
  private final Set<Invariant> watched;
  private final Map<Long, InEpoch> epochs = new HashMap<>();
  private final Map<Bytes, ModelVoter> instances = new HashMap<>();
  private final Map<Hash, BlockHeader> proposed = new HashMap<>();
  private final Map<Hash, Set<Bytes>> voters = new HashMap<>();
  private final Map<Long, CommittedBlock> chain = new HashMap<>();
  private final Map<Hash, Long> entryHeights = new HashMap<>();
  private final Map<Integer, Long> heights = new HashMap<>();
  private final Map<Integer, Long> durable = new HashMap<>();
  private final Map<Integer, Set<Hash>> accepted = new HashMap<>();
  private BiFunction<Hash, Long, Long> honestDisksWith = (hash, height) -> Long.MAX_VALUE;
  private Predicate<String> isHonest = member -> true;
  private final Set<Bytes> malicious = new HashSet<>();
  private boolean hostsMayAllLie;
  private boolean forked;

  /**
   * Watches these invariants only; the others may break and are not looked at.
   *
   * @param mutant mistake of the enclaves, which decides how many votes make a block final for them
   */
  Invariants(SampleConsortium consortium, ModelVoter.Mutant mutant, Set<Invariant> watched) {
    this.consortium = consortium;
    this.mutant = mutant;
    this.watched = EnumSet.copyOf(watched);
    begun(new NextEpoch(EpochProof.genesis(consortium.config()), Register.of(consortium.config())));
  }

  /** A node entered an epoch: all that do must enter the same. */
  private void begun(NextEpoch next) {
    EpochConfig config = next.proof().config();
    InEpoch known =
        epochs.computeIfAbsent(
            config.epoch(),
            epoch -> new InEpoch(config, next.register(), consortium.scheme().verifier()));
    require(
        Invariant.I6, known.config.equals(config), "two configurations of epoch " + config.epoch());
    require(
        Invariant.I8,
        known.register.equals(next.register()),
        "two registers of epoch " + config.epoch());
  }

  void countDisksWith(BiFunction<Hash, Long, Long> counter) {
    honestDisksWith = counter;
  }

  void knowHonest(Predicate<String> honest) {
    isHonest = honest;
  }

  /**
   * More hosts than the design bears may be malicious: agreement must hold all the same, but a
   * quorum may vote for nonsense, which stops whoever sees it, and keep no block on an honest disk.
   */
  void hostsMayAllLie() {
    hostsMayAllLie = true;
  }

  private void require(Invariant invariant, boolean holds, String broken) {
    if (watched.contains(invariant)) {
      invariant.require(holds, broken);
    }
  }

  // ---- signatures -------------------------------------------------------------------------------

  @Override
  public void proposed(ModelVoter voter, BlockHeader header) {
    InEpoch in = epochs.get(header.epoch());
    Signed by = by(voter);
    Hash hash = header.hash();
    long view = header.view();
    require(
        Invariant.I2,
        in.electorate.leader(view) == voter.standing().me()
            && header.proposer() == voter.standing().me(),
        "a proposal in view " + view + " by another than its leader");
    require(
        Invariant.I2,
        by.proposals.putIfAbsent(view, hash) == null,
        "two proposals in view " + view);
    require(
        Invariant.I2,
        in.proposedByView.putIfAbsent(view, hash) == null,
        "two leaders proposed in view " + view);
    proposed.put(hash, header);
    Map.Entry<Long, Certified> below = in.certified.lowerEntry(view);
    if (below != null) {
      requireExtends(header.epoch(), hash, below.getValue());
    }
    Optional.ofNullable(proposed.get(header.parentHash()))
        .ifPresent(parent -> fitsUpon(parent, header));
    standsWell(voter, by);
  }

  private void fitsUpon(BlockHeader parent, BlockHeader header) {
    if (parent.epoch() == header.epoch()) {
      // An enclave does not know which configuration the block below names. A suffix that names
      // another proves nothing and gets no honest host's vote, as with any other nonsense.
      require(
          Invariant.I6,
          !parent.lastInEpoch() || (header.lastInEpoch() && header.entryCount() == 0),
          "a proposal in view " + header.view() + " beyond its epoch's last block");
    } else {
      InEpoch before = epochs.get(parent.epoch());
      Map.Entry<Long, Certified> last = before.certified.lastEntry();
      if (last != null) {
        require(
            Invariant.I11,
            isUpon(parent.epoch(), parent.hash(), withoutSuffix(last.getValue())),
            "epoch "
                + header.epoch()
                + " begins beside the block that was certified in view "
                + last.getKey());
      }
    }
  }

  /** A suffix is no part of the chain: what it makes final is the last block below it. */
  private Certified withoutSuffix(Certified block) {
    BlockHeader header = proposed.get(block.hash());
    while (header != null && header.lastInEpoch() && header.entryCount() == 0) {
      header = proposed.get(header.parentHash());
    }
    return header == null ? block : new Certified(header.view(), header.height(), header.hash());
  }

  @Override
  public void voted(ModelVoter voter, BlockHeader header) {
    Signed by = by(voter);
    Hash hash = header.hash();
    long view = header.view();
    require(
        Invariant.I2,
        proposed.containsKey(hash),
        "a vote in view " + view + " for what no leader proposed");
    require(Invariant.I2, by.votes.putIfAbsent(view, hash) == null, "two votes in view " + view);
    require(
        Invariant.I3,
        view >= by.left,
        "a vote in view " + view + " after view " + by.left + " was entered");
    require(Invariant.I3, view > by.lastVote, "votes not ascending in view " + view);
    by.lastVote = Math.max(by.lastVote, view);
    standsWell(voter, by);
    Set<Bytes> cast = voters.computeIfAbsent(hash, each -> new HashSet<>());
    cast.add(voter.votingKey());
    if (cast.size() == mutant.quorum(epochs.get(header.epoch()).config.n())) {
      certified(header.epoch(), new Certified(view, header.height(), hash));
    }
  }

  @Override
  public void moved(ModelVoter voter, NewView report) {
    Signed by = by(voter);
    require(
        Invariant.I3,
        report.newView() > by.left,
        "view " + report.newView() + " entered after " + by.left);
    require(
        Invariant.I3,
        report.votedView() == by.lastVote,
        "a report of view " + report.newView() + " hides a vote");
    by.left = Math.max(by.left, report.newView());
    standsWell(voter, by);
  }

  /** What this key signed in the epoch that the checker is in. */
  private Signed by(ModelVoter voter) {
    ModelVoter first = instances.putIfAbsent(voter.votingKey(), voter);
    require(Invariant.I9, first == null || first == voter, "a key signs in two instances");
    return epochs
        .get(voter.standing().epoch())
        .signed
        .computeIfAbsent(voter.votingKey(), key -> new Signed());
  }

  /** The checker's own counters, after it signed. */
  private void standsWell(ModelVoter voter, Signed by) {
    require(
        Invariant.I3,
        voter.pv() <= voter.v(),
        "a checker in view " + voter.v() + " voted in view " + voter.pv());
    require(
        Invariant.I3,
        voter.v() >= by.lastV && voter.prop() >= by.lastProp,
        "a checker went backwards in view " + voter.v());
    by.lastV = voter.v();
    by.lastProp = voter.prop();
  }

  // ---- signatures of processes (BFT-2P) ---------------------------------------------------------

  /** From now on, this member's process may sign anything. */
  void malicious(WatchedEnclave host) {
    host.process().ifPresent(process -> malicious.add(process.key().publicKey()));
  }

  /** An honest process signed a proposal. */
  void proposedBy(Bytes key, BlockHeader header) {
    if (malicious.contains(key)) {
      return;
    }
    Hash before = signedBy(header.epoch(), key).proposals.putIfAbsent(header.view(), header.hash());
    require(Invariant.I2, before == null, "two proposals in view " + header.view());
    proposed.put(header.hash(), header);
  }

  /** An honest process signed a vote. */
  void votedBy(Bytes key, int phase, BlockHeader header) {
    if (malicious.contains(key)) {
      return;
    }
    InEpoch in = epochs.get(header.epoch());
    Signed by = signedBy(header.epoch(), key);
    long view = header.view();
    Hash hash = header.hash();
    require(
        Invariant.I3,
        view >= by.left,
        "a vote in view " + view + " after view " + by.left + " was entered");
    proposed.put(hash, header);
    long liars =
        in.config.members().stream().filter(m -> malicious.contains(m.votingKey())).count();
    Set<Bytes> cast = in.honest.computeIfAbsent(phase + " " + hash, each -> new HashSet<>());
    cast.add(key);
    boolean enough = cast.size() + liars >= in.config.quorum();
    if (phase == 1) {
      require(Invariant.I2, by.votes.putIfAbsent(view, hash) == null, "two votes in view " + view);
      prepared(in, header, hash);
      if (enough) {
        preparable(in, view, hash);
      }
    } else {
      by.lastVote = Math.max(by.lastVote, view);
      if (enough) {
        certified(header.epoch(), new Certified(view, header.height(), hash));
      }
    }
  }

  /** A quorum with all liars may have prepared it: nothing else in that view. */
  private void preparable(InEpoch in, long view, Hash hash) {
    Hash before = in.preparable.putIfAbsent(view, hash);
    require(
        Invariant.I4,
        before == null || before.equals(hash),
        "two blocks of view " + view + " that a quorum may have prepared");
  }

  /** The claim: what an honest process prepares extends what was, or can still be, committed. */
  private void prepared(InEpoch in, BlockHeader header, Hash hash) {
    in.preparedByView.computeIfAbsent(header.view(), view -> new HashSet<>()).add(hash);
    Map.Entry<Long, Certified> below = in.certified.lowerEntry(header.view());
    if (below != null) {
      requireExtends(header.epoch(), hash, below.getValue());
    }
    Optional.ofNullable(proposed.get(header.parentHash()))
        .ifPresent(parent -> fitsUpon(parent, header));
  }

  /** An honest process signed a report. */
  void movedBy(Bytes key, long epoch, NewView report) {
    if (malicious.contains(key)) {
      return;
    }
    Signed by = signedBy(epoch, key);
    require(
        Invariant.I3,
        report.newView() > by.left,
        "view " + report.newView() + " entered after " + by.left);
    require(
        Invariant.I3,
        report.votedView() >= by.lastVote,
        "a report of view " + report.newView() + " hides a commitment");
    by.left = Math.max(by.left, report.newView());
  }

  private Signed signedBy(long epoch, Bytes key) {
    return epochs.get(epoch).signed.computeIfAbsent(key, each -> new Signed());
  }

  // ---- certificates -----------------------------------------------------------------------------

  /** A message was sent: look at the certificates in it, if they are real. */
  @Override
  public void sent(Letter letter) {
    switch (letter.message()) {
      case PeerMessage.Decide(QuorumCertificate certificate) -> learn(certificate);
      case PeerMessage.Prepared(QuorumCertificate certificate) -> learn(certificate);
      case PeerMessage.Propose(
              var candidate,
              Justification.Certified(QuorumCertificate certificate)) ->
          learn(certificate);
      case PeerMessage.NewViewMessage(long epoch, var report, var highest, var voted) ->
          highest.ifPresent(this::learn);
      default -> {}
    }
  }

  private void learn(QuorumCertificate certificate) {
    InEpoch in = epochs.get(certificate.epoch());
    if (in == null) {
      return; // an invention: nobody entered that epoch
    }
    if (!in.electorate.commits(certificate)) {
      if (in.electorate.prepared(certificate)) {
        preparable(in, certificate.view(), certificate.blockHash());
      }
      return;
    }
    Certified known = in.certified.get(certificate.view());
    if (known != null && known.hash().equals(certificate.blockHash())) {
      return;
    }
    if (in.electorate.certified(certificate)) { // else an invention, refused by whoever reads it
      certified(
          certificate.epoch(),
          new Certified(certificate.view(), certificate.height(), certificate.blockHash()));
    }
  }

  /** A quorum voted for it, whether or not anybody knows. */
  private void certified(long epoch, Certified block) {
    InEpoch in = epochs.get(epoch);
    Certified known = in.certified.putIfAbsent(block.view(), block);
    require(
        Invariant.I4,
        known == null || known.equals(block),
        "two certificates of view " + block.view());
    in.proposedByView
        .tailMap(block.view(), false)
        .values()
        .forEach(hash -> requireExtends(epoch, hash, block));
    in.preparedByView
        .tailMap(block.view(), false)
        .values()
        .forEach(hashes -> hashes.forEach(hash -> requireExtends(epoch, hash, block)));
  }

  private void requireExtends(long epoch, Hash hash, Certified block) {
    require(
        Invariant.I5,
        isUpon(epoch, hash, block),
        "a proposal beside the block that was certified in view " + block.view());
  }

  /** Whether it is that block of the epoch or descends from it. */
  private boolean isUpon(long epoch, Hash hash, Certified block) {
    Hash at = hash;
    while (proposed.containsKey(at)
        && proposed.get(at).epoch() == epoch
        && proposed.get(at).view() > block.view()) {
      at = proposed.get(at).parentHash();
    }
    return at.equals(block.hash());
  }

  // ---- finality ---------------------------------------------------------------------------------

  /** Any replica gave this output: its enclave is about to enter the epoch, if one begins. */
  void entering(ConsensusOutput output) {
    if (output instanceof ConsensusOutput.Append(var block, var next)) {
      next.ifPresent(this::begun);
    } else if (output instanceof ConsensusOutput.EnterEpochs(List<NextEpoch> epochs)) {
      epochs.forEach(this::begun);
    }
  }

  /** An honest replica gave this output. */
  void decided(int node, ConsensusOutput output) {
    if (output instanceof ConsensusOutput.Append(CommittedBlock block, var next)) {
      appended(node, block);
    } else if (output instanceof ConsensusOutput.Halted(String reason)) {
      boolean nonsense =
          hostsMayAllLie && reason.startsWith("Expected a certified block to be valid");
      require(Invariant.E, nonsense, "member " + node + " halted: " + reason);
    } else if (output instanceof ConsensusOutput.KeepFault(VoterFault fault)
        && !fault.breaksVoter()) {
      InEpoch in = epochs.get(fault.epoch());
      require(Invariant.E, fault.holds(in.electorate, in.register), "a proof that proves nothing");
      String accused = in.electorate.name(fault.member(in.electorate).orElseThrow());
      require(Invariant.E, !isHonest.test(accused), accused + " is accused: " + fault.proof());
    }
  }

  private void appended(int node, CommittedBlock block) {
    BlockHeader header = block.block().header();
    long height = header.height();
    Hash hash = block.block().hash();
    learn(block.certificate());
    require(
        Invariant.I4,
        epochs.get(block.certificate().epoch()).electorate.certified(block.certificate()),
        "a final block of height " + height + " without a quorum");
    require(
        Invariant.I6,
        height != block.certifiedHeight() || EpochChain.isSuffix(header, block.suffix()),
        "a suffix of height " + height + " that is none");
    CommittedBlock known = chain.putIfAbsent(height, block);
    boolean same = known == null || known.block().hash().equals(hash);
    forked |= !same;
    require(Invariant.I1, same, "two final blocks of height " + height);
    require(
        Invariant.I8,
        known == null || known.block().header().stateRoot().equals(header.stateRoot()),
        "two states of height " + height);
    require(
        Invariant.I7,
        height == heights.getOrDefault(node, 0L) + 1,
        "member " + node + " makes height " + height + " final upon " + heights.get(node));
    if (known == null) {
      firstTime(block, header, hash);
    }
    if (height == block.certifiedHeight()) {
      receiptsHold(block);
    }
    heights.put(node, height);
  }

  private void firstTime(CommittedBlock block, BlockHeader header, Hash hash) {
    long height = header.height();
    CommittedBlock below = chain.get(height - 1);
    Hash parent = below == null ? consortium.config().hash() : below.block().hash();
    require(
        Invariant.I1,
        header.parentHash().equals(parent),
        "a final block of height " + height + " beside the chain");
    require(
        Invariant.I6,
        below == null || below.block().header().epoch() <= header.epoch(),
        "a block of an earlier epoch upon one of a later");
    EpochConfig config = epochs.get(header.epoch()).config;
    int needed = config.quorum() - config.faults();
    require(
        Invariant.I7,
        hostsMayAllLie || honestDisksWith.apply(hash, height) >= needed,
        "a final block of height " + height + " on fewer than " + needed + " honest disks");
    Set<Hash> ids = new HashSet<>();
    for (SignedEntry entry : block.block().entries()) {
      require(Invariant.I8, ids.add(entry.id()), "an entry twice in height " + height);
      require(
          Invariant.I8,
          entryHeights.putIfAbsent(entry.id(), height) == null,
          "an entry of height " + height + " was final before");
    }
  }

  /** Every block that this certificate made final, up to the one it names. */
  private void receiptsHold(CommittedBlock last) {
    List<CommittedBlock> run = new ArrayList<>(List.of(last));
    for (long height = last.block().header().height() - 1;
        Optional.ofNullable(chain.get(height))
            .filter(each -> each.certificate().equals(last.certificate()))
            .isPresent();
        height--) {
      run.add(chain.get(height));
    }
    for (CommittedBlock block : run) {
      int size = block.block().entries().size();
      int step = Math.max(1, (size - 1) / (RECEIPTS - 1));
      for (int leaf = 0; leaf < size; leaf += step) {
        EntryReceipt receipt =
            EntryReceipt.of(
                block,
                leaf,
                height -> chain.get(height).block().header(),
                epochs.get(block.block().header().epoch()).register);
        Verification verdict = epochs.get(block.certificate().epoch()).receipts.verify(receipt);
        require(
            Invariant.I10,
            verdict instanceof Verification.Valid,
            "a receipt of height "
                + block.block().header().height()
                + " does not hold: "
                + verdict);
      }
    }
  }

  // ---- durability -------------------------------------------------------------------------------

  @Override
  public void appended(int node, long height) {
    durable.put(node, height);
  }

  /** A host said that it took this entry in. */
  void accepted(int node, Hash entryId) {
    accepted.computeIfAbsent(node, each -> new HashSet<>()).add(entryId);
  }

  /** A disk came back after a crash: nothing that was answered may be missing or different. */
  void recovered(SimulatedNode node) {
    long before = heights.getOrDefault(node.index(), 0L);
    Set<Hash> there = new HashSet<>();
    long height = 0;
    for (CommittedBlock block : node.disk().store().from(1, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
      height = block.block().header().height();
      require(
          Invariant.I7,
          chain.containsKey(height)
              && chain.get(height).block().hash().equals(block.block().hash()),
          "a restart of member " + node.index() + " changed height " + height);
      block.block().entries().forEach(entry -> there.add(entry.id()));
    }
    require(
        Invariant.I7,
        height >= durable.getOrDefault(node.index(), 0L),
        "a restart of member " + node.index() + " lost final blocks above " + height);
    require(
        Invariant.I7,
        height <= before,
        "member " + node.index() + " restarts with more than it made final");
    // What was decided but not yet written comes again from the peers.
    heights.put(node.index(), height);
    node.disk().store().waiting(Integer.MAX_VALUE).forEach(entry -> there.add(entry.id()));
    require(
        Invariant.I7,
        there.containsAll(accepted.getOrDefault(node.index(), Set.of())),
        "a restart of member " + node.index() + " lost an entry that it had accepted");
  }

  // ---- what is known ----------------------------------------------------------------------------

  boolean isFinal(Hash entryId) {
    return entryHeights.containsKey(entryId);
  }

  /** Height of the longest final chain. */
  long height() {
    return chain.size();
  }

  /** Whether two final blocks contradict each other; possible only if {@code I1} is not watched. */
  boolean forked() {
    return forked;
  }
}
