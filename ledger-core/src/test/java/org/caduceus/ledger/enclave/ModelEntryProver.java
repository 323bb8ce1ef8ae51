package org.caduceus.ledger.enclave;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.receipt.EntryReceipt;

/** ENTRY_PROVEN in Java, status for status as the formats page orders them. */
public final class ModelEntryProver implements EntryProver {
  private final Electorate electorate;
  private final SampleSigner signer;

  /** An instance with this voting key that has entered the electorate's epoch. */
  public ModelEntryProver(Electorate electorate, SampleSigner signer) {
    this.electorate = electorate;
    this.signer = signer;
  }

  @Override
  public ProvenEntry prove(EntryReceipt receipt) {
    List<BlockHeader> headers = new ArrayList<>(List.of(receipt.header()));
    headers.addAll(receipt.descendants());
    BlockHeader last = headers.getLast();
    if (!last.chainId().equals(electorate.config().chainId())
        || last.epoch() != electorate.config().epoch()
        || !receipt.certificate().isFor(last, last.hash())) {
      throw refused(EntryProverContract.E_CONFLICT);
    }
    if (!electorate.certified(receipt.certificate())) {
      throw refused(EntryProverContract.E_QC);
    }
    for (int i = 1; i < headers.size(); i++) {
      if (!isUpon(headers.get(i - 1), headers.get(i))) {
        throw refused(EntryProverContract.E_CONFLICT);
      }
    }
    BlockHeader block = receipt.header();
    Hash leaf = receipt.entry().leafHash();
    Hash head = MerkleTree.rootFrom(leaf, receipt.leafIndex(), block.entryCount(), receipt.path());
    if (!head.equals(block.entriesRoot())) {
      throw refused(EntryProverContract.E_PROOF);
    }
    return sign(block, leaf);
  }

  private static boolean isUpon(BlockHeader below, BlockHeader header) {
    boolean sameEpoch = header.epoch() == below.epoch();
    return header.chainId().equals(below.chainId())
        && header.parentHash().equals(below.hash())
        && header.height() == below.height() + 1
        && header.epoch() >= below.epoch()
        && (!sameEpoch || header.view() > below.view())
        && (!sameEpoch || !below.lastInEpoch() || header.isSuffixOf(below));
  }

  private ProvenEntry sign(BlockHeader block, Hash leaf) {
    Bytes signed =
        Bytes.wrap(
            new Writer()
                .tag("CDC1ENTP")
                .hash(electorate.configHash())
                .u64(electorate.config().epoch())
                .u64(block.height())
                .hash(block.hash())
                .u64(block.timeMs())
                .hash(leaf)
                .toArray());
    return ProvenEntry.decode(
        Bytes.wrap(new Writer().bytes(signed).bytes(signer.sign(signed)).toArray()));
  }

  private static EnclaveRefusal refused(int status) {
    return new EnclaveRefusal(status, "status " + status);
  }
}
