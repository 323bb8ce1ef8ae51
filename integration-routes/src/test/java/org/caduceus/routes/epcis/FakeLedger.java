package org.caduceus.routes.epcis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/** Intake and journal in memory, with the contract of the ports: all or nothing, idempotent. */
final class FakeLedger implements RecordIntake, MessageJournal {
  final Map<String, CanonicalRecord> taken = new HashMap<>();
  final List<Message> lines = new ArrayList<>();
  final List<Submission> submissions = new ArrayList<>();

  /** Declines everything while it is present. */
  Optional<Receipt.Cause> down = Optional.empty();

  @Override
  public Receipt submit(CanonicalRecord record, Submission submission) {
    return submitAll(List.of(record), submission).getFirst();
  }

  @Override
  public List<Receipt> submitAll(List<CanonicalRecord> records, Submission submission) {
    submissions.add(submission);
    Optional<Receipt.Cause> cause = down;
    for (CanonicalRecord record : records) {
      CanonicalRecord first = taken.get(key(record));
      if (cause.isEmpty() && first != null && !first.contentHash().equals(record.contentHash())) {
        cause = Optional.of(Receipt.Cause.CONFLICT);
      }
    }
    if (cause.isPresent()) {
      return Collections.nCopies(
          records.size(), new Receipt.Declined(cause.get(), "Expected better, but not now"));
    }
    List<Receipt> receipts = new ArrayList<>();
    for (CanonicalRecord record : records) {
      boolean repeated = taken.putIfAbsent(key(record), record) != null;
      if (!repeated) {
        lines.add(line(record.kind(), record.externalId(), Outcome.ACCEPTED, "", "", ""));
      }
      receipts.add(
          repeated
              ? new Receipt.Duplicate(Hash.ZERO, 1_000)
              : new Receipt.Accepted(Hash.ZERO, 1_000));
    }
    return receipts;
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
    lines.add(line(kind, externalId, outcome, code, location, reason));
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return lines.stream()
        .filter(line -> outcome.isEmpty() || line.outcome() == outcome.get())
        .filter(line -> externalId.isEmpty() || line.externalId().equals(externalId.get()))
        .limit(limit)
        .toList();
  }

  private static String key(CanonicalRecord record) {
    return record.sender() + "\n" + record.externalId();
  }

  private static Message line(
      String kind, String externalId, Outcome outcome, String code, String location, String why) {
    return new Message(
        0,
        1_000,
        Inlet.EPCIS,
        kind,
        externalId,
        "192.0.2.1",
        outcome,
        code,
        location,
        why,
        Optional.empty(),
        Optional.empty());
  }
}
