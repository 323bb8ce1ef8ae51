package org.caduceus.ledger.membership;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * Where a member stood in an epoch before its enclave was lost or gave up its key, layout {@code
 * CDC1RESM}, stated under a new key. Enough of them let a consortium go on that lost more enclaves
 * at once than its quorum bears.
 *
 * @param configHash of the epoch
 * @param epoch the epoch
 * @param member index of the seat
 * @param formerKey voting key that had the seat and signs no more
 * @param votedView view of the highest block the member may have voted for, 0 if none
 * @param votedHeight height of that block, or of the epoch's anchor
 * @param votedHash its hash
 * @param votedLast whether it ends the epoch
 * @param votingKey of the stating instance
 * @param signature by {@code votingKey} over all of that
 */
public record ResumeStatement(
    Hash configHash,
    long epoch,
    int member,
    Bytes formerKey,
    long votedView,
    long votedHeight,
    Hash votedHash,
    boolean votedLast,
    Bytes votingKey,
    Bytes signature) {
  /** Bytes of an encoded statement. */
  public static final int LENGTH = 293;

  private static final int SIGNATURE_LENGTH = 64;

  /** What the instance signed. */
  public Bytes signedBytes() {
    return Bytes.wrap(unsigned().toArray());
  }

  /** The same with this signature over {@link #signedBytes}. */
  public ResumeStatement withSignature(Bytes made) {
    return new ResumeStatement(
        configHash,
        epoch,
        member,
        formerKey,
        votedView,
        votedHeight,
        votedHash,
        votedLast,
        votingKey,
        made);
  }

  /** Layout of the formats page. */
  public Bytes encode() {
    return Bytes.wrap(unsigned().bytes(signature).toArray());
  }

  private Writer unsigned() {
    return new Writer(LENGTH)
        .tag("CDC1RESM")
        .hash(configHash)
        .u64(epoch)
        .u16(member)
        .bytes(formerKey)
        .u64(votedView)
        .u64(votedHeight)
        .hash(votedHash)
        .flag(votedLast)
        .bytes(votingKey);
  }

  /**
   * Reads a statement; checks nothing but its format.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are none
   */
  public static ResumeStatement decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "resume statement");
    ResumeStatement statement = read(in);
    in.end();
    return statement;
  }

  /** Reads one statement and leaves what follows. */
  public static ResumeStatement read(Reader in) {
    in.tag("CDC1RESM");
    return new ResumeStatement(
        in.hash(),
        in.i64(),
        in.u16(),
        Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
        in.i64(),
        in.i64(),
        in.hash(),
        in.flag(),
        Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
        Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
  }
}
