package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochProof;

/**
 * A host that lies as it can while its enclave does not: shows proposals and certificates to some
 * only, exchanges bodies under one header, lets its enclave sign blocks that break the host's
 * rules, repeats old messages, pushes its enclave to huge views, corrupts votes and answers.
 */
final class ByzantineHost {
  private static final int REMEMBERED = 200;

  private final SimulatedNode node;
  private final SampleConsortium consortium;
  private final Voter enclave;
  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final List<PeerMessage> remembered = new ArrayList<>();

  ByzantineHost(
      SimulatedNode node,
      SampleConsortium consortium,
      Voter enclave,
      SimulatedNetwork network,
      SplittableRandom random) {
    this.node = node;
    this.consortium = consortium;
    this.enclave = enclave;
    this.network = network;
    this.random = random;
  }

  void heard(ConsensusInput input) {
    if (input instanceof ConsensusInput.Received(int from, PeerMessage message)) {
      remember(message);
    }
  }

  private void remember(PeerMessage message) {
    if (remembered.size() < REMEMBERED) {
      remembered.add(message);
    } else {
      remembered.set(random.nextInt(REMEMBERED), message);
    }
  }

  /** Sends what its replica wanted to send, or something else. */
  void send(List<Integer> to, PeerMessage message) {
    remember(message);
    switch (message) {
      case PeerMessage.Propose(BlockStore.Candidate candidate, Justification why) -> {
        switch (random.nextInt(4)) {
          case 0 -> sendTo(some(to), message);
          case 1 -> {
            List<Integer> fooled = some(to);
            sendTo(fooled, new PeerMessage.Propose(otherBody(candidate), why));
            sendTo(to.stream().filter(each -> !fooled.contains(each)).toList(), message);
          }
          case 2 -> {}
          default -> sendTo(to, message);
        }
      }
      case PeerMessage.Decide decide -> sendTo(random.nextBoolean() ? some(to) : to, message);
      case PeerMessage.VoteMessage(Vote vote) -> {
        switch (random.nextInt(3)) {
          case 0 -> sendTo(to, new PeerMessage.VoteMessage(corrupted(vote)));
          case 1 -> {}
          default -> sendTo(to, message);
        }
      }
      case PeerMessage.NewViewMessage(long epoch, NewView report, var highest, var voted) ->
          sendTo(
              to,
              random.nextBoolean()
                  ? message
                  : new PeerMessage.NewViewMessage(
                      epoch, report, java.util.Optional.empty(), java.util.Optional.empty()));
      case PeerMessage.StatusAnnouncement status ->
          sendTo(
              to,
              random.nextInt(4) == 0
                  ? new PeerMessage.StatusAnnouncement(1L << 40, 1L << 50, 1L << 60, true)
                  : message);
      case PeerMessage.SyncBlocks(List<CommittedBlock> blocks) ->
          sendTo(to, random.nextBoolean() ? message : corrupted(blocks));
      case PeerMessage.EntryGossip gossip -> sendTo(to, message);
      case PeerMessage.Resume resume -> sendTo(to, message);
      case PeerMessage.PlanColdStart plan -> sendTo(to, message);
      case PeerMessage.ApproveColdStart approval -> sendTo(to, message);
      case PeerMessage.EpochRequest request -> sendTo(to, message);
      case PeerMessage.EpochReply reply -> sendTo(to, message);
      case PeerMessage.Attestation attestation -> sendTo(to, message);
      case PeerMessage.CredentialChallenge challenge -> sendTo(to, message);
      case PeerMessage.CredentialAnswer answer -> sendTo(to, message);
      case PeerMessage.SyncRequest request -> sendTo(to, message);
      case PeerMessage.CandidateRequest request -> sendTo(to, message);
      case PeerMessage.CandidateReply(BlockStore.Candidate candidate) ->
          sendTo(
              to,
              random.nextBoolean()
                  ? message
                  : new PeerMessage.CandidateReply(otherBody(candidate)));
    }
  }

  /** Does something nobody asked for. */
  void act() {
    List<Integer> others = node.others();
    switch (random.nextInt(40)) {
      case 0 -> {
        long huge = (1L << 59) + random.nextInt(1_000);
        if (enclave.newView(huge) instanceof Voter.Moved.Yes(NewView report)) {
          sendTo(
              others,
              new PeerMessage.NewViewMessage(
                  consortium.config().epoch(),
                  report,
                  java.util.Optional.empty(),
                  java.util.Optional.empty()));
        }
      }
      case 1, 2, 3 -> sendTo(others, new PeerMessage.EntryGossip(List.of(badEntry())));
      case 4, 5, 6 -> {
        for (int i = 0; i < 20; i++) {
          sendTo(others, new PeerMessage.SyncRequest(1));
        }
      }
      default -> {
        if (!remembered.isEmpty()) {
          sendTo(some(others), remembered.get(random.nextInt(remembered.size())));
        }
      }
    }
  }

