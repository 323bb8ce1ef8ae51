package org.caduceus.ledger.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EntryProver} must do. The prover has seat 0 of five and has entered epoch 1;
 * the contract holds the keys of the others.
 */
public interface EntryProverContract {
  int E_STATE = 3;
  int E_CONFLICT = 5;
  int E_QC = 6;
  int E_PROOF = 7;

  /** The prover: the same object within one test. */
  EntryProver prover();

  /** The voting key of the prover. */
  Bytes votingKey();

  /** The consortium in which the prover has seat 0. */
  SampleConsortium consortium();

  private List<SignedEntry> entries(int count) {
    return IntStream.range(0, count).mapToObj(i -> consortium().entry(1, i)).toList();
  }

  private Block block(int entries) {
    return consortium().block(1, 1, consortium().config().hash(), entries(entries));
  }

  private QuorumCertificate votes(Block block) {
    return consortium().certificate(block, 1, 2, 4);
  }

  private EntryReceipt receipt(Block block, int leaf) {
    return EntryReceipt.of(
        new CommittedBlock(block, votes(block)),
        leaf,
        height -> block.header(),
        Register.of(consortium().config()));
  }

  private static EntryReceipt with(
      EntryReceipt of,
      int leaf,
      List<Hash> path,
      List<BlockHeader> above,
      QuorumCertificate votes) {
    return new EntryReceipt(
        of.entry(), leaf, of.treeSize(), path, of.header(), above, votes, of.registration());
  }

  private void assertProven(EntryReceipt receipt) {
    ProvenEntry proven = prover().prove(receipt);
    assertEquals(consortium().config().hash(), proven.configHash());
    assertEquals(1, proven.epoch());
    assertEquals(receipt.header().height(), proven.height());
    assertEquals(receipt.header().hash(), proven.blockHash());
    assertEquals(receipt.header().timeMs(), proven.timeMs());
    assertEquals(receipt.entry().leafHash(), proven.leafHash());
    assertTrue(
        consortium()
            .scheme()
            .verifier()
            .verifies(votingKey(), proven.signedBytes(), proven.signature()));
    assertEquals(
        new Verification.Valid(), new ReceiptVerifier(consortium().config()).verify(receipt));
  }

  private void assertRefused(int status, EntryReceipt receipt) {
    EnclaveRefusal refusal = assertThrows(EnclaveRefusal.class, () -> prover().prove(receipt));
    assertEquals(status, refusal.status(), refusal.getMessage());
    assertInstanceOf(
        Verification.Invalid.class, new ReceiptVerifier(consortium().config()).verify(receipt));
  }

  @Test
  default void everyEntryOfAFinalBlockIsProven() {
    for (int size = 1; size <= 9; size++) {
      Block block = block(size);
      for (int leaf = 0; leaf < size; leaf++) {
        assertProven(receipt(block, leaf));
      }
    }
  }

  @Test
  default void aDescendantsCertificateProvesItsAncestors() {
    Block block = block(5);
    Block child = consortium().block(4, 2, block.hash(), List.of());
    EntryReceipt alone = receipt(block, 3);
    assertProven(with(alone, 3, alone.path(), List.of(child.header()), votes(child)));
    assertRefused(E_CONFLICT, with(alone, 3, alone.path(), List.of(), votes(child)));
    for (Block stranger :
        List.of(
            consortium().block(4, 2, Hash.ZERO, List.of()),
            consortium().block(4, 3, block.hash(), List.of()),
            consortium().block(1, 2, block.hash(), List.of()))) {
      assertRefused(
          E_CONFLICT, with(alone, 3, alone.path(), List.of(stranger.header()), votes(stranger)));
    }
  }

  @Test
  default void anEntryHasOnePlace() {
    Block block = block(6);
    EntryReceipt good = receipt(block, 4);
    for (int leaf = 0; leaf <= 6; leaf++) {
      if (leaf != 4) {
        assertRefused(E_PROOF, with(good, leaf, good.path(), List.of(), good.certificate()));
      }
    }
    for (int i = 0; i < good.path().size(); i++) {
      List<Hash> other = new ArrayList<>(good.path());
      other.set(i, Hash.ZERO);
      assertRefused(E_PROOF, with(good, 4, other, List.of(), good.certificate()));
      other.remove(i);
      assertRefused(E_PROOF, with(good, 4, other, List.of(), good.certificate()));
    }
    assertRefused(
        E_PROOF,
        new EntryReceipt(
            consortium().entry(1, 99),
            4,
            6,
            good.path(),
            good.header(),
            List.of(),
            good.certificate(),
            good.registration()));
  }

  @Test
  default void whatIsNotFinalIsNotProven() {
    Block block = block(6);
    EntryReceipt good = receipt(block, 2);
    assertRefused(
        E_QC, with(good, 2, good.path(), List.of(), consortium().certificate(block, 1, 2)));
    Block other = consortium().block(2, 1, Hash.ZERO, entries(6));
    assertRefused(E_CONFLICT, with(good, 2, good.path(), List.of(), votes(other)));
    byte[] header = good.header().encode().toArray();
    // chain, epoch, view, height, parent, entries root, state root, time, proposer, count, bytes
    for (int at : new int[] {8, 47, 55, 63, 64, 96, 128, 167, 169, 206, 210}) {
      byte[] altered = header.clone();
      altered[at] ^= 2;
      assertRefused(
          E_CONFLICT,
          new EntryReceipt(
              good.entry(),
              2,
              6,
              good.path(),
              BlockHeader.decode(altered),
              List.of(),
              good.certificate(),
              good.registration()));
    }
  }
}
