package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.store.FaultStore;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;

/**
 * Enters kept proofs of broken voters on the ledger while this node votes: in BFT-2P soon, in
 * TEE-1P in a later epoch, since in that in which they were found nothing becomes final any more.
 */
@Singleton
@Startup
@DependsOn("SerialReplica")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class FaultKeeper {
  private static final String AUTHOR = "governance";

  @EJB private SerialReplica replica;
  @EJB private FaultStore faults;
  @EJB private OwnEntries entries;

  /** Looks whether a proof waits to be entered. */
  @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
  public void look() {
    ReplicaState state = replica.state();
    if (!state.voting() || state.halted().isPresent()) {
      return;
    }
    for (FaultStore.Kept kept : faults.all()) {
      if (kept.entry().isEmpty() && !enter(kept)) {
        return;
      }
    }
  }

  private boolean enter(FaultStore.Kept kept) {
    try {
      Hash entry = entries.enter(kept.fault(), AUTHOR).id();
      faults.entered(kept.fault(), entry);
      LedgerLog.VOTER_FAULT_ENTERED.log(kept.fault().id());
      return true;
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return false; // EnclaveBean says so; the next look may find it
    }
  }
}
