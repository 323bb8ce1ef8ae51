package org.caduceus.ledger.receipt;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;

/**
 * An enclave's word that a block is final, layout {@code CDC1CKPT}; it never gives two that
 * contradict each other.
 *
 * @param configHash of the block's epoch
 * @param epoch of the block
 * @param height of the block
 * @param blockHash of the block
 * @param stateRoot of the state before the block
 * @param signedBytes all of that
 * @param signature by the instance's voting key
 */
public record Checkpoint(
    Hash configHash,
    long epoch,
    long height,
    Hash blockHash,
    Hash stateRoot,
    Bytes signedBytes,
    Bytes signature) {
  /** Bytes of an encoded checkpoint. */
  public static final int LENGTH = 184;

  private static final int SIGNATURE_LENGTH = 64;

  /**
   * Reads a checkpoint; checks nothing but its format.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are none
   */
  public static Checkpoint decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "checkpoint");
    in.tag("CDC1CKPT");
    Checkpoint checkpoint =
        new Checkpoint(
            in.hash(),
            in.i64(),
            in.i64(),
            in.hash(),
            in.hash(),
            Bytes.of(bytes.unsafeArray(), 0, LENGTH - SIGNATURE_LENGTH),
            Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    in.end();
    return checkpoint;
  }
}
