package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;

/**
 * Votes of a quorum for one block, in one phase. That of the mode's last phase makes the block, and
 * all below it, final.
 *
 * @param epoch of the block
 * @param view of the block
 * @param height of the block
 * @param blockHash the block
 * @param lastInEpoch as in its header
 * @param phase 1, or in BFT-2P 1 = PREPARE and 2 = COMMIT
 * @param signers bit i, least significant first, is member index i
 * @param signatures raw r || s, 64 bytes each, ascending by member index
 */
public record QuorumCertificate(
    long epoch,
    long view,
    long height,
    Hash blockHash,
    boolean lastInEpoch,
    int phase,
    long signers,
    List<Bytes> signatures) {

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_LENGTH = 64;

  /** Checks that bits and signatures match in number. */
  public QuorumCertificate {
    signatures = List.copyOf(signatures);
    if (Long.bitCount(signers) != signatures.size()) {
      throw new MalformedException("Expected one signature per signer, but the numbers differ");
    }
    for (Bytes signature : signatures) {
      if (signature.length() != SIGNATURE_LENGTH) {
        throw new MalformedException(
            "Expected signatures of 64 bytes, but got " + signature.length());
      }
    }
  }

  /** Whether the votes are for this block. */
  public boolean isFor(BlockHeader header, Hash hash) {
    return blockHash.equals(hash)
        && epoch == header.epoch()
        && view == header.view()
        && height == header.height()
        && lastInEpoch == header.lastInEpoch();
  }

  /** Fixed layout of the formats page. */
  public Bytes encode() {
    Writer out =
        new Writer()
            .u64(epoch)
            .u64(view)
            .u64(height)
            .hash(blockHash)
            .flag(lastInEpoch)
            .u8(phase)
            .u64(signers);
    signatures.forEach(out::bytes);
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are not a certificate
   */
  public static QuorumCertificate decode(byte[] bytes) {
    Reader in = new Reader(bytes, "quorum certificate");
    QuorumCertificate certificate = read(in);
    in.end();
    return certificate;
  }

  /** Reads one certificate and leaves what follows. */
  public static QuorumCertificate read(Reader in) {
    long epoch = in.i64();
    long view = in.i64();
    long height = in.i64();
    Hash hash = in.hash();
    boolean last = in.flag();
    int phase = in.u8();
    long signers = in.bits64();
    List<Bytes> signatures = new ArrayList<>();
    for (int i = 0; i < Long.bitCount(signers); i++) {
      signatures.add(Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    }
    return new QuorumCertificate(epoch, view, height, hash, last, phase, signers, signatures);
  }
}
