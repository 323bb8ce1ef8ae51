package org.caduceus.ledger.ejb.intake;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.store.Drafts.Draft;
import org.caduceus.ledger.ejb.store.RecordStore;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;

/**
 * Takes records in: seal and sign on the submitter's thread, then {@link GroupCommit}. The answer
 * comes when the record is durable here; finality comes later.
 */
@Singleton
@Local(RecordIntake.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TransactionalIntake implements RecordIntake {
  // The salt is sealed together with the payload.
  private static final int MAX_PAYLOAD = 32 * 1024 * 1024 - DraftMaker.SALT_LENGTH;

  @EJB private Enclave enclave;
  @EJB private GroupCommit groupCommit;
  @EJB private RecordStore store;
  @Inject private Node node;

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private DraftMaker drafts;

  @PostConstruct
  void prepare() {
    drafts =
        new DraftMaker(
            node.genesis().chainId(), node.member(), node.settings().lookupKey(), enclave);
  }

  @Override
  public Receipt submit(CanonicalRecord record, Submission submission) {
    return submitAll(List.of(record), submission).getFirst();
  }

  @Override
  public List<Receipt> submitAll(List<CanonicalRecord> records, Submission submission) {
    if (store.waiting() + records.size() > node.settings().maxWaiting()) {
      return declined(
          records,
          Receipt.Cause.POOL_FULL,
          "Expected room for an entry that waits for consensus, but there is none");
    }
    if (records.stream().anyMatch(record -> record.payload().length() > MAX_PAYLOAD)) {
      return declined(
          records,
          Receipt.Cause.TOO_LARGE,
          "Expected a payload of at most " + MAX_PAYLOAD + " bytes, but it is larger");
    }
    List<Draft> made = new ArrayList<>();
    try {
      for (CanonicalRecord record : records) {
        byte[] salt = new byte[DraftMaker.SALT_LENGTH];
        random.nextBytes(salt);
        made.add(drafts.make(record, submission, clock.millis(), Bytes.wrap(salt)));
      }
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return declined(
          records,
          Receipt.Cause.ENCLAVE_UNAVAILABLE,
          "Expected the enclave to seal and sign the record, but it did not");
    } catch (DraftMaker.EntryTooLarge e) {
      return declined(records, Receipt.Cause.TOO_LARGE, e.getMessage());
    }
    return groupCommit.store(made);
  }

  private static List<Receipt> declined(
      List<CanonicalRecord> records, Receipt.Cause cause, String reason) {
    return records.stream().<Receipt>map(record -> new Receipt.Declined(cause, reason)).toList();
  }
}
