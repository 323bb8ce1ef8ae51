package org.caduceus.ledger.block;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * What a voter signs for: 211 bytes, layout {@code CDC1HEAD}.
 *
 * @param chainId the consortium
 * @param epoch from 1
 * @param view from 1
 * @param height from 1
 * @param parentHash hash of the block below, or the epoch's anchor
 * @param entriesRoot Merkle tree head over the entries
 * @param stateRoot world state after the parent
 * @param timeMs proposer's time, ms since 1970-01-01 UTC
 * @param proposer member index
 * @param lastInEpoch whether nothing may extend it within its epoch
 * @param nextConfigHash next epoch's configuration, or zero
 * @param entryCount number of entries
 * @param entryBytes sum of the entries' bytes
 */
public record BlockHeader(
    Hash chainId,
    long epoch,
    long view,
    long height,
    Hash parentHash,
    Hash entriesRoot,
    Hash stateRoot,
    long timeMs,
    int proposer,
    boolean lastInEpoch,
    Hash nextConfigHash,
    int entryCount,
    int entryBytes) {

  /** Encoded length in bytes. */
  public static final int LENGTH = 211;

  private static final String TAG = "CDC1HEAD";

  /** The 211 bytes that are hashed. */
  public Bytes encode() {
    return Bytes.wrap(
        new Writer()
            .tag(TAG)
            .hash(chainId)
            .u64(epoch)
            .u64(view)
            .u64(height)
            .hash(parentHash)
            .hash(entriesRoot)
            .hash(stateRoot)
            .u64(timeMs)
            .u16(proposer)
            .flag(lastInEpoch)
            .hash(nextConfigHash)
            .u32(entryCount)
            .u32(entryBytes)
            .toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are not a header
   */
  public static BlockHeader decode(byte[] bytes) {
    Reader in = new Reader(bytes, "block header");
    in.tag(TAG);
    BlockHeader header =
        new BlockHeader(
            in.hash(), in.i64(), in.i64(), in.i64(), in.hash(), in.hash(), in.hash(), in.i64(),
            in.u16(), in.flag(), in.hash(), in.i32(), in.i32());
    in.end();
    return header;
  }

  /**
   * Whether this is an empty block upon one that ends its epoch: no part of the chain, but its
   * certificate proves the one below, whose own was lost.
   */
  public boolean isSuffixOf(BlockHeader below) {
    return below.lastInEpoch()
        && lastInEpoch
        && entryCount == 0
        && chainId.equals(below.chainId())
        && epoch == below.epoch()
        && height == below.height() + 1
        && parentHash.equals(below.hash())
        && nextConfigHash.equals(below.nextConfigHash());
  }

  /** The block's name. */
  public Hash hash() {
    return Hash.sha256(encode().unsafeArray());
  }
}
