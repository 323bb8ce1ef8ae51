package org.caduceus.ledger.simulation;

import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.block.MemoryBlockStore;
import org.caduceus.ledger.block.SignedEntry;

/**
 * The disk of a host. A write is durable when it is answered; one that a power cut interrupts is
 * lost, or there although nobody was told. While the disk is full, writes are tried again and
 * again, as the real shell does, and no entry is accepted.
 */
final class SimulatedDisk {
  private static final long WRITE_MS = 4;
  private static final long RETRY_MS = 200;

  /** A mistake of the shell, not of the protocol; shows that the durability checks see. */
  enum Fault {
    /** None. */
    NONE,
    /** A write is answered before it is durable. */
    ANSWERS_EARLY,
    /** A voter's log says that a record is safe before it is. */
    VOTER_LOG_ANSWERS_EARLY
  }

  private final VirtualTime time;
  private final SplittableRandom random;
  private final Fault fault;
  private final MemoryBlockStore store = new MemoryBlockStore();
  private Optional<Runnable> unsynced = Optional.empty();
  private long maxWriteMs = WRITE_MS;
  private boolean full;
  private int life;

  SimulatedDisk(VirtualTime time, SplittableRandom random, Fault fault) {
    this.time = time;
    this.random = random;
    this.fault = fault;
  }

  /** What is durable. */
  MemoryBlockStore store() {
    return store;
  }

  /** Takes an own entry in, unless the disk is full. */
  boolean accept(SignedEntry entry) {
    if (!full) {
      store.accept(entry);
    }
    return !full;
  }

  /** Writes; one write at a time. */
  void write(Runnable write, Runnable durable) {
    unsynced = Optional.of(write);
    if (fault == Fault.ANSWERS_EARLY) {
      time.in(0, guarded(durable));
      time.in(maxWriteMs * 20, guarded(write));
    } else {
      attempt(write, durable);
    }
  }

  private void attempt(Runnable write, Runnable durable) {
    time.in(
        full ? RETRY_MS : random.nextLong(maxWriteMs + 1),
        guarded(
            () -> {
              if (full) {
                attempt(write, durable);
              } else {
                unsynced = Optional.empty();
                write.run();
                durable.run();
              }
            }));
  }

  private Runnable guarded(Runnable action) {
    int current = life;
    return () -> {
      if (life == current) {
        action.run();
      }
    };
  }

  /** What was being written is there or not; nobody is told. */
  void powerCut() {
    life++;
    if (fault != Fault.ANSWERS_EARLY && !full && random.nextBoolean()) {
      unsynced.ifPresent(Runnable::run);
    }
    unsynced = Optional.empty();
  }

  void full(boolean isFull) {
    full = isFull;
  }

  /** From now on a write takes up to this long; ordinarily 4 ms. */
  void slow(long newMaxWriteMs) {
    maxWriteMs = newMaxWriteMs;
  }

  /** As fast and empty as new. */
  void repair() {
    full = false;
    maxWriteMs = WRITE_MS;
  }
}
