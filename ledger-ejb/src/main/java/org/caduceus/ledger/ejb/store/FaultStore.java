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
import org.caduceus.ledger.consensus.VoterFault;

/** Proofs that voters are broken, and which of them this node has entered on the ledger. */
@Stateless
@LocalBean
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class FaultStore {
  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  /**
   * A kept proof.
   *
   * @param keptAtMs when, ms since 1970-01-01 UTC
   * @param entry that carries it, once this node has made one
   */
  public record Kept(VoterFault fault, long keptAtMs, Optional<Hash> entry) {}

  /** All of them, the newest first. */
  public List<Kept> all() {
    return entityManager
        .createQuery("select f from FaultRow f order by f.keptAt desc, f.id", FaultRow.class)
        .getResultStream()
        .map(
            row ->
                new Kept(
                    VoterFault.decode(row.proof),
                    row.keptAt,
                    Optional.ofNullable(row.entryId).map(Hash::of)))
        .toList();
  }

  /** This node entered it. */
  public void entered(VoterFault fault, Hash entry) {
    entityManager.find(FaultRow.class, fault.id().toHex()).entryId = entry.toArray();
  }
}
