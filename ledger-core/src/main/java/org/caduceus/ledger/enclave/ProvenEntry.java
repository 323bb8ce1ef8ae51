package org.caduceus.ledger.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;

/**
 * An enclave's word that an entry is final, layout {@code CDC1ENTP}: for those who hold the
 * enclave's evidence and do not follow the chain.
 *
 * @param configHash of the epoch in which the enclave verified it
 * @param epoch that epoch; the entry's block may be of an earlier one
 * @param height of the entry's block
 * @param blockHash of the entry's block
 * @param timeMs that the block says
 * @param leafHash of the entry with its signature (RFC 9162 section 2.1.1)
 * @param signedBytes all of that
 * @param signature by the instance's voting key
 */
public record ProvenEntry(
    Hash configHash,
    long epoch,
    long height,
    Hash blockHash,
    long timeMs,
    Hash leafHash,
    Bytes signedBytes,
    Bytes signature) {
  /** Bytes of an encoded one. */
  public static final int LENGTH = 192;

  private static final int SIGNATURE_LENGTH = 64;

  /**
   * Reads one; checks nothing but its format.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are none
   */
  public static ProvenEntry decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "proven entry");
    in.tag("CDC1ENTP");
    ProvenEntry proven =
        new ProvenEntry(
            in.hash(),
            in.i64(),
            in.i64(),
            in.hash(),
            in.i64(),
            in.hash(),
            Bytes.of(bytes.unsafeArray(), 0, LENGTH - SIGNATURE_LENGTH),
            Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    in.end();
    return proven;
  }
}
