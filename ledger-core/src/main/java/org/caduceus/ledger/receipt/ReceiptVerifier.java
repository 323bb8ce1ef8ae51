package org.caduceus.ledger.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * Checks receipts offline. Trusts the configuration of the certificate's epoch ({@link
 * org.caduceus.ledger.membership.EpochChain} leads there from genesis) and nothing else: no node,
 * no network, no clock. Thread-safe.
 */
public final class ReceiptVerifier {
  /** Blocks that become final together are few; more headers than this are not looked at. */
  private static final int MAX_DESCENDANTS = 1_024;

  private final EpochConfig config;
  private final Electorate electorate;
  private final SignatureVerifier signatures;

  /** A verifier for entries of the configuration's epoch. */
  public ReceiptVerifier(EpochConfig config) {
    this(config, SignatureVerifier.of(config.suite()));
  }

  /** Same, with another way to verify signatures of the configuration's suite. */
  public ReceiptVerifier(EpochConfig config, SignatureVerifier signatures) {
    this.config = config;
    this.electorate = new Electorate(config, signatures);
    this.signatures = signatures;
  }

  /** Checks the whole receipt; the first broken link is the reason. */
  public Verification verify(EntryReceipt receipt) {
    for (Link link :
        List.<Link>of(
            this::entryIsSigned,
            this::headersAreOfThisChain,
            this::entryStandsInBlock,
            this::headersAreLinked,
            this::certificateNamesLastHeader,
            this::quorumVoted)) {
      Optional<String> broken = link.broken(receipt);
      if (broken.isPresent()) {
        return new Verification.Invalid(broken.get());
      }
    }
    return new Verification.Valid();
  }

  private interface Link {
    Optional<String> broken(EntryReceipt receipt);
  }

  private Optional<String> entryIsSigned(EntryReceipt receipt) {
    SignedEntry entry = receipt.entry();
    if (!entry.entry().chainId().equals(config.chainId())) {
      return Optional.of("Expected an entry of this consortium, but it names another");
    }
    Registration registration = receipt.registration();
    if (!registration.holds(receipt.header().stateRoot(), entry.entry().member())) {
      return Optional.of("Expected an entry of a registered institution, but it is not shown");
    }
    Bytes key = registration.institution().signingKey();
    return expect(
        entry.namesKey(config.suite(), key)
            && signatures.verifies(key, entry.signedBytes(), entry.signature()),
        "Expected the signature of " + entry.entry().member() + ", but it does not verify");
  }

  /** Cold starts may have gone on from blocks of earlier epochs; nothing is of a later one. */
  private Optional<String> headersAreOfThisChain(EntryReceipt receipt) {
    long least = 1;
    for (BlockHeader header : headers(receipt)) {
      if (!header.chainId().equals(config.chainId())
          || header.epoch() < least
          || header.epoch() > config.epoch()) {
        return Optional.of("Expected headers of this chain and epoch, but one is of another");
      }
      least = header.epoch();
    }
    return Optional.empty();
  }

  private Optional<String> entryStandsInBlock(EntryReceipt receipt) {
    if (receipt.treeSize() != receipt.header().entryCount()) {
      return Optional.of(
          "Expected a tree of "
              + receipt.header().entryCount()
              + " entries, but the receipt says "
              + receipt.treeSize());
    }
    if (receipt.leafIndex() < 0 || receipt.leafIndex() >= receipt.treeSize()) {
      return Optional.of("Expected a place within the tree, but it is outside");
    }
    Hash head =
        MerkleTree.rootFrom(
            receipt.entry().leafHash(), receipt.leafIndex(), receipt.treeSize(), receipt.path());
    return expect(
        head.equals(receipt.header().entriesRoot()),
        "Expected a Merkle path to the block's tree head, but it leads elsewhere");
  }

  private Optional<String> headersAreLinked(EntryReceipt receipt) {
    if (receipt.descendants().size() > MAX_DESCENDANTS) {
      return Optional.of("Expected at most " + MAX_DESCENDANTS + " headers, but there are more");
    }
    BlockHeader below = receipt.header();
    for (BlockHeader header : receipt.descendants()) {
      boolean sameEpoch = header.epoch() == below.epoch();
      if (header.height() != below.height() + 1
          || !header.parentHash().equals(below.hash())
          || (sameEpoch && header.view() <= below.view())
          || (sameEpoch && below.lastInEpoch() && !header.isSuffixOf(below))) {
        return Optional.of("Expected each header to extend the one before, but one does not");
      }
      below = header;
    }
    return Optional.empty();
  }

  private Optional<String> certificateNamesLastHeader(EntryReceipt receipt) {
    List<BlockHeader> headers = headers(receipt);
    BlockHeader last = headers.get(headers.size() - 1);
    QuorumCertificate certificate = receipt.certificate();
    return expect(
        certificate.blockHash().equals(last.hash())
            && certificate.epoch() == last.epoch()
            && certificate.view() == last.view()
            && certificate.height() == last.height()
            && certificate.lastInEpoch() == last.lastInEpoch(),
        "Expected votes for the receipt's block, but they are for another");
  }

  private Optional<String> quorumVoted(EntryReceipt receipt) {
    return expect(
        electorate.certified(receipt.certificate()),
        "Expected valid votes of " + config.quorum() + " members, but there are fewer");
  }

  private static List<BlockHeader> headers(EntryReceipt receipt) {
    List<BlockHeader> headers = new ArrayList<>(receipt.descendants());
    headers.add(0, receipt.header());
    return headers;
  }

  private static Optional<String> expect(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
