package org.caduceus.ledger.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * What an adapter makes of a message: the payload that stays at home, and what the ledger may know
 * of it.
 *
 * @param kind dotted lower-case name of at most 64 characters whose first part, at most 32, is the
 *     inlet's family, for instance {@code hl7v2.adt}
 * @param sender identity of the sending application within its inlet, for instance {@code
 *     MSH-3|MSH-4}; stays at home
 * @param externalId the message's own identifier: MSH-10, SOPInstanceUID or eventID; stays at home
 * @param contentHash hash of the bytes as received; a repeated (inlet, sender, externalId) with
 *     another hash is a conflict, not a duplicate
 * @param payload the bytes to seal and keep
 * @param metadata names and values that may be read by every member, never identifying a person
 * @param committed named values of which the ledger gets salted commitments only
 */
public record CanonicalRecord(
    String kind,
    String sender,
    String externalId,
    Hash contentHash,
    Bytes payload,
    SortedMap<String, String> metadata,
    SortedMap<String, Bytes> committed) {

  /** Longest external id in characters: MSH-10 allows 199 from v2.7 on, an eventID is a URI. */
  public static final int MAX_EXTERNAL_ID = 512;

  private static final Pattern KIND = Pattern.compile("[a-z0-9]{1,32}(\\.[a-z0-9-]+)+");

  /** Checks the shape and freezes the maps. */
  public CanonicalRecord {
    if (!KIND.matcher(kind).matches() || kind.length() > 64) {
      throw new IllegalArgumentException(
          "Expected a dotted lower-case kind of at most 64 characters, of its family at most 32");
    }
    if (externalId.isEmpty() || externalId.length() > MAX_EXTERNAL_ID) {
      throw new IllegalArgumentException(
          "Expected an external id of 1 to "
              + MAX_EXTERNAL_ID
              + " characters, but got "
              + externalId.length());
    }
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    committed = Collections.unmodifiableSortedMap(new TreeMap<>(committed));
  }

  /** The inlet's family, the kind's first part. */
  public String family() {
    return kind.substring(0, kind.indexOf('.'));
  }

  /** Field names only: the values may be patient data. */
  @Override
  public String toString() {
    return "CanonicalRecord["
        + kind
        + ", metadata "
        + metadata.keySet()
        + ", committed "
        + committed.keySet()
        + "]";
  }
}
