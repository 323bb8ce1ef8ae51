package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
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
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;

/**
 * What must hold after every step, whoever misbehaves (numbers of the design: I1 agreement, I2 one
 * signature per view, I3 monotone checkers, I4 certificates, I5 proposals extend what is certified,
 * I6 ends of epochs, I7 durability, I8 no entry twice, I10 receipts). Knows nothing of the
 * replica's insides.
 */
final class Invariants implements ModelVoter.Witness {
  private static final class Signed {
    final Map<Long, Hash> proposals = new HashMap<>();
    final Map<Long, Hash> votes = new HashMap<>();
    long left;
    long lastVote;
  }

  /** What is known of one epoch. */
  private static final class InEpoch {
    final EpochConfig config;
    final Electorate electorate;
    final ReceiptVerifier receipts;
    final Map<ModelVoter, Signed> signed = new HashMap<>();
    final TreeMap<Long, Hash> proposedByView = new TreeMap<>();
    final TreeMap<Long, QuorumCertificate> certificates = new TreeMap<>();

    InEpoch(EpochConfig config, SignatureVerifier signatures) {
      this.config = config;
      this.electorate = new Electorate(config, signatures);
      this.receipts = new ReceiptVerifier(config, signatures);
    }

    Signed of(ModelVoter voter) {
      return signed.computeIfAbsent(voter, each -> new Signed());
    }
  }

  private final SampleConsortium consortium;
  private final Map<Long, InEpoch> epochs = new HashMap<>();
  private final Map<Hash, BlockHeader> proposed = new HashMap<>();
  private final Map<Long, CommittedBlock> chain = new HashMap<>();
  private final Map<Hash, Long> entryHeights = new HashMap<>();
  private final Map<Integer, Long> heights = new HashMap<>();
  private BiFunction<Hash, Long, Long> honestDisksWith = (hash, height) -> Long.MAX_VALUE;

  Invariants(SampleConsortium consortium) {
    this.consortium = consortium;
    begun(EpochProof.genesis(consortium.config()));
  }

  /** A node entered an epoch: all that do must enter the same. */
  private void begun(EpochProof proof) {
    EpochConfig config = proof.config();
    InEpoch known =
        epochs.computeIfAbsent(
            config.epoch(), epoch -> new InEpoch(config, consortium.scheme().verifier()));
    require(known.config.equals(config), "I6 two configurations of one epoch");
  }

  void countDisksWith(BiFunction<Hash, Long, Long> counter) {
    honestDisksWith = counter;
  }

  @Override
  public void proposed(ModelVoter voter, BlockHeader header) {
    InEpoch in = epochs.get(header.epoch());
    TreeMap<Long, Hash> proposedByView = in.proposedByView;
    Hash hash = header.hash();
    require(in.of(voter).proposals.put(header.view(), hash) == null, "I2 two proposals in a view");
    proposed.put(hash, header);
    require(proposedByView.put(header.view(), hash) == null, "I2 two leaders proposed in a view");
    Map.Entry<Long, QuorumCertificate> below = in.certificates.lowerEntry(header.view());
    if (below != null) {
      requireExtends(hash, below.getValue());
    }
    BlockHeader parent = proposed.get(header.parentHash());
    require(
        parent == null
            || !parent.lastInEpoch()
            || parent.epoch() < header.epoch()
            || header.isSuffixOf(parent),
        "I6 a block beyond its epoch's last");
  }

  @Override
  public void voted(ModelVoter voter, BlockHeader header) {
    Signed by = epochs.get(header.epoch()).of(voter);
    require(by.votes.put(header.view(), header.hash()) == null, "I2 two votes in a view");
    require(header.view() >= by.left, "I3 a vote below a view that was left");
    require(header.view() > by.lastVote, "I3 votes not ascending");
    by.lastVote = header.view();
  }

  @Override
  public void moved(ModelVoter voter, NewView report) {
    Signed by = epochs.get(voter.standing().epoch()).of(voter);
    require(report.newView() > by.left, "I3 views left not ascending");
    require(report.votedView() == by.lastVote, "I3 a report hides a vote");
    by.left = report.newView();
  }

