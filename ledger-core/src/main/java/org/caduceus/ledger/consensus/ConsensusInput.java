package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;

/** What happens to a replica. */
public sealed interface ConsensusInput {

  /**
   * The first input, once.
   *
   * @param tip last final block of the store
   * @param candidates {@link BlockStore#candidatesAbove} the tip
   * @param waiting own accepted entries that are not final, oldest first
   */
  record Start(
      Optional<CommittedBlock> tip,
      List<BlockStore.Candidate> candidates,
      List<SignedEntry> waiting)
      implements ConsensusInput {
    /** Freezes the lists. */
    public Start {
      candidates = List.copyOf(candidates);
      waiting = List.copyOf(waiting);
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
   * @param fromMember index of the member that the link authenticated
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

  /** The enclave came, went or was replaced: enter the epoch again and see whether it may vote. */
  record VoterChanged() implements ConsensusInput {}
}
