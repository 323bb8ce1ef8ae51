package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Register;

/** What happens to a replica. */
public sealed interface ConsensusInput {

  /**
   * The first input, once.
   *
   * @param epochs {@link BlockStore#epochs}
   * @param register {@link BlockStore#register}
   * @param ballots {@link BlockStore#ballots}
   * @param stated {@link BlockStore#statements} of the last of these epochs
   * @param faults {@link BlockStore#faults} of the last of these epochs
   * @param approved what {@link BlockStore#approval} has of the last of these epochs
   * @param tip last final block of the store
   * @param candidates {@link BlockStore#candidatesAbove} the tip
   * @param waiting own accepted entries that are not final, oldest first
   */
  record Start(
      List<EpochProof> epochs,
      Optional<Register> register,
      List<SignedEntry> ballots,
      List<BlockStore.Statement> stated,
      List<VoterFault> faults,
      Optional<ColdStartPlan.Approved> approved,
      Optional<CommittedBlock> tip,
      List<BlockStore.Candidate> candidates,
      List<SignedEntry> waiting)
      implements ConsensusInput {
    /** Freezes the lists. */
    public Start {
      epochs = List.copyOf(epochs);
      ballots = List.copyOf(ballots);
      stated = List.copyOf(stated);
      faults = List.copyOf(faults);
      candidates = List.copyOf(candidates);
      waiting = List.copyOf(waiting);
    }

    /** Everything a store has to say. */
    public static Start of(BlockStore store, int maxWaiting) {
      List<EpochProof> epochs = store.epochs();
      long epoch = epochs.isEmpty() ? 1 : epochs.getLast().config().epoch();
      Optional<CommittedBlock> tip = store.tip();
      long height = tip.map(block -> block.block().header().height()).orElse(0L);
      return new Start(
          epochs,
          store.register(),
          store.ballots(),
          store.statements(epoch),
          store.faults(epoch),
          store.approval(epoch).map(bytes -> ColdStartPlan.Approved.decode(bytes.toArray())),
          tip,
          store.candidatesAbove(height),
          store.waiting(maxWaiting));
    }
  }

  /**
   * Own entries, durable here.
   *
   * @param entries in order of acceptance; several at once are cheaper than one by one
   * @param justSigned by this institution's enclave, in this process: their signatures are not
   *     checked here, but by every peer
   */
  record Submitted(List<SignedEntry> entries, boolean justSigned) implements ConsensusInput {
    /** Freezes the list. */
    public Submitted {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A peer's message.
   *
   * @param fromMember index, among {@link Replica#participants}, of whom the link authenticated
   * @param message decoded
   */
  record Received(int fromMember, PeerMessage message) implements ConsensusInput {}

  /**
   * An alarm set by {@link ConsensusOutput.SetTimer} went off.
   *
   * @param timer which
   */
  record TimerFired(Timer timer) implements ConsensusInput {}

  /**
   * Answers {@link ConsensusOutput.StoreCandidate}: the block survives a power cut.
   *
   * @param blockHash which
   */
  record CandidateStored(Hash blockHash) implements ConsensusInput {}

  /**
   * Answers {@link ConsensusOutput.Append}: the final block survives a power cut.
   *
   * @param height which
   */
  record BlockAppended(long height) implements ConsensusInput {}

  /**
   * Answers {@link ConsensusOutput.EnterEpochs}: their proofs survive a power cut.
   *
   * @param epoch the last of them
   */
  record EpochStored(long epoch) implements ConsensusInput {}

  /**
   * Answers {@link ConsensusOutput.ApproveColdStart}: governance signed, and that it did survives a
   * power cut.
   *
   * @param planHash which
   * @param signature raw r || s, 64 bytes
   */
  record ColdStartApproved(Hash planHash, Bytes signature) implements ConsensusInput {}

  /** The enclave came, went or was replaced: enter the epoch again and see whether it may vote. */
  record VoterChanged() implements ConsensusInput {}
}
