package org.caduceus.ledger.ejb.store;

import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal.Message;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.record.Inlet;

/** Reads of the message journal: accepted records and the lines of what was not taken, merged. */
@Stateless
@LocalBean
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class JournalQuery {
  private static final String ACCEPTED =
      "select r.seq, r.acceptedAt, r.family, r.kind, r.externalId, r.remote, r.entryId, e.height"
          + " from RecordRow r left join EntryRow e on e.entryId = r.entryId"
          + " where r.seq < :before"
          + " and (:family is null or r.family = :family)"
          + " and (:externalId is null or r.externalId = :externalId)"
          + " order by r.seq desc";
  private static final String NOT_TAKEN =
      "select n from NotTakenRow n where n.seq < :before"
          + " and (:family is null or n.family = :family)"
          + " and (:externalId is null or n.externalId = :externalId)"
          + " and (:outcome is null or n.outcome = :outcome)"
          + " order by n.seq desc";

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  /** For the container. */
  public JournalQuery() {}

  JournalQuery(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** See {@link org.caduceus.ledger.intake.MessageJournal#list}. */
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    Stream<Message> accepted =
        outcome.filter(wanted -> wanted != Outcome.ACCEPTED).isPresent()
            ? Stream.empty()
            : filtered(
                    entityManager.createQuery(ACCEPTED, Object[].class), before, inlet, externalId)
                .setMaxResults(limit)
                .getResultStream()
                .map(JournalQuery::accepted);
    Stream<Message> notTaken =
        outcome.filter(wanted -> wanted == Outcome.ACCEPTED).isPresent()
            ? Stream.empty()
            : filtered(
                    entityManager.createQuery(NOT_TAKEN, NotTakenRow.class),
                    before,
                    inlet,
                    externalId)
                .setParameter("outcome", outcome.map(Outcome::name).orElse(null))
                .setMaxResults(limit)
                .getResultStream()
                .map(JournalQuery::notTaken);
    return Stream.concat(accepted, notTaken)
        .sorted(Comparator.comparingLong(Message::sequence).reversed())
        .limit(limit)
        .toList();
  }

  private static <T> TypedQuery<T> filtered(
      TypedQuery<T> query, long before, Optional<Inlet> inlet, Optional<String> externalId) {
    return query
        .setParameter("before", before)
        .setParameter("family", inlet.map(Inlet::family).orElse(null))
        .setParameter("externalId", externalId.orElse(null));
  }

  private static Message accepted(Object[] row) {
    return new Message(
        (Long) row[0],
        (Long) row[1],
        inlet((String) row[2]),
        (String) row[3],
        (String) row[4],
        (String) row[5],
        Outcome.ACCEPTED,
        "",
        "",
        "",
        Optional.of(Hash.of((byte[]) row[6])),
        Optional.ofNullable((Long) row[7]));
  }

  private static Message notTaken(NotTakenRow row) {
    return new Message(
        row.seq,
        row.decidedAt,
        inlet(row.family),
        row.kind,
        row.externalId,
        row.remote,
        Outcome.valueOf(row.outcome),
        row.code,
        row.location,
        row.reason,
        Optional.empty(),
        Optional.empty());
  }

  private static Inlet inlet(String family) {
    return Arrays.stream(Inlet.values())
        .filter(inlet -> inlet.family().equals(family))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException("Expected a known inlet in the journal, but it is not"));
  }
}
