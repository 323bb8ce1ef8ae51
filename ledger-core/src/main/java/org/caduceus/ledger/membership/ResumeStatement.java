package org.caduceus.ledger.membership;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;

/**
 * Where a member's enclave stood in an epoch before it was lost or gave up its key, layout {@code
 * CDC1RESM}, stated by its successor under a new key. Enough of them let a consortium go on that
 * lost more enclaves at once than its quorum bears.
 *
 * @param configHash of the epoch
 * @param epoch the epoch
 * @param member index of the seat
 * @param formerKey voting key that had the seat and signs no more
 * @param view no vote below it
 * @param votedView view of the last vote, 0 if none
 * @param votedHeight height of the last voted block
 * @param votedHash its hash
 * @param votedLast whether it ends the epoch
 * @param votingKey of the stating instance
 * @param signedBytes all of that
 * @param signature by {@code votingKey}
 */
public record ResumeStatement(
    Hash configHash,
    long epoch,
    int member,
    Bytes formerKey,
    long view,
    long votedView,
    long votedHeight,
    Hash votedHash,
    boolean votedLast,
    Bytes votingKey,
    Bytes signedBytes,
    Bytes signature) {
  /** Bytes of an encoded statement. */
  public static final int LENGTH = 301;

  private static final int SIGNATURE_LENGTH = 64;

  /**
   * Reads a statement; checks nothing but its format.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are none
   */
  public static ResumeStatement decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "resume statement");
    in.tag("CDC1RESM");
    ResumeStatement statement =
        new ResumeStatement(
            in.hash(),
            in.i64(),
            in.u16(),
            Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
            in.i64(),
            in.i64(),
            in.i64(),
            in.hash(),
            in.flag(),
            Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
            Bytes.of(bytes.unsafeArray(), 0, LENGTH - SIGNATURE_LENGTH),
            Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    in.end();
    return statement;
  }
}
