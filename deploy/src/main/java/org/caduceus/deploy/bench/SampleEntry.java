package org.caduceus.deploy.bench;

import java.util.Map;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.LedgerEntry;

/** An entry such as an admission makes: 16 commitments, about 1 kB of CBOR. */
final class SampleEntry {
  private static final int COMMITMENTS = 16;

  private SampleEntry() {}

  /**
   * The CBOR of one.
   *
   * @param number makes it one of its own
   */
  static Bytes of(Hash chainId, String member, long number) {
    TreeMap<String, Hash> commitments = new TreeMap<>();
    Hash each = Hash.sha256(new Writer().u64(number).toArray());
    for (int i = 0; i < COMMITMENTS; i++) {
      commitments.put("field-" + i, each);
    }
    return new LedgerEntry(
            chainId,
            member,
            "hl7v2.adt",
            "record/1",
            "bench",
            1_790_000_000_000L,
            each,
            new TreeMap<>(Map.of("event", "A01")),
            commitments)
        .encode();
  }
}
