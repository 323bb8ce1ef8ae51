package org.caduceus.ledger.ejb.intake;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.Threads;
import org.caduceus.ledger.ejb.consensus.SerialReplica;
import org.caduceus.ledger.ejb.store.Drafts.Decided;
import org.caduceus.ledger.ejb.store.Drafts.Draft;
import org.caduceus.ledger.ejb.store.Drafts.NotTaken;
import org.caduceus.ledger.ejb.store.RecordStore;
import org.caduceus.ledger.intake.Receipt;

/**
 * Many submissions, one database transaction: a single thread takes what waits, stores it, wakes
 * the submitters. Under load a commit serves up to {@value #MAX_DRAFTS} records; alone, a record
 * waits for nobody.
 */
@Singleton
@Startup
@LocalBean
@DependsOn("SerialReplica")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class GroupCommit {
  static final int MAX_DRAFTS = 128;

  private static final long MAX_SEALED_BYTES = 8L * 1024 * 1024;
  private static final int MAX_PENDING = 2_048;
  private static final long COMPANY_MILLIS = 4;
  private static final long PATIENCE_SECONDS = 30;
  private static final Receipt.Declined STORAGE =
      new Receipt.Declined(
          Receipt.Cause.STORAGE_UNAVAILABLE,
          "Expected the database to store the record, but it did not");

  private record Pending(
      List<Draft> drafts, List<NotTaken> lines, CompletableFuture<List<Receipt>> answer) {
    long sealedBytes() {
      return drafts.stream().mapToLong(draft -> draft.sealed().length()).sum();
    }
  }

  @EJB private RecordStore store;
  @EJB private SerialReplica replica;
  @Inject private Node node;
  @Resource private ManagedThreadFactory threads;

  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(MAX_PENDING);
  private volatile boolean running = true;
  private Thread writer;
  private int expected;

  @PostConstruct
  void start() {
    writer = threads.newThread(this::run);
    writer.setName("caduceus-intake");
    writer.start();
  }

  @PreDestroy
  void stop() {
    running = false;
    writer.interrupt();
    Threads.join(writer, Duration.ofSeconds(5));
  }

  /** Stores the drafts together, or none of them. Blocks until that is durable. */
  public List<Receipt> store(List<Draft> drafts) {
    return await(new Pending(drafts, List.of(), new CompletableFuture<>()));
  }

  /** Notes a message that left no entry. Blocks until it is stored; never throws. */
  public void note(NotTaken line) {
    await(new Pending(List.of(), List.of(line), new CompletableFuture<>()));
  }

  private List<Receipt> await(Pending pending) {
    try {
      if (!queue.offer(pending, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return declined(pending);
      }
      return pending.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return declined(pending);
    } catch (ExecutionException | TimeoutException e) {
      return declined(pending);
    }
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    while (running) {
      try {
        collect(batch);
        if (!storeTogether(batch) && batch.size() > 1) {
          // One record the database refuses must not take the others with it.
          batch.forEach(pending -> storeTogether(List.of(pending)));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } finally {
        batch.forEach(pending -> pending.answer().complete(declined(pending)));
        batch.clear();
      }
    }
    queue.forEach(pending -> pending.answer().complete(declined(pending)));
  }

  /**
   * What waits; and as a transaction costs as much as several records, for {@value #COMPANY_MILLIS}
   * ms what is to be expected, which is as many as last time.
   */
  private void collect(List<Pending> batch) throws InterruptedException {
    Pending next = queue.take();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COMPANY_MILLIS);
    int drafts = 0;
    long bytes = 0;
    while (next != null) {
      batch.add(next);
      drafts += next.drafts().size() + next.lines().size();
      bytes += next.sealedBytes();
      if (drafts >= MAX_DRAFTS || bytes >= MAX_SEALED_BYTES) {
        break;
      }
      next = queue.poll();
      if (next == null && batch.size() < expected) {
        next = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    }
    expected = batch.size();
  }

  /** Whether the batch was stored; on success its submitters are answered. */
  private boolean storeTogether(List<Pending> batch) {
    Decided decided;
    try {
      decided =
          store.store(
              batch.stream().map(Pending::drafts).toList(),
              batch.stream().flatMap(pending -> pending.lines().stream()).toList(),
              node.settings().maxNotTaken());
    } catch (RuntimeException e) {
      LedgerLog.INTAKE_STORE_FAILED.log(e, batch.size(), e.getClass().getSimpleName());
      replica.commitFailed();
      return false;
    }
    List<SignedEntry> entries = decided.accepted().stream().map(Draft::entry).toList();
    if (!entries.isEmpty()) {
      store.accepted(entries.size());
      replica.submitted(entries);
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer().complete(decided.receipts().get(i));
    }
    return true;
  }

  private static List<Receipt> declined(Pending pending) {
    return pending.drafts().stream().<Receipt>map(draft -> STORAGE).toList();
  }
}
