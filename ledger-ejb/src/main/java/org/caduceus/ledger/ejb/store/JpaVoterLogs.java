package org.caduceus.ledger.ejb.store;

import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.consensus.VoterLog;

/**
 * Voters' logs in the database, one for each voting key. A record is in a transaction of its own,
 * committed when the call returns: the signature that it is for has not left then.
 */
@Stateless
@LocalBean
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class JpaVoterLogs {
  /** Records that are kept; one would do. */
  private static final int KEPT = 16;

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  /** For the container. */
  public JpaVoterLogs() {}

  JpaVoterLogs(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** {@link VoterLog#records} of a key. */
  public List<Bytes> records(Bytes votingKey) {
    return entityManager
        .createQuery(
            "select r.content from VoterLogRow r where r.votingKey = :key order by r.id",
            byte[].class)
        .setParameter("key", votingKey.toHex())
        .getResultStream()
        .map(Bytes::wrap)
        .toList();
  }

  /** Adds a record to a key's log, and forgets those that are far behind. */
  public void append(Bytes votingKey, Bytes content) {
    VoterLogRow row = new VoterLogRow();
    row.votingKey = votingKey.toHex();
    row.content = content.toArray();
    entityManager.persist(row);
    entityManager.flush();
    entityManager
        .createQuery("delete from VoterLogRow r where r.votingKey = :key and r.id <= :old")
        .setParameter("key", row.votingKey)
        .setParameter("old", row.id - KEPT)
        .executeUpdate();
  }
}
