package org.caduceus.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every altered field of a receipt is noticed; the unaltered one holds. */
class ReceiptVerifierTest {
  private final SampleConsortium consortium = new SampleConsortium(scheme(), 3, 4);
  private final Register register = Register.of(consortium.config());
  private final ReceiptVerifier verifier = new ReceiptVerifier(consortium.config());
  private final Block block = consortium.block(1, 1, consortium.config().hash(), entries(0, 7));
  private final EntryReceipt good =
      EntryReceipt.of(consortium.committed(block, 0, 2), 4, height -> block.header(), register);

  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.ES256;
  }

  private List<SignedEntry> entries(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> consortium.entry(1, i)).toList();
  }

  @Test
  @Tag("9.1a")
  void aReceiptOfAFinalEntryHolds() {
    for (int leaf = 0; leaf < 7; leaf++) {
      EntryReceipt receipt =
          EntryReceipt.of(
              consortium.committed(block, 0, 2), leaf, height -> block.header(), register);
      assertEquals(new Verification.Valid(), verifier.verify(receipt));
    }
  }

  @Test
  void aBlockMadeFinalByADescendantHasAReceipt() {
    Block child = consortium.block(9, 2, block.hash(), entries(7, 2));
    CommittedBlock committed = new CommittedBlock(block, consortium.certificate(child, 1, 2));
    EntryReceipt receipt = EntryReceipt.of(committed, 3, height -> child.header(), register);
    assertEquals(new Verification.Valid(), verifier.verify(receipt));
    assertRefused("descendant left out", with(receipt, receipt.path(), List.of(), 3));
    Block stranger = consortium.block(9, 2, Hash.ZERO, entries(7, 2));
    assertRefused(
        "descendant of another block",
        new EntryReceipt(
            receipt.entry(),
            3,
            7,
            receipt.path(),
            receipt.header(),
            List.of(stranger.header()),
            consortium.certificate(stranger, 1, 2),
            good.registration()));
  }

  @Test
  @Tag("9.1b")
  void brokenReceiptsAreRefused() {
    Map<String, EntryReceipt> broken = new LinkedHashMap<>();
    for (int leaf = -1; leaf <= 7; leaf++) {
      if (leaf != 4) {
        broken.put("leaf " + leaf, with(good, good.path(), List.of(), leaf));
      }
    }
    for (int i = 0; i < good.path().size(); i++) {
      List<Hash> path = new ArrayList<>(good.path());
      path.set(i, Hash.ZERO);
      broken.put("path node " + i, with(good, path, List.of(), 4));
      List<Hash> shorter = new ArrayList<>(good.path());
      shorter.remove(i);
      broken.put("path without " + i, with(good, shorter, List.of(), 4));
    }
    broken.put("another entry", withEntry(consortium.entry(1, 99)));
    broken.put(
        "entry with a bad signature",
        withEntry(
            SignedEntry.of(
                consortium.config().suite(),
                good.entry().entry(),
                consortium.institution(1).publicKey(),
                Bytes.wrap(new byte[64]))));
    broken.put("entry of another institution's key", withEntry(signedByTheWrongOne()));
    byte[] header = good.header().encode().toArray();
    for (int at : new int[] {40, 55, 63, 70, 110, 140, 175, 206, 210}) {
      byte[] altered = header.clone();
      altered[at] ^= 1;
      broken.put("header byte " + at, withHeader(BlockHeader.decode(altered)));
    }
    Register others = Register.of(new SampleConsortium(scheme(), 4, 4).config());
    broken.put("registered elsewhere", withRegistration(Registration.of(others, "member-b")));
    broken.put("another's registration", withRegistration(Registration.of(register, "member-a")));
    broken.put("one vote", withCertificate(consortium.certificate(block, 0)));
    for (int i = 0; i < 64; i += 7) {
      byte[] signature = good.certificate().signatures().get(1).toArray();
      signature[i] ^= 1;
      broken.put(
          "vote byte " + i,
          withCertificate(
              signers(
                  0b101, List.of(good.certificate().signatures().get(0), Bytes.wrap(signature)))));
    }
    broken.put("votes of others", withCertificate(signers(0b011, good.certificate().signatures())));
    broken.put("an outsider", withCertificate(signers(0b1001, good.certificate().signatures())));
    Bytes first = good.certificate().signatures().get(0);
    broken.put("one signature twice", withCertificate(signers(0b101, List.of(first, first))));
    Block other = consortium.block(2, 1, consortium.config().hash(), entries(0, 7));
    broken.put("votes for another", withCertificate(consortium.certificate(other, 0, 2)));
    broken.forEach(this::assertRefused);
  }

  private void assertRefused(String what, EntryReceipt receipt) {
    assertInstanceOf(Verification.Invalid.class, verifier.verify(receipt), what);
  }

  private SignedEntry signedByTheWrongOne() {
    SampleSigner other = consortium.institution(2);
    Bytes key = other.publicKey();
    Bytes message = SignedEntry.bytesToSign(other.suite(), good.entry().entry(), key);
    return SignedEntry.of(other.suite(), good.entry().entry(), key, other.sign(message));
  }

  private QuorumCertificate signers(long signers, List<Bytes> signatures) {
    QuorumCertificate of = good.certificate();
    return new QuorumCertificate(
        of.epoch(), of.view(), of.height(), of.blockHash(), false, 1, signers, signatures);
  }

  private static EntryReceipt with(
      EntryReceipt from, List<Hash> path, List<BlockHeader> descendants, int leaf) {
    return new EntryReceipt(
        from.entry(),
        leaf,
        7,
        path,
        from.header(),
        descendants,
        from.certificate(),
        from.registration());
  }

  private EntryReceipt withEntry(SignedEntry entry) {
    return new EntryReceipt(
        entry,
        4,
        7,
        good.path(),
        good.header(),
        List.of(),
        good.certificate(),
        good.registration());
  }

  private EntryReceipt withHeader(BlockHeader header) {
    return new EntryReceipt(
        good.entry(),
        4,
        7,
        good.path(),
        header,
        List.of(),
        good.certificate(),
        good.registration());
  }

  private EntryReceipt withRegistration(Registration registration) {
    return new EntryReceipt(
        good.entry(),
        4,
        7,
        good.path(),
        good.header(),
        List.of(),
        good.certificate(),
        registration);
  }

  private EntryReceipt withCertificate(QuorumCertificate certificate) {
    return new EntryReceipt(
        good.entry(),
        4,
        7,
        good.path(),
        good.header(),
        List.of(),
        certificate,
        good.registration());
  }
}
