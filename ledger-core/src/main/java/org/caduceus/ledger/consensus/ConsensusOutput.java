package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.ResumeStatement;

/** What a replica wants done. The shell executes outputs one by one, in order. */
public sealed interface ConsensusOutput {

  /**
   * Send to one peer, best effort, never blocking.
   *
   * @param toMember index among {@link Replica#participants}, never the replica's own
   */
  record Send(int toMember, PeerMessage message) implements ConsensusOutput {}

  /** Send to every other participant, best effort, never blocking. */
  record Broadcast(PeerMessage message) implements ConsensusOutput {}

  /**
   * Make {@link BlockStore#storeCandidate} durable, then give the replica {@link
   * ConsensusInput.CandidateStored}. The vote waits for that.
   */
  record StoreCandidate(BlockStore.Candidate candidate) implements ConsensusOutput {}

  /**
   * {@link BlockStore#append} the block, then give the replica {@link
   * ConsensusInput.BlockAppended}.
   *
   * @param next the epoch that begins, if the block ends its own
   */
  record Append(CommittedBlock block, Optional<NextEpoch> next) implements ConsensusOutput {}

  /**
   * {@link BlockStore#enterEpochs}, then give the replica {@link ConsensusInput.EpochStored}.
   *
   * @param epochs ascending; they begin without a last block of the one before
   */
  record EnterEpochs(List<NextEpoch> epochs) implements ConsensusOutput {
    /** Freezes the list. */
    public EnterEpochs {
      epochs = List.copyOf(epochs);
    }
  }

  /**
   * {@link BlockStore#keepStatement}, before anything after it in the outputs is executed: a plan
   * that somebody approved must be one that this member still knows after it was restarted.
   *
   * @param evidence what the instance showed with it
   */
  record KeepStatement(long epoch, ResumeStatement statement, Bytes evidence)
      implements ConsensusOutput {}

  /**
   * {@link BlockStore#keepFault}, before anything after it in the outputs is executed: a node that
   * was restarted must still refuse the broken voter's epoch.
   */
  record KeepFault(VoterFault fault) implements ConsensusOutput {}

  /**
   * This member may go on from here after its consortium's quorum lost its keys, if its officers,
   * or a policy of theirs, say so. Whoever signs {@link ColdStartPlan#approvalBytes} with the
   * governance key MUST {@link BlockStore#keepApproval} first and sign no other plan of this epoch,
   * then give the replica {@link ConsensusInput.ColdStartApproved}. May be repeated.
   */
  record ApproveColdStart(long epoch, ColdStartPlan plan) implements ConsensusOutput {}

  /**
   * Read final blocks from the store ({@link BlockStore#from}, within {@link
   * ReplicaSettings#maxSyncBlocks} and {@link ReplicaSettings#maxSyncBytes}) and send them as
   * {@link PeerMessage.SyncBlocks}.
   */
  record SendBlocks(int toMember, long fromHeight) implements ConsensusOutput {}

  /**
   * Read a snapshot from the store ({@link BlockStore#snapshot}, within {@link
   * ReplicaSettings#maxSyncBytes}) and send it as {@link PeerMessage.SnapshotReply}.
   *
   * @param fromEpoch first epoch wanted
   */
  record SendSnapshot(int toMember, long fromEpoch) implements ConsensusOutput {}

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
