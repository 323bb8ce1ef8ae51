package org.caduceus.deploy.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.transaction.UserTransaction;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.LedgerQuery;
import org.caduceus.ledger.query.StatusQuery;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the assembled application promises at its ports: the very EAR of operation in a real server,
 * its beans injected into this class, its database and its broker looked at beside them.
 */
@ExtendWith({ServerFirst.class, ArquillianExtension.class})
class AssembledApplicationIT {
  private static final Submission SUBMISSION = new Submission("tests-inside", "127.0.0.1");
  private static final long PATIENCE_MS = 30_000;

  @EJB(lookup = "java:app/ledger-ejb/TransactionalIntake")
  private RecordIntake intake;

  @EJB(lookup = "java:app/ledger-ejb/JpaLedgerQuery")
  private LedgerQuery ledger;

  @EJB(lookup = "java:app/ledger-ejb/GroupedMessageJournal")
  private MessageJournal journal;

  @EJB(lookup = "java:app/ledger-ejb/NodeStatusBean")
  private StatusQuery statusQuery;

  @Resource(lookup = "jdbc/caduceus")
  private DataSource dataSource;

  @Resource(lookup = "java:comp/UserTransaction")
  private UserTransaction transaction;

  @Deployment
  static EnterpriseArchive application() {
    return TestedApplication.with(AssembledApplicationIT.class, Inside.class, ServerFirst.class);
  }

  @Test
  void acceptedMeansDurableAndOnItsWay() throws Exception {
    String id = Inside.newId();
    Hash entry = accepted(intake.submit(Inside.record(id, "first"), SUBMISSION));
    assertEquals(1, rows("record where entry_id = ?", entry), "the sealed record is stored");
    // A single member's vote may have made it final already.
    long waiting = rows("waiting where entry_id = ?", entry);
    assertEquals(1, Math.max(waiting, rows("entry where entry_id = ?", entry)), "it waits");
    assertTrue(ledger.entry(entry).isPresent());
  }

  @Test
  void theStoredRecordIsSealed() throws Exception {
    String content = "Patient-" + Inside.newId();
    Hash entry = accepted(intake.submit(Inside.record(Inside.newId(), content), SUBMISSION));
    String stored = new String(Inside.sealed(dataSource, entry), StandardCharsets.ISO_8859_1);
    assertTrue(stored.length() > content.length());
    assertFalse(stored.contains(content), "the content stands in the table in clear");
  }

  @Test
  void aRepetitionGetsTheFirstAnswer() throws Exception {
    CanonicalRecord record = Inside.record(Inside.newId(), "same");
    Receipt.Accepted first =
        assertInstanceOf(Receipt.Accepted.class, intake.submit(record, SUBMISSION));
    Receipt.Duplicate second =
        assertInstanceOf(Receipt.Duplicate.class, intake.submit(record, SUBMISSION));
    assertEquals(first.entryId(), second.entryId());
    assertEquals(first.acceptedAtMs(), second.acceptedAtMs());
    assertEquals(1, recordsOf(record.externalId()));
  }

  @Test
  void theSameIdentifierWithOtherContentIsAConflict() throws Exception {
    String id = Inside.newId();
    accepted(intake.submit(Inside.record(id, "one"), SUBMISSION));
    Receipt.Declined declined =
        assertInstanceOf(
            Receipt.Declined.class, intake.submit(Inside.record(id, "other"), SUBMISSION));
    assertEquals(Receipt.Cause.CONFLICT, declined.cause());
    assertEquals(1, recordsOf(id));
  }

  @Test
  void aBatchWithOneConflictStoresNothing() throws Exception {
    String taken = Inside.newId();
    String fresh = Inside.newId();
    accepted(intake.submit(Inside.record(taken, "one"), SUBMISSION));
    List<Receipt> receipts =
        intake.submitAll(
            List.of(Inside.record(fresh, "new"), Inside.record(taken, "other")), SUBMISSION);
    assertEquals(2, receipts.size());
    for (Receipt receipt : receipts) {
      assertEquals(
          Receipt.Cause.CONFLICT, assertInstanceOf(Receipt.Declined.class, receipt).cause());
    }
    assertEquals(0, recordsOf(fresh));
    assertTrue(ledger.entriesByExternalId(fresh, 10).isEmpty());
  }

