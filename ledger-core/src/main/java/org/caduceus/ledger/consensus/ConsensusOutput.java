package org.caduceus.ledger.consensus;

import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;

/** What a replica wants done. The shell executes outputs one by one, in order. */
public sealed interface ConsensusOutput {

  /**
   * Send to one peer, best effort, never blocking.
   *
   * @param toMember index, never the replica's own
   */
  record Send(int toMember, PeerMessage message) implements ConsensusOutput {}

  /** Send to every other member, best effort, never blocking. */
  record Broadcast(PeerMessage message) implements ConsensusOutput {}

  /**
   * Make {@link BlockStore#storeCandidate} durable, then give the replica {@link
   * ConsensusInput.CandidateStored}. The vote waits for that.
   */
  record StoreCandidate(BlockStore.Candidate candidate) implements ConsensusOutput {}

  /**
   * {@link BlockStore#append} the block, then give the replica {@link
   * ConsensusInput.BlockAppended}.
   */
  record Append(CommittedBlock block) implements ConsensusOutput {}

  /**
   * Read final blocks from the store ({@link BlockStore#from}, within {@link
   * ReplicaSettings#maxSyncBlocks} and {@link ReplicaSettings#maxSyncBytes}) and send them as
   * {@link PeerMessage.SyncBlocks}.
   */
  record SendBlocks(int toMember, long fromHeight) implements ConsensusOutput {}

  /**
   * Give {@link ConsensusInput.TimerFired} after {@code delayMs}; replaces the timer of this name
   * if it is set.
   */
  record SetTimer(Timer timer, long delayMs) implements ConsensusOutput {}

  /** Forget the timer of this name, if it is set. */
  record CancelTimer(Timer timer) implements ConsensusOutput {}

  /**
   * The replica saw proof that its rules or a trusted component are broken and does nothing any
   * more. Health turns red; people decide.
   *
   * @param reason English, without patient data or keys
   */
  record Halted(String reason) implements ConsensusOutput {}
}
