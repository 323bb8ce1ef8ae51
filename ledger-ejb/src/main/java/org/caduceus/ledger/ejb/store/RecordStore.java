package org.caduceus.ledger.ejb.store;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.ejb.store.Drafts.Decided;
import org.caduceus.ledger.ejb.store.Drafts.Draft;
import org.caduceus.ledger.ejb.store.Drafts.Known;
import org.caduceus.ledger.ejb.store.Drafts.NotTaken;

/**
 * Accepted records and the lines of messages that were not taken. One thread calls {@link #store},
 * so what it decides about duplicates cannot be overtaken; the unique key guards it all the same.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class RecordStore {
  private static final int PRUNE_EVERY = 500;

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong linesSincePruned = new AtomicLong();

  /** For the container. */
  public RecordStore() {}

  RecordStore(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  @PostConstruct
  void load() {
    sequence.set(
        Math.max(highest("RecordRow"), Math.max(highest("WaitingRow"), highest("NotTakenRow"))));
    countWaiting();
  }

  /**
   * Decides about each group and stores the accepted drafts and the lines in one transaction.
   *
   * @param groups each is taken in as a whole or not at all
   * @param lines messages that left no entry
   * @param maxLines lines remembered
   */
  public Decided store(List<List<Draft>> groups, List<NotTaken> lines, int maxLines) {
    Decided decided = Drafts.decide(groups, known(groups));
    for (Draft draft : decided.accepted()) {
      persist(draft);
    }
    for (NotTaken line : lines) {
      persist(line);
    }
    entityManager.flush();
    entityManager.clear();
    if (linesSincePruned.addAndGet(lines.size()) >= PRUNE_EVERY) {
      linesSincePruned.set(0);
      prune(maxLines);
    }
    return decided;
  }

  /** Counts accepted entries that are not final, and remembers the number. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public long countWaiting() {
    long count =
        entityManager
            .createQuery("select count(w) from WaitingRow w", Long.class)
            .getSingleResult();
    waiting.set(count);
    return count;
  }

  /** The remembered number, plus what was accepted since. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public long waiting() {
    return waiting.get();
  }

  /** Keeps an entry of this member's own that is no record until it is final. */
  public void keepWaiting(SignedEntry entry) {
    persistWaiting(sequence.incrementAndGet(), entry);
  }

  /** Adds to the remembered number after a commit. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public void accepted(int entries) {
    waiting.addAndGet(entries);
  }

  private Map<Bytes, Known> known(List<List<Draft>> groups) {
    List<byte[]> keys =
        groups.stream()
            .flatMap(List::stream)
            .map(draft -> draft.submissionKey().toArray())
            .toList();
    Map<Bytes, Known> known = new HashMap<>();
    KeyStatements.select(
        entityManager,
        "select submission_key, content_hash, entry_id, accepted_at from record"
            + " where submission_key = any(?)",
        keys,
        row ->
            known.put(
                Bytes.wrap(row.getBytes(1)),
                new Known(Hash.of(row.getBytes(2)), Hash.of(row.getBytes(3)), row.getLong(4))));
    return known;
  }

  private void persist(Draft draft) {
    long seq = sequence.incrementAndGet();
    RecordRow row = new RecordRow();
    row.seq = seq;
    row.entryId = draft.entry().id().toArray();
    row.submissionKey = draft.submissionKey().toArray();
    row.lookupTag = draft.entry().entry().lookupTag().toArray();
    row.family = draft.record().family();
    row.kind = draft.record().kind();
    row.sender = Columns.text(draft.record().sender(), 1024);
    row.externalId = Columns.text(draft.record().externalId(), 512);
    row.contentHash = draft.record().contentHash().toArray();
    row.acceptedAt = draft.entry().entry().timeMs();
    row.author = Columns.text(draft.submission().author(), 256);
    row.remote = Columns.text(draft.submission().remote(), 256);
    row.sealed = draft.sealed().unsafeArray();
    entityManager.persist(row);
    persistWaiting(seq, draft.entry());
  }

  private void persistWaiting(long seq, SignedEntry entry) {
    WaitingRow row = new WaitingRow();
    row.seq = seq;
    row.entryId = entry.id().toArray();
    row.lookupTag = entry.entry().lookupTag().toArray();
    row.cose = entry.cose().toArray();
    entityManager.persist(row);
  }

  private void persist(NotTaken line) {
    NotTakenRow row = new NotTakenRow();
    row.seq = sequence.incrementAndGet();
    row.decidedAt = line.decidedAtMs();
    row.family = line.inlet().family();
    row.kind = Columns.text(line.kind(), 64);
    row.externalId = Columns.text(line.externalId(), 512);
    row.remote = Columns.text(line.remote(), 256);
    row.outcome = line.outcome().name();
    row.code = Columns.text(line.code(), 64);
    row.location = Columns.text(line.location(), 256);
    row.reason = Columns.text(line.reason(), 1024);
    entityManager.persist(row);
  }

  private void prune(int maxLines) {
    List<Long> oldestKept =
        entityManager
            .createQuery("select n.seq from NotTakenRow n order by n.seq desc", Long.class)
            .setFirstResult(maxLines - 1)
            .setMaxResults(1)
            .getResultList();
    if (!oldestKept.isEmpty()) {
      entityManager
          .createQuery("delete from NotTakenRow n where n.seq < :oldest")
          .setParameter("oldest", new ArrayList<>(oldestKept).getFirst())
          .executeUpdate();
    }
  }

  private long highest(String rows) {
    return entityManager
        .createQuery("select coalesce(max(r.seq), 0) from " + rows + " r", Long.class)
        .getSingleResult();
  }
}
