package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.membership.EpochConfig;

/** One member's untrusted part of consensus. */
public final class Replica {
  private final EpochConfig config;
  private final Hash anchor;

  /**
   * A replica that waits for {@link ConsensusInput.Start}.
   *
   * @param self index of this member
   */
  public Replica(
      EpochConfig config,
      int self,
      Voter voter,
      FinalEntries finalEntries,
      ReplicaSettings settings) {
    this.config = config;
    this.anchor = config.hash();
  }

  /**
   * Takes one input.
   *
   * @param nowMs the node's clock, ms since 1970-01-01 UTC; also measures delays
   * @return what to do, in order
   */
  public List<ConsensusOutput> on(long nowMs, ConsensusInput input) {
    return new ArrayList<>();
  }

  /** Current view. */
  public long view() {
    return 1;
  }

  /** Index of the current view's leader. */
  public int leader() {
    return config.leader(view());
  }

  /** Height of the last final block, 0 before the first. */
  public long height() {
    return 0;
  }

  /** Hash of the last final block, or the epoch's anchor. */
  public Hash tip() {
    return anchor;
  }

  /** The last final block. */
  public Optional<CommittedBlock> tipBlock() {
    return Optional.empty();
  }

  /** Entries known here that are not final. */
  public int poolSize() {
    return 0;
  }

  /** Whether this member's voter has a seat and answers. */
  public boolean voting() {
    return false;
  }

  /** Why the replica halted, if it did. */
  public Optional<String> halted() {
    return Optional.empty();
  }

  /** Height that member announced last; own height for the replica itself. */
  public long peerHeight(int member) {
    return 0;
  }

  /** When that member's last message arrived, ms since 1970-01-01 UTC, 0 if never. */
  public long peerLastHeardMs(int member) {
    return 0;
  }

  /** One English sentence: why consensus moves, rests or is stuck. */
  public String summary(long nowMs) {
    return "";
  }
}
