package org.caduceus.routes;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.record.Inlet;

/**
 * The journal as inlets see it. One that fails, for instance together with the database, must not
 * cost the sender the true answer: the note is lost and the log says so.
 */
final class BestEffortJournal implements MessageJournal {
  private final MessageJournal journal;

  /** Writes to {@code journal}. */
  BestEffortJournal(MessageJournal journal) {
    this.journal = journal;
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
    try {
      journal.notTaken(inlet, kind, externalId, remote, outcome, code, location, reason);
    } catch (RuntimeException e) {
      RoutesLog.JOURNAL_FAILED.log(inlet.family(), remote, e.getClass().getName());
    }
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return journal.list(before, limit, inlet, outcome, externalId);
  }
}
