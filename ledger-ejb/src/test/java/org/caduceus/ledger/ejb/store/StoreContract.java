package org.caduceus.ledger.ejb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.account.Accounts;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.BlockStoreContract;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.ejb.store.Drafts.Decided;
import org.caduceus.ledger.ejb.store.Drafts.Draft;
import org.caduceus.ledger.ejb.store.Drafts.NotTaken;
import org.caduceus.ledger.intake.MessageJournal.Message;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;
import org.junit.jupiter.api.Test;

/** What the module's store does on every database it runs on. */
interface StoreContract extends BlockStoreContract {
  TestDatabase database();

  @Override
  default BlockStore store() {
    return database().blockStore(em -> new JpaBlockStore(em, InstantSource.system()));
  }

  @Override
  default void accept(List<SignedEntry> entries) {
    takeIn(
        entries.stream()
            .map(entry -> draft(entry, entry.id().toHex(), "same content"))
            .map(List::of)
            .toList(),
        List.of());
  }

  private Decided takeIn(List<List<Draft>> groups, List<NotTaken> lines) {
    RecordStore records = new RecordStore(database().entityManager());
    return database()
        .inTransaction(
            () -> {
              records.load();
              return records.store(groups, lines, 10);
            });
  }

  private static Draft draft(SignedEntry entry, String externalId, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Draft(
        Bytes.wrap(Hash.sha256(externalId.getBytes(StandardCharsets.UTF_8)).toArray()),
        new CanonicalRecord(
            "hl7v2.adt",
            "LAB|SITE",
            externalId,
            Hash.sha256(bytes),
            Bytes.wrap(bytes),
            new TreeMap<>(),
            new TreeMap<>()),
        new Submission("inlet", "127.0.0.1"),
        entry,
        Bytes.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  default void aRepetitionGetsTheFirstAnswerAndOtherContentIsAConflict() {
    List<SignedEntry> entries = entries(0, 3);
    takeIn(List.of(List.of(draft(entries.get(0), "M1", "a"))), List.of());
    Decided decided =
        takeIn(
            List.of(
                List.of(draft(entries.get(1), "M1", "a")),
                List.of(draft(entries.get(2), "M1", "b"))),
            List.of());
    assertEquals(
        new Receipt.Duplicate(entries.get(0).id(), entries.get(0).entry().timeMs()),
        decided.receipts().get(0).getFirst());
    assertEquals(
        Receipt.Cause.CONFLICT,
        assertInstanceOf(Receipt.Declined.class, decided.receipts().get(1).getFirst()).cause());
    assertEquals(List.of(entries.get(0)), store().waiting(10));
  }

  @Test
  default void votersLogsAreKeptApartAndForgetTheOldestOnly() {
    JpaVoterLogs logs = new JpaVoterLogs(database().entityManager());
    Bytes one = Bytes.wrap(new byte[] {1});
    Bytes other = Bytes.wrap(new byte[] {2});
    IntStream.range(0, 100)
        .forEach(
            i -> {
              appendTo(logs, one, i);
              appendTo(logs, other, 100 + i);
            });
    List<Integer> kept = logs.records(one).stream().map(each -> each.at(0)).toList();
    int first = kept.getFirst();
    assertTrue(kept.size() >= 8 && first > 50, kept::toString);
    assertEquals(IntStream.range(first, 100).boxed().toList(), kept);
    assertEquals(199, logs.records(other).getLast().at(0));
  }

  private void appendTo(JpaVoterLogs logs, Bytes key, int record) {
    database()
        .inTransaction(
            () -> {
              logs.append(key, Bytes.wrap(new byte[] {(byte) record}));
              return null;
            });
  }

  @Test
  default void aGroupWithOneConflictStoresNothing() {
    List<SignedEntry> entries = entries(0, 3);
    takeIn(List.of(List.of(draft(entries.get(0), "M1", "a"))), List.of());
    Decided decided =
        takeIn(
            List.of(
                List.of(draft(entries.get(1), "M2", "x"), draft(entries.get(2), "M1", "other"))),
            List.of());
    assertTrue(decided.receipts().getFirst().stream().allMatch(Receipt.Declined.class::isInstance));
    assertEquals(1, store().waiting(10).size());
  }

  @Test
  default void theJournalShowsAcceptedAndRefusedNewestFirst() {
    SignedEntry entry = entries(0, 1).getFirst();
    takeIn(List.of(List.of(draft(entry, "M1", "a"))), List.of());
    takeIn(List.of(), List.of(line("M2")));
    List<Message> all = journal(Optional.empty(), Optional.empty());
    assertEquals(
        List.of(Outcome.REFUSED, Outcome.ACCEPTED), all.stream().map(Message::outcome).toList());
    assertEquals(Optional.of(entry.id()), all.get(1).entryId());
    assertEquals(Optional.empty(), all.get(1).height());
    assertEquals(1, journal(Optional.of(Outcome.REFUSED), Optional.empty()).size());
    assertEquals(1, journal(Optional.empty(), Optional.of("M1")).size());
    store().append(committed(1, Hash.ZERO, 1, List.of(entry)));
    assertEquals(
        Optional.of(1L),
        journal(Optional.of(Outcome.ACCEPTED), Optional.empty()).getFirst().height());
  }

  @Test
  default void oldLinesArePruned() {
    takeIn(List.of(), IntStream.range(0, 600).mapToObj(i -> line("M" + i)).toList());
    assertEquals(10, journal(Optional.empty(), Optional.empty()).size());
  }

  @Test
  default void passwordsAndTokensOpenOnlyWhatTheyShould() {
    JpaAccounts accounts = new JpaAccounts(database().entityManager(), InstantSource.system());
    assertTrue(
        database().inTransaction(() -> accounts.createFirst("admin", "secret".toCharArray())));
    assertTrue(
        !database().inTransaction(() -> accounts.createFirst("other", "secret".toCharArray())));
    assertTrue(
        database()
            .inTransaction(() -> accounts.authenticate("admin", "secret".toCharArray()))
            .isPresent());
    assertTrue(
        database()
            .inTransaction(() -> accounts.authenticate("admin", "wrong".toCharArray()))
            .isEmpty());
    assertTrue(
        database()
            .inTransaction(() -> accounts.authenticate("nobody", "secret".toCharArray()))
            .isEmpty());
    Accounts.Token token = database().inTransaction(() -> accounts.issueToken("admin", 60));
    assertEquals(
        Optional.of("admin"),
        database()
            .inTransaction(() -> accounts.byToken(token.value()))
            .map(account -> account.name()));
    database()
        .inTransaction(
            () -> {
              accounts.revokeToken(token.value());
              return null;
            });
    assertTrue(database().inTransaction(() -> accounts.byToken(token.value())).isEmpty());
  }

  @Test
  default void aTokenEndsWithItsLife() {
    AtomicLong now = new AtomicLong(1_000_000);
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    JpaAccounts accounts = new JpaAccounts(database().entityManager(), clock);
    database().inTransaction(() -> accounts.createFirst("admin", "secret".toCharArray()));
    Accounts.Token token = database().inTransaction(() -> accounts.issueToken("admin", 60));
    assertEquals(1_060_000, token.expiresAtMs());
    now.addAndGet(59_999);
    assertTrue(database().inTransaction(() -> accounts.byToken(token.value())).isPresent());
    now.addAndGet(1);
    assertTrue(database().inTransaction(() -> accounts.byToken(token.value())).isEmpty());
    database()
        .inTransaction(
            () -> {
              accounts.sweep();
              return null;
            });
    now.set(1_000_000);
    assertTrue(
        database().inTransaction(() -> accounts.byToken(token.value())).isEmpty(),
        "Expected the sweep to have removed it");
  }

  private List<Message> journal(Optional<Outcome> outcome, Optional<String> externalId) {
    return database()
        .inTransaction(
            () ->
                new JournalQuery(database().entityManager())
                    .list(Long.MAX_VALUE, 100, Optional.of(Inlet.HL7V2), outcome, externalId));
  }

  private static NotTaken line(String externalId) {
    return new NotTaken(
        1L,
        Inlet.HL7V2,
        "ADT^A01",
        externalId,
        "127.0.0.1",
        Outcome.REFUSED,
        "101",
        "PID^1^3",
        "Expected a value,\0 but it is missing");
  }

  @Test
  default void whatAnOperatorSaysOfAPeerTakesThePlaceOfWhatWasSaidBefore() {
    PeerAddresses addresses = new PeerAddresses(database().entityManager());
    PeerAddresses.Said first =
        new PeerAddresses.Said("pharmacy-b", "b.example", 5445, Optional.of(Hash.ZERO));
    PeerAddresses.Said second =
        new PeerAddresses.Said("pharmacy-b", "10.1.2.3", 5446, Optional.empty());
    PeerAddresses.Said other = new PeerAddresses.Said("hospital-a", "a", 1, Optional.empty());
    for (PeerAddresses.Said said : List.of(first, other, second)) {
      database()
          .inTransaction(
              () -> {
                addresses.keep(said, "admin", 1);
                return said;
              });
    }
    assertEquals(List.of(other, second), database().inTransaction(addresses::all));
    assertTrue(database().inTransaction(() -> addresses.forget("pharmacy-b")));
    assertEquals(false, database().inTransaction(() -> addresses.forget("pharmacy-b")));
    assertEquals(List.of(other), database().inTransaction(addresses::all));
  }
}
