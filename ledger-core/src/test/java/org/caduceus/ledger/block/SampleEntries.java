package org.caduceus.ledger.block;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/** Entries that look like a hospital's, invented here. */
public final class SampleEntries {
  private SampleEntries() {}

  /** The chain that samples belong to unless a test says otherwise. */
  public static final Hash CHAIN = hashOf("sample consortium");

  /** An entry of a member, different for each number. */
  public static LedgerEntry entry(Hash chainId, String member, int number) {
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("messageType", "ADT^A01");
    metadata.put("version", "2.5.1");
    SortedMap<String, Hash> commitments = new TreeMap<>();
    commitments.put("payload", hashOf(member + " payload " + number));
    commitments.put("PID-3", hashOf(member + " PID-3 " + number));
    return new LedgerEntry(
        chainId,
        member,
        "hl7v2.adt",
        "record/1",
        "inlet-hl7v2",
        1_790_000_000_000L + number,
        hashOf(member + " tag " + number),
        metadata,
        commitments);
  }

  /** The same, signed with the institution's key. */
  public static SignedEntry signed(
      Hash chainId, String member, int number, SampleSigner institution) {
    return sign(entry(chainId, member, number), institution);
  }

  /** Any entry, signed with the institution's key. */
  public static SignedEntry sign(LedgerEntry entry, SampleSigner institution) {
    Bytes key = institution.publicKey();
    Bytes signature = institution.sign(SignedEntry.bytesToSign(institution.suite(), entry, key));
    return SignedEntry.of(institution.suite(), entry, key, signature);
  }

  /** SHA-256 of a text: any 32 bytes with a name. */
  public static Hash hashOf(String text) {
    return Hash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
