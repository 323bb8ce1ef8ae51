package org.caduceus.routes.dicom;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/** An intake and a journal in memory, with the intake's rule of duplicates and conflicts. */
final class FakeIntake implements RecordIntake, MessageJournal {
  final List<CanonicalRecord> accepted = new ArrayList<>();
  final List<String> notTaken = new ArrayList<>();
  Optional<Receipt.Cause> declining = Optional.empty();

  private final Map<String, CanonicalRecord> known = new HashMap<>();

  @Override
  public Receipt submit(CanonicalRecord record, Submission submission) {
    if (declining.isPresent()) {
      return new Receipt.Declined(declining.get(), "Expected room, but there is none");
    }
    CanonicalRecord before = known.putIfAbsent(record.sender() + record.externalId(), record);
    if (before == null) {
      accepted.add(record);
      return new Receipt.Accepted(record.contentHash(), 1);
    }
    return before.contentHash().equals(record.contentHash())
        ? new Receipt.Duplicate(before.contentHash(), 1)
        : new Receipt.Declined(Receipt.Cause.CONFLICT, "Expected the same content as before");
  }

  @Override
  public List<Receipt> submitAll(List<CanonicalRecord> records, Submission submission) {
    throw new UnsupportedOperationException("Expected instances one by one");
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
    notTaken.add(String.join("|", kind, externalId, outcome.name(), code, location, reason));
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return List.of();
  }
}
