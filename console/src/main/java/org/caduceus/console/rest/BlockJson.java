package org.caduceus.console.rest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.query.BlockSummary;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A final block on the wire. */
@Schema(name = "Block", description = "A final block")
public record BlockJson(
    long height,
    String hash,
    String parentHash,
    long epoch,
    long view,
    @Schema(description = "The proposer's time, ISO 8601") String time,
    @Schema(description = "Member who led the view") String proposer,
    int entryCount,
    @Schema(description = "Merkle tree head over the entries (RFC 9162)") String entriesRoot,
    @Schema(description = "World state after the parent") String stateRoot,
    @Schema(description = "Members whose votes are in the certificate") List<String> voters,
    @Schema(description = "When this node stored the block") Optional<String> finalAt,
    @Schema(description = "Ids of the entries in order; only when one block is asked for")
        Optional<List<String>> entries) {

  /** Several blocks, newest first. */
  @Schema(name = "BlockList")
  public record Listing(
      List<BlockJson> items,
      @Schema(description = "Address of the next page, as in the Link header")
          Optional<String> next) {
    /** Freezes the list. */
    public Listing {
      items = List.copyOf(items);
    }
  }

  static BlockJson of(BlockSummary summary, Optional<List<String>> entries) {
    BlockHeader header = summary.header();
    return new BlockJson(
        header.height(),
        summary.hash().toHex(),
        header.parentHash().toHex(),
        header.epoch(),
        header.view(),
        Instant.ofEpochMilli(header.timeMs()).toString(),
        summary.proposer(),
        header.entryCount(),
        header.entriesRoot().toHex(),
        header.stateRoot().toHex(),
        summary.voters(),
        Times.iso(summary.finalAtMs()),
        entries);
  }
}