  private void sendTo(List<Integer> to, PeerMessage message) {
    to.forEach(member -> network.send(node.index(), member, message));
  }

  private List<Integer> some(List<Integer> to) {
    List<Integer> shuffled = new ArrayList<>(to);
    Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
    return shuffled.subList(0, random.nextInt(shuffled.size() + 1));
  }

  private static Vote corrupted(Vote vote) {
    return new Vote(
        vote.member(),
        vote.phase(),
        vote.epoch(),
        vote.view(),
        vote.height(),
        vote.blockHash(),
        vote.lastInEpoch(),
        Bytes.wrap(new byte[64]));
  }

  private PeerMessage corrupted(List<CommittedBlock> blocks) {
    List<CommittedBlock> result = new ArrayList<>();
    for (CommittedBlock block : blocks) {
      boolean spare = random.nextInt(3) > 0 || block.block().entries().isEmpty();
      result.add(
          spare ? block : new CommittedBlock(withoutFirst(block.block()), block.certificate()));
    }
    return new PeerMessage.SyncBlocks(result);
  }

  private BlockStore.Candidate otherBody(BlockStore.Candidate candidate) {
    return candidate.block().entries().isEmpty()
        ? candidate
        : new BlockStore.Candidate(withoutFirst(candidate.block()), candidate.proposal());
  }

  private static Block withoutFirst(Block block) {
    return new Block(block.header(), block.entries().subList(1, block.entries().size()));
  }

  private SignedEntry badEntry() {
    int member = random.nextInt(consortium.config().n());
    SignedEntry good = consortium.entry(member, -1 - random.nextInt(1_000));
    return SignedEntry.of(
        consortium.config().suite(),
        good.entry(),
        consortium.institution(member).publicKey(),
        Bytes.wrap(new byte[64]));
  }

  /** The enclave behind a shim that sometimes makes it sign a block the host rules forbid. */
  Voter evilVoter() {
    return new Voter() {
      @Override
      public boolean enterEpoch(List<EpochProof> chain) {
        return enclave.enterEpoch(chain);
      }

      @Override
      public Signed propose(BlockHeader header, Justification justification) {
        if (random.nextInt(3) > 0) {
          return enclave.propose(header, justification);
        }
        Block evil = evilBlock(header);
        if (enclave.propose(evil.header(), justification) instanceof Signed.Yes(Bytes signature)) {
          sendTo(
              node.others(),
              new PeerMessage.Propose(new BlockStore.Candidate(evil, signature), justification));
        }
        return new Signed.No("E_STALE_VIEW");
      }

      @Override
      public Signed vote(
          int phase, BlockHeader header, Bytes proposal, Justification justification) {
        return enclave.vote(phase, header, proposal, justification);
      }

      @Override
      public Moved newView(long view) {
        return enclave.newView(view);
      }

      @Override
      public Resumed resume(Basis basis) {
        return enclave.resume(basis);
      }

      @Override
      public void retire() {
        enclave.retire();
      }
    };
  }

  private Block evilBlock(BlockHeader header) {
    List<SignedEntry> entries = new ArrayList<>();
    long timeMs = header.timeMs();
    Hash state = header.stateRoot();
    boolean last = false;
    switch (random.nextInt(6)) {
      case 0 -> entries.add(badEntry());
      case 1 -> entries.addAll(oldEntries());
      case 2 -> {
        SignedEntry twice = consortium.entry(node.index(), 1_000_000 + random.nextInt(1_000));
        entries.add(twice);
        entries.add(twice);
      }
      case 3 -> timeMs += 3_600_000;
      case 4 -> state = Hash.ZERO;
      default -> last = true;
    }
    return new Block(
        new BlockHeader(
            header.chainId(),
            header.epoch(),
            header.view(),
            header.height(),
            header.parentHash(),
            MerkleTree.ofEntries(entries).root(),
            state,
            timeMs,
            header.proposer(),
            last,
            last ? Hash.sha256(new byte[] {9}) : Hash.ZERO,
            entries.size(),
            entries.stream().mapToInt(entry -> entry.cose().length()).sum()),
        entries);
  }

  private List<SignedEntry> oldEntries() {
    return node.disk().tip().map(tip -> tip.block().entries()).orElse(List.of(badEntry()));
  }
}
