package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.store.RecordStore;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.membership.Ballot;

/** Brings what is no record onto the ledger as this institution's: its ballots, and its proofs. */
@Stateless
@LocalBean
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class OwnEntries {
  @EJB private EnclaveBean enclave;
  @EJB private RecordStore records;
  @EJB private SerialReplica replica;
  @Inject private Node node;

  private final InstantSource clock = InstantSource.system();

  /**
   * Casts a ballot, whoever signed it.
   *
   * @param author ledger account of whoever casts it
   * @throws EnclaveUnavailable if the enclave does not answer; nothing was kept then
   */
  public SignedEntry cast(Ballot ballot, String author) {
    return put(ballot.entry(node.genesis().chainId(), node.member(), author, clock.millis()));
  }

  /**
   * Enters proof that a voter is broken.
   *
   * @param author ledger account
   * @throws EnclaveUnavailable if the enclave does not answer; nothing was kept then
   */
  public SignedEntry enter(VoterFault fault, String author) {
    return put(fault.entry(node.genesis().chainId(), node.member(), author, clock.millis()));
  }

  /** Has the enclave sign it, keeps it, and hands it to the replica. */
  private SignedEntry put(LedgerEntry entry) {
    SignedEntry signed = enclave.sign(entry.encode());
    records.keepWaiting(signed);
    replica.submitted(List.of(signed));
    return signed;
  }
}
