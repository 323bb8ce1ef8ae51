package org.caduceus.ledger.consensus;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;

/**
 * One member's vote for a block (VOTE). The configuration it is bound to is that of the current
 * epoch.
 *
 * @param member index of the signer
 * @param phase 1, or in BFT-2P 1 = PREPARE and 2 = COMMIT
 * @param epoch of the block
 * @param view of the block
 * @param height of the block
 * @param blockHash the block
 * @param lastInEpoch as in its header
 * @param signature raw r || s, 64 bytes
 */
public record Vote(
    int member,
    int phase,
    long epoch,
    long view,
    long height,
    Hash blockHash,
    boolean lastInEpoch,
    Bytes signature) {

  /** A vote of the first phase for {@code header}, whose hash is {@code blockHash}. */
  public static Vote of(int member, BlockHeader header, Hash blockHash, Bytes signature) {
    return of(member, 1, header, blockHash, signature);
  }

  /** A vote of a phase for {@code header}, whose hash is {@code blockHash}. */
  public static Vote of(
      int member, int phase, BlockHeader header, Hash blockHash, Bytes signature) {
    return new Vote(
        member,
        phase,
        header.epoch(),
        header.view(),
        header.height(),
        blockHash,
        header.lastInEpoch(),
        signature);
  }

  /** Writes the fixed layout of the formats page. */
  void writeTo(Writer out) {
    out.u16(member)
        .u8(phase)
        .u64(epoch)
        .u64(view)
        .u64(height)
        .hash(blockHash)
        .flag(lastInEpoch)
        .bytes(signature);
  }

  /** Reads one vote and leaves what follows. */
  static Vote read(Reader in) {
    return new Vote(
        in.u16(),
        in.u8(),
        in.i64(),
        in.i64(),
        in.i64(),
        in.hash(),
        in.flag(),
        Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH)));
  }
}
