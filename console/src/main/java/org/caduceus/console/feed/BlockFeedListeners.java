package org.caduceus.console.feed;

import jakarta.annotation.PreDestroy;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.query.BlockFeed;
import org.caduceus.ledger.query.BlockSummary;

/**
 * Everybody who listens to final blocks. The feed's thread must never wait for a browser: what is
 * sent is only queued, and whoever lets the queue grow is dropped and may come back.
 */
@ApplicationScoped
public class BlockFeedListeners {
  private static final Logger LOG = Logger.getLogger(BlockFeedListeners.class.getName());

  /** Blocks on their way to one client; at two blocks a second this is half a minute of silence. */
  static final int MAX_IN_FLIGHT = 64;

  /** Connections that may listen at once; each costs a buffer and a file. */
  static final int MAX_LISTENERS = 1000;

  private static final long SEND_TIMEOUT_MS = 10_000;

  private final Map<Session, AtomicInteger> inFlight = new ConcurrentHashMap<>();
  private Optional<BlockFeed.Subscription> subscription = Optional.empty();

  @EJB BlockFeed feed;

  /** Begins to send blocks to a client. */
  void add(Session session) throws IOException {
    if (inFlight.size() >= MAX_LISTENERS) {
      session.close(
          new CloseReason(CloseReason.CloseCodes.TRY_AGAIN_LATER, "Too many listen already"));
      return;
    }
    session.getAsyncRemote().setSendTimeout(SEND_TIMEOUT_MS);
    inFlight.put(session, new AtomicInteger());
    subscribe();
  }

  /** Forgets a client. */
  void remove(Session session) {
    inFlight.remove(session);
  }

  /** Sends a block to everybody, or drops those who do not keep up. */
  void tell(BlockSummary block) {
    String text = json(block);
    inFlight.forEach((session, waiting) -> send(session, waiting, text));
  }

  @PreDestroy
  synchronized void stop() {
    subscription.ifPresent(BlockFeed.Subscription::close);
    subscription = Optional.empty();
  }

  private synchronized void subscribe() {
    if (subscription.isEmpty()) {
      subscription = Optional.of(feed.subscribe(this::tell));
    }
  }

  private void send(Session session, AtomicInteger waiting, String text) {
    if (waiting.incrementAndGet() > MAX_IN_FLIGHT) {
      drop(session);
      return;
    }
    try {
      session
          .getAsyncRemote()
          .sendText(
              text,
              result -> {
                waiting.decrementAndGet();
                if (!result.isOK()) {
                  drop(session);
                }
              });
    } catch (IllegalStateException e) {
      // It closed between the look and the send.
      LOG.log(Level.FINE, "A listener closed while a block was sent", e);
      drop(session);
    }
  }

  private void drop(Session session) {
    if (inFlight.remove(session) == null) {
      return;
    }
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.TRY_AGAIN_LATER, "Too slow"));
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.FINE, "A listener was gone before it could be dropped", e);
    }
  }

  /** The shape of {@code BlockJson} without the entries' ids. */
  static String json(BlockSummary block) {
    BlockHeader header = block.header();
    JsonArrayBuilder voters = Json.createArrayBuilder();
    block.voters().forEach(voters::add);
    return Json.createObjectBuilder()
        .add("height", header.height())
        .add("hash", block.hash().toHex())
        .add("parentHash", header.parentHash().toHex())
        .add("epoch", header.epoch())
        .add("view", header.view())
        .add("time", Instant.ofEpochMilli(header.timeMs()).toString())
        .add("proposer", block.proposer())
        .add("entryCount", header.entryCount())
        .add("entriesRoot", header.entriesRoot().toHex())
        .add("stateRoot", header.stateRoot().toHex())
        .add("voters", voters)
        .add("finalAt", Instant.ofEpochMilli(block.finalAtMs()).toString())
        .build()
        .toString();
  }
}