  @Test
  void aFailureInsideTheTransactionLeavesNothing() throws Exception {
    String fresh = Inside.newId();
    String impossible = Inside.newId();
    // The database refuses the second row of the batch, which shares its JTA transaction with the
    // first.
    Inside.execute(
        dataSource,
        "alter table record add constraint refused check (external_id <> '" + impossible + "')");
    List<Receipt> receipts;
    try {
      receipts =
          intake.submitAll(
              List.of(Inside.record(fresh, "new"), Inside.record(impossible, "unstorable")),
              SUBMISSION);
    } finally {
      Inside.execute(dataSource, "alter table record drop constraint refused");
    }
    for (Receipt receipt : receipts) {
      assertEquals(
          Receipt.Cause.STORAGE_UNAVAILABLE,
          assertInstanceOf(Receipt.Declined.class, receipt).cause());
    }
    assertEquals(0, recordsOf(fresh));
    assertTrue(ledger.entriesByExternalId(fresh, 10).isEmpty());
    assertTrue(messages(fresh).isEmpty());
    accepted(intake.submit(Inside.record(fresh, "new"), SUBMISSION));
  }

  @Test
  void anAcceptedRecordOutlivesTheCallersRollback() throws Exception {
    String id = Inside.newId();
    transaction.begin();
    Hash entry = accepted(intake.submit(Inside.record(id, "answered"), SUBMISSION));
    transaction.rollback();
    assertEquals(1, rows("record where entry_id = ?", entry), "the answer was given");
  }

  @Test
  void oneMembersVoteMakesItFinalAndTheReceiptProvesIt() throws Exception {
    Hash entry = accepted(intake.submit(Inside.record(Inside.newId(), "proof"), SUBMISSION));
    EntryView.Place place = awaitPlace(entry);
    assertTrue(place.height() > 0);
    EntryReceipt receipt = ledger.receipt(entry).orElseThrow();
    assertInstanceOf(
        Verification.Valid.class, new ReceiptVerifier(Inside.genesis()).verify(receipt));
    assertEquals(0, rows("waiting where entry_id = ?", entry), "it waits no more");
    assertEquals(
        place.blockHash(), ledger.block(place.height()).orElseThrow().block().header().hash());
    assertTrue(statusQuery.status().height() >= place.height());
  }

  @Test
  void theJournalKnowsWhatWasTakenAndWhatWasNot() throws Exception {
    String taken = Inside.newId();
    String refused = Inside.newId();
    Hash entry = accepted(intake.submit(Inside.record(taken, "taken"), SUBMISSION));
    awaitPlace(entry);
    journal.notTaken(
        Inlet.HL7V2,
        "ADT^A01",
        refused,
        "10.0.0.7",
        MessageJournal.Outcome.REFUSED,
        "101",
        "PID^1^3",
        "Expected a patient identifier, but there is none");

    MessageJournal.Message accepted = messages(taken).getFirst();
    assertEquals(MessageJournal.Outcome.ACCEPTED, accepted.outcome());
    assertEquals(Optional.of(entry), accepted.entryId());
    assertTrue(accepted.height().isPresent());
    MessageJournal.Message line = messages(refused).getFirst();
    assertEquals(MessageJournal.Outcome.REFUSED, line.outcome());
    assertEquals("PID^1^3", line.location());
    assertTrue(line.entryId().isEmpty());
    assertNotEquals(accepted.sequence(), line.sequence());
  }

  @Test
  void aLocalSystemReadsTheFinalBlockFromTheTopic() throws Exception {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://0");
        JMSContext jms = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        JMSConsumer blocks = jms.createConsumer(jms.createTopic("caduceus.blocks"))) {
      Hash entry = accepted(intake.submit(Inside.record(Inside.newId(), "told"), SUBMISSION));
      EntryView.Place place = awaitPlace(entry);
      JsonObject block;
      do {
        String text = blocks.receiveBody(String.class, PATIENCE_MS);
        assertNotNull(text, "a block on the topic");
        block = parse(text);
      } while (block.getJsonNumber("height").longValue() < place.height());
      assertEquals(place.height(), block.getJsonNumber("height").longValue());
      assertEquals(place.blockHash().toHex(), block.getString("hash"));
      assertEquals(
          entry.toHex(),
          block.getJsonArray("entries").getJsonObject(place.index()).getString("id"));
    }
  }

  @Test
  @RunAsClient
  void aProgramWithATokenHearsTheBlockOverTheWebSocket() throws Exception {
    FeedClient.assertHearsTheBlockOfANewMessage(OneMember.running().home());
  }

  private static JsonObject parse(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  private static Hash accepted(Receipt receipt) {
    return assertInstanceOf(Receipt.Accepted.class, receipt).entryId();
  }

  private EntryView.Place awaitPlace(Hash entry) throws InterruptedException {
    return Inside.await("a final block", () -> ledger.entry(entry).flatMap(EntryView::place));
  }

  private List<MessageJournal.Message> messages(String externalId) {
    return journal.list(
        Long.MAX_VALUE, 10, Optional.empty(), Optional.empty(), Optional.of(externalId));
  }

  private long rows(String of, Hash id) throws SQLException {
    return Inside.count(dataSource, "select count(*) from " + of, id.toArray());
  }

  private long recordsOf(String externalId) throws SQLException {
    return Inside.count(
        dataSource, "select count(*) from record where external_id = ?", externalId);
  }
}
