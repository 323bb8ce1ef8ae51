package org.caduceus.routes.mllp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/** An intake and journal in memory that keep the contract: idempotent on sender and external id. */
final class FakeIntake implements RecordIntake, MessageJournal {
  private record Key(String sender, String externalId) {}

  private record Taken(Hash contentHash, Receipt.Accepted receipt) {}

  private final Map<Key, Taken> taken = new ConcurrentHashMap<>();
  final List<CanonicalRecord> records = new CopyOnWriteArrayList<>();
  final List<Submission> submissions = new CopyOnWriteArrayList<>();
  final List<Message> notes = new CopyOnWriteArrayList<>();

  /** What to do instead, when it returns something; may throw. */
  volatile Function<CanonicalRecord, Optional<Receipt>> instead = record -> Optional.empty();

  volatile long timeMs = 1_790_000_000_000L;

  @Override
  public Receipt submit(CanonicalRecord record, Submission submission) {
    Optional<Receipt> other = instead.apply(record);
    if (other.isPresent()) {
      return other.get();
    }
    Key key = new Key(record.sender(), record.externalId());
    Taken mine =
        new Taken(record.contentHash(), new Receipt.Accepted(record.contentHash(), timeMs));
    Taken first = taken.putIfAbsent(key, mine);
    if (first == null) {
      records.add(record);
      submissions.add(submission);
      return mine.receipt();
    }
    return first.contentHash().equals(record.contentHash())
        ? new Receipt.Duplicate(first.receipt().entryId(), first.receipt().acceptedAtMs())
        : new Receipt.Declined(
            Receipt.Cause.CONFLICT, "Expected the same content under this control id");
  }

  @Override
  public List<Receipt> submitAll(List<CanonicalRecord> all, Submission submission) {
    throw new UnsupportedOperationException("HL7 messages are answered one by one");
  }

  @Override
  public void notTaken(
      Inlet inlet,
      String kind,
      String externalId,
      String remote,
      Outcome outcome,
      String code,
      String location,
      String reason) {
    notes.add(
        new Message(
            notes.size(),
            0,
            inlet,
            kind,
            externalId,
            remote,
            outcome,
            code,
            location,
            reason,
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return List.copyOf(notes);
  }
}
