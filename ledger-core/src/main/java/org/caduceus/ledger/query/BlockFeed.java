package org.caduceus.ledger.query;

import java.util.function.Consumer;

/** Final blocks as they come, after they are stored. */
public interface BlockFeed {
  /**
   * Calls {@code listener} for each final block from now on, in order, from one thread. A listener
   * that throws is dropped; it must not block.
   *
   * @return closes the subscription
   */
  Subscription subscribe(Consumer<BlockSummary> listener);

  /** An open subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
