package org.caduceus.ledger.consensus;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;

/** The bytes that voters sign: PROP, VOTE and NEWV of the formats page. */
public final class Statements {
  private Statements() {}

  /** "This is my only proposal for this view" (PROP). */
  public static Bytes proposal(Hash configHash, BlockHeader header, Hash blockHash) {
    return Bytes.wrap(
        new Writer()
            .tag("CDC1PROP")
            .hash(configHash)
            .u64(header.epoch())
            .u64(header.view())
            .u64(header.height())
            .hash(header.parentHash())
            .hash(blockHash)
            .flag(header.lastInEpoch())
            .toArray());
  }

  /** "This is my only vote in this view" (VOTE). */
  public static Bytes vote(
      Hash configHash,
      int phase,
      long epoch,
      long view,
      long height,
      Hash blockHash,
      boolean lastInEpoch) {
    return Bytes.wrap(
        new Writer()
            .tag("CDC1VOTE")
            .u8(phase)
            .hash(configHash)
            .u64(epoch)
            .u64(view)
            .u64(height)
            .hash(blockHash)
            .flag(lastInEpoch)
            .toArray());
  }

  /** "I left all views below this one; this was my last vote" (NEWV). */
  public static Bytes newView(Hash configHash, long epoch, NewView report) {
    return Bytes.wrap(
        new Writer()
            .tag("CDC1NEWV")
            .hash(configHash)
            .u64(epoch)
            .u64(report.newView())
            .u64(report.votedView())
            .u64(report.votedHeight())
            .hash(report.votedHash())
            .flag(report.votedLast())
            .toArray());
  }
}
