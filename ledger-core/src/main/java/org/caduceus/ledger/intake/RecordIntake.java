package org.caduceus.ledger.intake;

import java.util.List;
import org.caduceus.ledger.record.CanonicalRecord;

/** Takes canonical records into custody. Thread-safe; calls block until the outcome is durable. */
public interface RecordIntake {
  /** Seals, signs, stores and pools {@code record}. */
  Receipt submit(CanonicalRecord record, Submission submission);

  /**
   * The same for several records in one transaction: either every receipt is Accepted or Duplicate,
   * or nothing was stored and the ones at fault are Declined (the others too, with the cause of the
   * first).
   *
   * @return one receipt per record, in order
   */
  List<Receipt> submitAll(List<CanonicalRecord> records, Submission submission);
}
