package org.caduceus.console.rest;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.query.EntryView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry on the wire. */
@Schema(name = "Entry", description = "A ledger entry as this node knows it")
public record EntryJson(
    @Schema(description = "Hash of the entry, 64 hexadecimal digits") String id,
    @Schema(example = "hl7v2.adt") String kind,
    @Schema(description = "Institution that took the record in") String member,
    @Schema(description = "Account that submitted the record") String author,
    @Schema(description = "When the record was accepted, ISO 8601") String time,
    @Schema(example = "record/1") String contract,
    @Schema(description = "Readable by every member, never identifying")
        Map<String, String> metadata,
    @Schema(description = "Salted commitments by name, hexadecimal")
        Map<String, String> commitments,
    @Schema(description = "Keyed hash of the external id") String lookupTag,
    @Schema(description = "MSH-10, SOPInstanceUID or eventID; only at the member that took it in")
        Optional<String> externalId,
    @Schema(enumeration = {"waiting", "final"}) String status,
    @Schema(description = "Height of the block, when final") Optional<Long> height,
    @Schema(description = "Position in the block from 0, when final") Optional<Integer> index,
    @Schema(description = "Hash of the block, when final") Optional<String> blockHash,
    @Schema(description = "When this node stored the block, when final") Optional<String> finalAt,
    @Schema(description = "The signed entry (COSE_Sign1), Base64") String cose) {

  /** Several entries and what was asked for. */
  @Schema(name = "EntryList")
  public record Listing(
      @Schema(description = "The identifier that was searched") Optional<String> externalId,
      List<EntryJson> items,
      @Schema(description = "Address of the next page, as in the Link header")
          Optional<String> next) {
    /** Freezes the list. */
    public Listing {
      items = List.copyOf(items);
    }
  }

  static EntryJson of(EntryView view) {
    LedgerEntry entry = view.signed().entry();
    SortedMap<String, String> commitments = new TreeMap<>();
    entry.commitments().forEach((name, hash) -> commitments.put(name, hash.toHex()));
    return new EntryJson(
        view.signed().id().toHex(),
        entry.kind(),
        entry.member(),
        entry.author(),
        Instant.ofEpochMilli(entry.timeMs()).toString(),
        entry.contract(),
        entry.metadata(),
        commitments,
        entry.lookupTag().toHex(),
        view.externalId(),
        view.place().isPresent() ? "final" : "waiting",
        view.place().map(EntryView.Place::height),
        view.place().map(EntryView.Place::index),
        view.place().map(EntryView.Place::blockHash).map(Hash::toHex),
        view.place().map(EntryView.Place::finalAtMs).flatMap(Times::iso),
        Base64.getEncoder().encodeToString(view.signed().cose().toArray()));
  }
}
