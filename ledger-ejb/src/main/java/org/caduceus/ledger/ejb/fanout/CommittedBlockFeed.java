package org.caduceus.ledger.ejb.fanout;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Threads;
import org.caduceus.ledger.ejb.store.JpaLedgerQuery;
import org.caduceus.ledger.ejb.store.NodeStore;
import org.caduceus.ledger.query.BlockFeed;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.LedgerQuery;

/**
 * Publishes each final block after it is stored, in order, on its own thread. Local systems get it
 * at least once: the position is kept in the database, and what was stored while nobody published
 * is read from there. Listeners in the application get what becomes final while they listen.
 */
@Singleton
@Startup
@Local(BlockFeed.class)
@LocalBean
@DependsOn("NodeStore")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CommittedBlockFeed implements BlockFeed {
  private static final int MAX_QUEUED = 64;
  private static final int BATCH = 16;
  private static final int BATCH_BYTES = 4 * 1024 * 1024;
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_MS = 1_000;

  private record Final(CommittedBlock block, long finalAtMs) {}

  @EJB private BlockStore store;
  @EJB private LedgerQuery ledger;
  @EJB private NodeStore nodeStore;
  @EJB private BlockTopic topic;
  @Resource private ManagedThreadFactory threads;

  private final BlockingQueue<Final> fresh = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final List<Consumer<BlockSummary>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;
  private Thread thread;
  private long told;
  private long published;
  private long saved;
  private long savedNanos;

  @PostConstruct
  void start() {
    saved = nodeStore.feedHeight();
    published = saved;
    told = store.tip().map(block -> block.block().header().height()).orElse(0L);
    thread = threads.newThread(this::run);
    thread.setName("caduceus-feed");
    thread.start();
  }

  @PreDestroy
  void stop() {
    running = false;
    thread.interrupt();
    Threads.join(thread, Duration.ofSeconds(5));
  }

  /**
   * A block was stored. Never blocks: when the publisher is behind, it reads the block from the
   * database later.
   */
  public void committed(CommittedBlock block, long finalAtMs) {
    if (!fresh.offer(new Final(block, finalAtMs))) {
      fresh.poll();
      fresh.add(new Final(block, finalAtMs));
    }
  }

  @Override
  public Subscription subscribe(Consumer<BlockSummary> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void run() {
    try {
      while (running) {
        try {
          catchUp();
          Final next = fresh.poll(500, TimeUnit.MILLISECONDS);
          if (next != null) {
            readUpTo(next.block().block().header().height() - 1);
            publish(next);
          }
          save();
        } catch (JMSRuntimeException e) {
          LedgerLog.FEED_FAILED.log(published + 1, e.getMessage());
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Blocks that were stored in an earlier life, or while the topic could not be written. */
  private void catchUp() {
    if (fresh.isEmpty() && published < told) {
      readUpTo(told);
    }
  }

  private void readUpTo(long height) {
    while (published < height) {
      List<CommittedBlock> blocks = store.from(published + 1, BATCH, BATCH_BYTES);
      for (CommittedBlock block : blocks) {
        long at = block.block().header().height();
        if (at <= height) {
          publish(new Final(block, nodeStore.finalAt(at).orElse(block.block().header().timeMs())));
        }
      }
      if (blocks.isEmpty()) {
        return;
      }
    }
  }

  private void publish(Final next) {
    long height = next.block().block().header().height();
    if (height <= published) {
      return;
    }
    BlockSummary summary =
        JpaLedgerQuery.summary(
            ledger::config,
            next.block().block().header(),
            next.block().certificate(),
            next.finalAtMs());
    if (height > told) {
      told = height;
      listeners.forEach(listener -> tell(listener, summary));
    }
    topic.publish(height, BlockJson.of(summary, next.block().block().entries()));
    published = height;
  }

  private void tell(Consumer<BlockSummary> listener, BlockSummary summary) {
    try {
      listener.accept(summary);
    } catch (RuntimeException e) {
      listeners.remove(listener);
      LedgerLog.FEED_LISTENER_DROPPED.log(e.getClass().getSimpleName());
    }
  }

  private void save() {
    long now = System.nanoTime();
    if (published > saved && now - savedNanos >= SAVE_NANOS) {
      nodeStore.feedHeight(published);
      saved = published;
      savedNanos = now;
    }
  }
}