  /** A message was sent: learn the certificates in it, if they are real. */
  void sent(PeerMessage message) {
    switch (message) {
      case PeerMessage.Decide(QuorumCertificate certificate) -> learn(certificate);
      case PeerMessage.Propose(
              var candidate,
              Justification.Certified(QuorumCertificate certificate)) ->
          learn(certificate);
      default -> {}
    }
  }

  private void learn(QuorumCertificate certificate) {
    InEpoch in = epochs.get(certificate.epoch());
    if (in == null) {
      return; // an invention: nobody entered that epoch
    }
    QuorumCertificate known = in.certificates.get(certificate.view());
    if (known != null && known.blockHash().equals(certificate.blockHash())) {
      return;
    }
    if (!in.electorate.certified(certificate)) {
      return; // an invention, refused by whoever reads it
    }
    require(known == null, "I4 two certificates of one view");
    in.certificates.put(certificate.view(), certificate);
    in.proposedByView
        .tailMap(certificate.view(), false)
        .values()
        .forEach(hash -> requireExtends(hash, certificate));
  }

  private void requireExtends(Hash hash, QuorumCertificate certificate) {
    Hash at = hash;
    while (proposed.containsKey(at)
        && proposed.get(at).epoch() == certificate.epoch()
        && proposed.get(at).view() > certificate.view()) {
      at = proposed.get(at).parentHash();
    }
    require(at.equals(certificate.blockHash()), "I5 a proposal beside a certified block");
  }

  /** An honest replica gave this output. */
  void decided(int node, ConsensusOutput output) {
    if (output instanceof ConsensusOutput.Append(CommittedBlock block, var next)) {
      appended(node, block);
      next.ifPresent(this::begun);
    } else if (output instanceof ConsensusOutput.EnterEpoch(EpochProof proof)) {
      begun(proof);
    } else if (output instanceof ConsensusOutput.Halted(String reason)) {
      throw new AssertionError("node " + node + " halted: " + reason);
    }
  }

  private void appended(int node, CommittedBlock block) {
    BlockHeader header = block.block().header();
    Hash hash = block.block().hash();
    learn(block.certificate());
    InEpoch in = epochs.get(block.certificate().epoch());
    require(in.electorate.certified(block.certificate()), "I4 a final block without a quorum");
    CommittedBlock known = chain.putIfAbsent(header.height(), block);
    require(known == null || known.block().hash().equals(hash), "I1 two final blocks of a height");
    if (known == null) {
      firstTime(block, header, hash);
    }
    if (header.height() == block.certifiedHeight()) {
      receiptsHold(block);
    }
    heights.put(node, header.height());
  }

  private void firstTime(CommittedBlock block, BlockHeader header, Hash hash) {
    CommittedBlock below = chain.get(header.height() - 1);
    Hash parent = below == null ? consortium.config().hash() : below.block().hash();
    require(header.parentHash().equals(parent), "I1 a final block beside the chain");
    require(
        below == null || below.block().header().epoch() <= header.epoch(),
        "I6 a block of an earlier epoch upon one of a later");
    EpochConfig config = epochs.get(header.epoch()).config;
    int needed = config.quorum() - config.faults();
    require(
        honestDisksWith.apply(hash, header.height()) >= needed,
        "I7 a final block on fewer than " + needed + " honest disks");
    Set<Hash> ids = new HashSet<>();
    for (SignedEntry entry : block.block().entries()) {
      require(ids.add(entry.id()), "I8 an entry twice in a block");
      require(entryHeights.put(entry.id(), header.height()) == null, "I8 an entry final twice");
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
      if (size > 0) {
        EntryReceipt receipt =
            EntryReceipt.of(block, size / 2, height -> chain.get(height).block().header());
        Verification verdict = epochs.get(block.certificate().epoch()).receipts.verify(receipt);
        require(verdict instanceof Verification.Valid, "I10 a receipt does not hold: " + verdict);
      }
    }
  }

  /** A disk came back after a crash: it must hold a prefix of the chain, as long as before. */
  void recovered(SimulatedNode node) {
    for (CommittedBlock block : node.disk().from(1, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
      long height = block.block().header().height();
      require(
          chain.get(height).block().hash().equals(block.block().hash()),
          "I7 a restart changed height " + height);
    }
  }

  boolean isFinal(Hash entryId) {
    return entryHeights.containsKey(entryId);
  }

  long height() {
    return chain.size();
  }

  private static void require(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
