package org.caduceus.ledger.ejb.store;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;

/** Blocks to columns and back. */
final class BlockBytes {
  private BlockBytes() {}

  /** Header, PROP signature, entries. */
  static byte[] encode(BlockStore.Candidate candidate) {
    Block block = candidate.block();
    Writer out =
        new Writer(1024 + block.header().entryBytes())
            .bytes(block.header().encode())
            .bytes(candidate.proposal())
            .u32(block.entries().size());
    block.entries().forEach(entry -> out.sized(entry.cose().unsafeArray()));
    return out.toArray();
  }

  static BlockStore.Candidate decode(byte[] content) {
    Reader in = new Reader(content, "stored candidate");
    BlockHeader header = BlockHeader.decode(in.bytes(BlockHeader.LENGTH));
    Bytes proposal = Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH));
    int count = in.i32();
    List<SignedEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(SignedEntry.decode(Bytes.wrap(in.sized())));
    }
    in.end();
    return new BlockStore.Candidate(new Block(header, entries), proposal);
  }

  /** Nothing for the many blocks without one. */
  static byte[] encodeSuffix(List<BlockHeader> suffix) {
    Writer out = new Writer();
    suffix.forEach(header -> out.bytes(header.encode()));
    return suffix.isEmpty() ? null : out.toArray();
  }

  private static List<BlockHeader> suffix(BlockRow row) {
    List<BlockHeader> headers = new ArrayList<>();
    if (row.suffix != null) {
      Reader in = new Reader(row.suffix, "stored suffix");
      while (in.remaining() > 0) {
        headers.add(BlockHeader.decode(in.bytes(BlockHeader.LENGTH)));
      }
    }
    return headers;
  }

  static CommittedBlock committed(BlockRow row, List<EntryRow> entries) {
    return new CommittedBlock(
        new Block(
            BlockHeader.decode(row.header),
            entries.stream().map(entry -> SignedEntry.decode(Bytes.wrap(entry.cose))).toList()),
        suffix(row),
        QuorumCertificate.decode(row.certificate));
  }
}
