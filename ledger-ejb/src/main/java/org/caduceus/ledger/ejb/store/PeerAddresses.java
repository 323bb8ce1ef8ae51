package org.caduceus.ledger.ejb.store;

import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;

/** What operators said of where peers are. */
@Stateless
@LocalBean
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class PeerAddresses {
  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  /** For the container. */
  public PeerAddresses() {}

  PeerAddresses(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /**
   * What an operator said.
   *
   * @param linkKey SHA-256 of the key that the operator vouches for, if any
   */
  public record Said(String id, String host, int port, Optional<Hash> linkKey) {}

  /** All of it, in order of id. */
  public List<Said> all() {
    return entityManager
        .createQuery("select p from PeerRow p order by p.id", PeerRow.class)
        .getResultStream()
        .map(
            row ->
                new Said(
                    row.id, row.host, row.port, Optional.ofNullable(row.linkKey).map(Hash::of)))
        .toList();
  }

  /** Takes the place of what was said of this peer before. */
  public void keep(Said said, String who, long atMs) {
    PeerRow row = new PeerRow();
    row.id = said.id();
    row.host = said.host();
    row.port = said.port();
    row.linkKey = said.linkKey().map(Hash::toArray).orElse(null);
    row.changedAt = atMs;
    row.changedBy = who;
    entityManager.merge(row);
  }

  /** Whether there was anything to forget. */
  public boolean forget(String id) {
    return entityManager
            .createQuery("delete from PeerRow p where p.id = :id")
            .setParameter("id", id)
            .executeUpdate()
        > 0;
  }
}
