package org.caduceus.ledger.ejb.store;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Arrays;
import java.util.Optional;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;

/** Whose database this is, and how far its final blocks were published. */
@Singleton
@Startup
@LocalBean
@DependsOn("SchemaMigration")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class NodeStore {
  private static final int THE_ROW = 1;

  @EJB private SchemaMigration migration;
  @Inject private Node node;

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  @PostConstruct
  void claimDatabase() {
    claim(node.genesis().chainId(), node.member());
    long height =
        entityManager
            .createQuery("select coalesce(max(b.height), 0) from BlockRow b", Long.class)
            .getSingleResult();
    LedgerLog.STORE_READY.log(migration.version(), height);
  }

  private void claim(Hash chainId, String member) {
    NodeRow row = entityManager.find(NodeRow.class, THE_ROW);
    if (row == null) {
      row = new NodeRow();
      row.id = THE_ROW;
      row.chainId = chainId.toArray();
      row.member = member;
      entityManager.persist(row);
    }
    Check.that(
        Arrays.equals(row.chainId, chainId.toArray()) && row.member.equals(member),
        "Expected the database of this chain and member, but it belongs to another");
  }

  /** When this node stored a final block, ms since 1970-01-01 UTC. */
  public Optional<Long> finalAt(long height) {
    return entityManager
        .createQuery("select b.finalAt from BlockRow b where b.height = :height", Long.class)
        .setParameter("height", height)
        .getResultStream()
        .findFirst();
  }

  /** Height of the last final block that was published to local systems. */
  public long feedHeight() {
    return entityManager.find(NodeRow.class, THE_ROW).feedHeight;
  }

  /** Remembers that all blocks up to {@code height} were published. */
  public void feedHeight(long height) {
    entityManager
        .createQuery("update NodeRow n set n.feedHeight = :height where n.id = :id")
        .setParameter("height", height)
        .setParameter("id", THE_ROW)
        .executeUpdate();
  }
}
