package org.caduceus.console.rest;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.caduceus.console.Consortium;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Everything needed to check offline that an entry is final, on the wire. */
@Schema(
    name = "Receipt",
    description =
        "Merkle path (RFC 9162 section 2.1.3) from an entry to a block and the votes that made it"
            + " final; to be checked against GET /api/genesis")
public record ReceiptJson(
    String entryId,
    Entry entry,
    @Schema(description = "Position in the block's tree, from 0") int leafIndex,
    @Schema(description = "Number of leaves") int treeSize,
    @Schema(description = "Inclusion path, leaf side first, hexadecimal") List<String> path,
    Header header,
    @Schema(description = "The 211 bytes that are hashed, Base64") String headerBytes,
    String blockHash,
    @Schema(
            description =
                "Headers from the next height to the certified one, 211 bytes each, Base64; empty"
                    + " unless a change of leader made the block final together with a later one")
        List<String> descendants,
    Certificate certificate,
    Registration registration,
    @Schema(description = "Hash of the epoch's configuration, which voters sign")
        String epochConfigHash) {

  /** The signed entry. */
  @Schema(name = "ReceiptEntry")
  public record Entry(@Schema(description = "COSE_Sign1, Base64") String cose) {}

  /** Every field of the block header. */
  @Schema(name = "ReceiptHeader")
  public record Header(
      String chainId,
      long epoch,
      long view,
      long height,
      String parentHash,
      String entriesRoot,
      String stateRoot,
      @Schema(description = "Milliseconds since 1970-01-01 UTC") long timeMs,
      @Schema(description = "Member index") int proposer,
      boolean lastInEpoch,
      String nextConfigHash,
      int entryCount,
      int entryBytes) {}

  /** The votes. */
  @Schema(name = "ReceiptCertificate")
  public record Certificate(
      long epoch,
      long view,
      long height,
      String blockHash,
      boolean lastInEpoch,
      int phase,
      List<Signer> signers) {}

  /** The entry's institution. */
  @Schema(
      name = "ReceiptRegistration",
      description = "The institution whose key signed the entry, under the header's stateRoot")
  public record Registration(
      String member,
      @Schema(description = "SEC 1 point that signed the entry") String signingKey,
      @Schema(description = "CDC1INST, Base64: the value in the world state") String value,
      @Schema(description = "Siblings from the root down, hexadecimal") List<String> siblings) {}

  /** One vote. */
  @Schema(name = "ReceiptSigner")
  public record Signer(
      String member,
      int index,
      @Schema(description = "Of the epoch's suite, raw r || s of 64 bytes, Base64")
          String signature) {}

  /**
   * The receipt.
   *
   * @param voters configuration of the certificate's epoch
   */
  static ReceiptJson of(EntryReceipt receipt, EpochConfig voters) {
    BlockHeader header = receipt.header();
    return new ReceiptJson(
        receipt.entry().id().toHex(),
        new Entry(base64(receipt.entry().cose())),
        receipt.leafIndex(),
        receipt.treeSize(),
        receipt.path().stream().map(Hash::toHex).toList(),
        header(header),
        base64(header.encode()),
        header.hash().toHex(),
        receipt.descendants().stream().map(BlockHeader::encode).map(ReceiptJson::base64).toList(),
        certificate(receipt.certificate(), voters),
        registration(receipt.registration()),
        voters.hash().toHex());
  }

  private static Registration registration(org.caduceus.ledger.receipt.Registration registration) {
    return new Registration(
        registration.institution().id(),
        registration.institution().signingKey().toHex(),
        base64(registration.institution().encode()),
        registration.path().siblings().stream().map(Hash::toHex).toList());
  }

  private static Header header(BlockHeader header) {
    return new Header(
        header.chainId().toHex(),
        header.epoch(),
        header.view(),
        header.height(),
        header.parentHash().toHex(),
        header.entriesRoot().toHex(),
        header.stateRoot().toHex(),
        header.timeMs(),
        header.proposer(),
        header.lastInEpoch(),
        header.nextConfigHash().toHex(),
        header.entryCount(),
        header.entryBytes());
  }

  private static Certificate certificate(QuorumCertificate certificate, EpochConfig voters) {
    List<Signer> signers = new ArrayList<>();
    for (int index : Consortium.signerIndexes(certificate)) {
      signers.add(
          new Signer(
              Consortium.memberId(voters, index),
              index,
              base64(certificate.signatures().get(signers.size()))));
    }
    return new Certificate(
        certificate.epoch(),
        certificate.view(),
        certificate.height(),
        certificate.blockHash().toHex(),
        certificate.lastInEpoch(),
        certificate.phase(),
        signers);
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
