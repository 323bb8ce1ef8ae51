package org.caduceus.ledger.consensus;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * "I moved to newView; my last voted block is votedHash of votedView" (NEWV). In BFT-2P, the
 * highest block that a certificate of any phase names stands in place of the last voted.
 *
 * @param member index of the signer
 * @param newView never votes below this again
 * @param votedView view of the last vote, 0 if none in this epoch
 * @param votedHeight height of that block
 * @param votedHash that block, or the epoch's anchor
 * @param votedLast whether that block ends its epoch
 * @param signature raw r || s, 64 bytes
 */
public record NewView(
    int member,
    long newView,
    long votedView,
    long votedHeight,
    Hash votedHash,
    boolean votedLast,
    Bytes signature) {

  /** Encoded length in bytes. */
  public static final int LENGTH = 123;

  /** The same with its signature. */
  NewView signed(Bytes by) {
    return new NewView(member, newView, votedView, votedHeight, votedHash, votedLast, by);
  }

  /** Fixed layout of the formats page. */
  public Bytes encode() {
    return Bytes.wrap(
        new Writer()
            .u16(member)
            .u64(newView)
            .u64(votedView)
            .u64(votedHeight)
            .hash(votedHash)
            .flag(votedLast)
            .bytes(signature)
            .toArray());
  }

  /** Reads one new-view report and leaves what follows. */
  public static NewView read(Reader in) {
    return new NewView(
        in.u16(),
        in.i64(),
        in.i64(),
        in.i64(),
        in.hash(),
        in.flag(),
        Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH)));
  }
}
