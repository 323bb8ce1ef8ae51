package org.caduceus.ledger.block;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * What the ledger knows of a record: commitments and metadata, never a payload or an identifying
 * value.
 *
 * @param chainId the consortium
 * @param member id of the institution that took the record in
 * @param kind dotted name, for instance {@code hl7v2.adt}
 * @param contract contract and version, for instance {@code record/1}
 * @param author ledger account
 * @param timeMs acceptance, ms since 1970-01-01 UTC
 * @param lookupTag keyed hash of the external id, see {@link LookupTag}
 * @param metadata in clear
 * @param commitments salted, see {@link org.caduceus.ledger.record}
 */
public record LedgerEntry(
    Hash chainId,
    String member,
    String kind,
    String contract,
    String author,
    long timeMs,
    Hash lookupTag,
    SortedMap<String, String> metadata,
    SortedMap<String, Hash> commitments) {

  /** Largest encoded entry in bytes, so that a block of the default size holds many. */
  public static final int MAX_BYTES = 16 * 1024;

  /** Freezes the maps. */
  public LedgerEntry {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    commitments = Collections.unmodifiableSortedMap(new TreeMap<>(commitments));
  }

  /** Deterministic CBOR (RFC 8949 section 4.2.1). */
  public Bytes encode() {
    return EntryCodec.encode(this);
  }

  /**
   * Reads deterministic CBOR; any other encoding of the same values is refused, so that one entry
   * has one id.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are not exactly that
   */
  public static LedgerEntry decode(Bytes cbor) {
    return EntryCodec.decode(cbor);
  }
}
