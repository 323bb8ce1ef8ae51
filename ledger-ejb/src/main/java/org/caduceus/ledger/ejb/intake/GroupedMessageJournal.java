package org.caduceus.ledger.ejb.intake;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.ejb.store.Drafts.NotTaken;
import org.caduceus.ledger.ejb.store.JournalQuery;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.record.Inlet;

/** The message journal; its lines share the transactions of accepted records. */
@Singleton
@Local(MessageJournal.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class GroupedMessageJournal implements MessageJournal {
  @EJB private GroupCommit groupCommit;
  @EJB private JournalQuery query;

  private final InstantSource clock = InstantSource.system();

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
    groupCommit.note(
        new NotTaken(
            clock.millis(), inlet, kind, externalId, remote, outcome, code, location, reason));
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return query.list(before, limit, inlet, outcome, externalId);
  }
}
