package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * A host that lies as it can while its enclave does not. How it lies is a list of {@link Misdeed}s;
 * this class gives them a network, an enclave and what all malicious hosts have seen.
 */
final class ByzantineHost {
  private final SimulatedNode node;
  private final SampleConsortium consortium;
  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final Loot loot;
  private final List<Misdeed> misdeeds;
  private final List<ModelVoter> instances = new ArrayList<>();
  private Optional<LawlessVoter> lawless = Optional.empty();

  ByzantineHost(
      SimulatedNode node,
      SampleConsortium consortium,
      SimulatedNetwork network,
      SplittableRandom random,
      Loot loot,
      List<Misdeed> misdeeds) {
    this.node = node;
    this.consortium = consortium;
    this.network = network;
    this.random = random;
    this.loot = loot;
    this.misdeeds = List.copyOf(misdeeds);
  }

  // ---- what happens to it -----------------------------------------------------------------------

  void heard(PeerMessage message) {
    loot.see(message);
    misdeeds.forEach(each -> each.heard(this, message));
  }

  /** Sends what its replica wanted to send, or something else. */
  void send(List<Integer> to, PeerMessage message) {
    loot.see(message);
    List<Misdeed.Mail> mail = List.of(new Misdeed.Mail(to, message));
    for (Misdeed misdeed : misdeeds) {
      mail = mail.stream().flatMap(each -> misdeed.instead(this, each).stream()).toList();
    }
    mail.forEach(each -> post(each.to(), each.message()));
  }

  void act() {
    misdeeds.forEach(each -> each.act(this));
  }

  /** Between the replica and the enclave. */
  Voter voter() {
    return new Voter() {
      @Override
      public boolean enterEpoch(List<EpochProof> chain) {
        return config().mode() == EpochConfig.Mode.TEE_1P
            ? enclave().enterEpoch(chain)
            : enclave() instanceof LawlessVoter it && it.enterEpoch(chain);
      }

      @Override
      public Signed propose(BlockHeader header, Justification justification) {
        if (abstains()) {
          return new Signed.No("UNAVAILABLE");
        }
        return misdeeds.stream()
            .map(each -> each.propose(ByzantineHost.this, header, justification))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseGet(() -> enclave().propose(header, justification));
      }

      @Override
      public Signed vote(
          int phase, BlockHeader header, Bytes proposal, Justification justification) {
        return abstains()
            ? new Signed.No("E_STALE_VIEW")
            : enclave().vote(phase, header, proposal, justification);
      }

      @Override
      public Moved newView(long view) {
        return enclave().newView(view);
      }

      @Override
      public boolean isJustified(BlockHeader header, Justification justification) {
        return enclave().isJustified(header, justification);
      }

      @Override
      public Optional<QuorumCertificate> highest() {
        return enclave().highest();
      }

      @Override
      public Resumed resume(Basis basis) {
        boolean lies =
            !(basis instanceof Basis.GivenUp) && misdeeds.stream().anyMatch(Misdeed::forgets);
        return enclave().resume(lies ? new Basis.Nothing() : basis);
      }

      @Override
      public void retire() {
        enclave().retire();
      }
    };
  }

  private boolean abstains() {
    return misdeeds.stream().anyMatch(Misdeed::abstains);
  }

  // ---- what misdeeds are made of
  // -----------------------------------------------------------------

  int index() {
    return node.index();
  }

  SimulatedNode node() {
    return node;
  }

  SampleConsortium consortium() {
    return consortium;
  }

  /** Configuration of the epoch that its replica is in. */
  EpochConfig config() {
    return node.epochs().getLast().config();
  }

  SplittableRandom random() {
    return random;
  }

  Loot loot() {
    return loot;
  }

  List<Integer> others() {
    return node.others();
  }

  /** The enclave that has the seat; in BFT-2P the host has the key and signs what it likes. */
  Voter enclave() {
    if (config().mode() == EpochConfig.Mode.TEE_1P) {
      return node.enclave();
    }
    if (lawless.isEmpty()) {
      lawless =
          Optional.of(
              new LawlessVoter(node.enclave().process().orElseThrow().key(), random.split()));
    }
    lawless.get().enterEpoch(node.epochs());
    return lawless.get();
  }

  /** Starts its enclave once more and keeps the new instance beside the others. */
  Voter startSecondInstance() {
    if (config().mode() != EpochConfig.Mode.TEE_1P) {
      return enclave();
    }
    ModelVoter copy =
        node.enclave().model().startedAgain("copy " + instances.size() + " of " + index());
    copy.enterEpoch(node.epochs());
    instances.add(copy);
    return copy;
  }

  /** One of the enclave's instances. */
  Voter anyInstance() {
    return instances.isEmpty() || random.nextBoolean()
        ? enclave()
        : instances.get(random.nextInt(instances.size()));
  }

  void post(List<Integer> to, PeerMessage message) {
    to.forEach(member -> network.send(index(), member, message));
  }

  /** Some of them, perhaps none or all. */
  List<Integer> some(List<Integer> to) {
    List<Integer> shuffled = new ArrayList<>(to);
    Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
    return shuffled.subList(0, random.nextInt(shuffled.size() + 1));
  }

  /** Has a block signed upon a parent by one of the instances, and shows it to some. */
  Optional<BlockStore.Candidate> proposeTo(
      List<Integer> to, Voter instance, Block block, Justification justification) {
    if (!(instance.propose(block.header(), justification)
        instanceof Voter.Signed.Yes(Bytes signature))) {
      return Optional.empty();
    }
    BlockStore.Candidate candidate = new BlockStore.Candidate(block, signature);
    PeerMessage message = new PeerMessage.Propose(candidate, justification);
    loot.see(message);
    post(to, message);
    return Optional.of(candidate);
  }

  /** Has a vote signed by one of the instances and tells it to whoever counts. */
  void voteFor(Voter instance, BlockStore.Candidate candidate) {
    BlockHeader header = candidate.block().header();
    for (int phase = 1; phase <= config().mode().phases(); phase++) {
      if (instance.vote(phase, header, candidate.proposal(), new Justification.Anchor())
          instanceof Voter.Signed.Yes(Bytes signature)) {
        Vote vote = Vote.of(index(), phase, header, header.hash(), signature);
        loot.see(vote);
        post(others(), new PeerMessage.VoteMessage(vote));
      }
    }
  }

  /** The same header with other contents. */
  Block blockLike(
      BlockHeader header,
      List<SignedEntry> entries,
      Hash stateRoot,
      long timeMs,
      boolean lastInEpoch) {
    return new Block(
        new BlockHeader(
            header.chainId(),
            header.epoch(),
            header.view(),
            header.height(),
            header.parentHash(),
            MerkleTree.ofEntries(entries).root(),
            stateRoot,
            timeMs,
            header.proposer(),
            lastInEpoch,
            lastInEpoch ? Hash.sha256(new byte[] {9}) : Hash.ZERO,
            entries.size(),
            entries.stream().mapToInt(entry -> entry.cose().length()).sum()),
        entries);
  }

  /** An entry whose signature nobody made. */
  SignedEntry forgedEntry() {
    int member = random.nextInt(consortium.config().n());
    SignedEntry good = consortium.entry(member, -1 - random.nextInt(1_000));
    return SignedEntry.of(
        consortium.config().suite(),
        good.entry(),
        consortium.institution(member).publicKey(),
        Bytes.wrap(new byte[64]));
  }
}
