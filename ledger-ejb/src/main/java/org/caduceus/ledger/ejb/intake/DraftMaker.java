package org.caduceus.ledger.ejb.intake;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.LookupTag;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.ejb.store.Drafts.Draft;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;

/** Makes a signed entry and a sealed payload of a record. Thread-safe. */
final class DraftMaker {
  /** Contract of every record until contracts can be deployed. */
  static final String CONTRACT = "record/1";

  /** Bytes of the salt of a record. */
  static final int SALT_LENGTH = 32;

  private static final String TAG = "CDC1PRIV";

  private final Hash chainId;
  private final String member;
  private final Bytes lookupKey;
  private final Enclave enclave;

  DraftMaker(Hash chainId, String member, Bytes lookupKey, Enclave enclave) {
    this.chainId = chainId;
    this.member = member;
    this.lookupKey = lookupKey;
    this.enclave = enclave;
  }

  /**
   * The draft.
   *
   * @param timeMs acceptance, ms since 1970-01-01 UTC
   * @param salt fresh random bytes
   * @throws org.caduceus.ledger.enclave.EnclaveUnavailable if no enclave answers
   * @throws EntryTooLarge if the entry exceeds {@link LedgerEntry#MAX_BYTES}
   */
  Draft make(CanonicalRecord record, Submission submission, long timeMs, Bytes salt) {
    TreeMap<String, Hash> commitments = new TreeMap<>();
    record
        .committed()
        .forEach((name, value) -> commitments.put(name, LookupTag.commitment(salt, name, value)));
    LedgerEntry entry =
        new LedgerEntry(
            chainId,
            member,
            record.kind(),
            CONTRACT,
            submission.author(),
            timeMs,
            LookupTag.of(lookupKey, record.family(), record.externalId()),
            record.metadata(),
            commitments);
    Bytes encoded = entry.encode();
    if (encoded.length() > LedgerEntry.MAX_BYTES) {
      throw new EntryTooLarge();
    }
    SignedEntry signed = enclave.sign(encoded);
    Bytes sealed = enclave.seal(context(signed.id()), frame(salt, record.payload()));
    return new Draft(submissionKey(record), record, submission, signed, sealed);
  }

  /** What a sealed payload is bound to: chain, member and entry. */
  Bytes context(Hash entryId) {
    return Bytes.wrap(
        new Writer()
            .tag(TAG)
            .hash(chainId)
            .hash(entryId)
            .sized(member.getBytes(StandardCharsets.UTF_8))
            .toArray());
  }

  private static Bytes frame(Bytes salt, Bytes payload) {
    return Bytes.wrap(
        new Writer(SALT_LENGTH + payload.length()).bytes(salt).bytes(payload).toArray());
  }

  static Bytes submissionKey(CanonicalRecord record) {
    return Bytes.wrap(
        Hash.sha256(
                new Writer()
                    .sized(record.family().getBytes(StandardCharsets.UTF_8))
                    .sized(record.sender().getBytes(StandardCharsets.UTF_8))
                    .sized(record.externalId().getBytes(StandardCharsets.UTF_8))
                    .toArray())
            .toArray());
  }

  /** The metadata and commitments of a record are too many for one entry. */
  static final class EntryTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EntryTooLarge() {
      super("Expected an entry of at most " + LedgerEntry.MAX_BYTES + " bytes, but it is larger");
    }
  }
}
