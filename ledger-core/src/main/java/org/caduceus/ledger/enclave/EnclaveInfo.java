package org.caduceus.ledger.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * What an enclave instance says of itself (operation INFO of {@code docs/reference/formats.md}).
 *
 * @param abi version of the interface
 * @param tier compile-time fact of the trusted code
 * @param debug whether a debugger could read it
 * @param measurement SHA-384 of the trusted code, 48 bytes
 * @param state of the voting key
 * @param epoch the entered epoch, 0 before the first
 * @param configHash of the entered epoch's configuration, zero before
 * @param memberIndex the seat, or -1
 * @param view the checker's current view
 * @param proposedView highest view proposed
 * @param votedView view of the last vote
 * @param votedHeight height of the last voted block
 * @param votedHash hash of the last voted block
 * @param votedLast whether that block ends its epoch
 * @param votingKey SEC 1 point, 65 bytes; lives and dies with this instance
 * @param signingKey SEC 1 point, 65 bytes; the institution's, sealed across restarts
 */
public record EnclaveInfo(
    int abi,
    AssuranceTier tier,
    boolean debug,
    Bytes measurement,
    State state,
    long epoch,
    Hash configHash,
    int memberIndex,
    long view,
    long proposedView,
    long votedView,
    long votedHeight,
    Hash votedHash,
    boolean votedLast,
    Bytes votingKey,
    Bytes signingKey) {

  /** State of the voting key; the order is that of the wire format. */
  public enum State {
    /** Has a key, knows no epoch. */
    NEW,
    /** Has a seat in the current epoch and votes. */
    ACTIVE,
    /** The key was destroyed. */
    RETIRED,
    /** Knows the epoch, but its key has no seat: it may seal and sign entries, not vote. */
    FOLLOWER,
    /** Saw proof that some enclave is broken and signs no more votes. */
    HALTED,
    /** An invariant failed in this enclave: nothing but this information is answered any more. */
    DEAD
  }
}
