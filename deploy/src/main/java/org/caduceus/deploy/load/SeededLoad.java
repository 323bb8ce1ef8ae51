package org.caduceus.deploy.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.MllpClient.Acknowledgement;

/**
 * Clients that must not lose anything: each sends its messages one by one and repeats one, with the
 * same MSH-10, until it is acknowledged with AA, over a new connection if the old one broke. What
 * was acknowledged is remembered.
 */
public final class SeededLoad {
  private static final int ANSWER_MS = 20_000;
  private static final long RETRY_NANOS = 200_000_000;

  private final int port;
  private final long seed;
  private final long pauseNanos;
  private final List<Thread> clients = new ArrayList<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final LongAdder declined = new LongAdder();
  private final LongAdder broken = new LongAdder();
  private final AtomicInteger wrong = new AtomicInteger();
  private volatile boolean stopping;
  private volatile boolean resting;
  private volatile String firstWrong = "";

  /**
   * @param port MLLP listener on this machine
   * @param seed decides the messages
   * @param connections clients at the same time
   * @param perSecond messages per second of all clients together, at most
   */
  public SeededLoad(int port, long seed, int connections, double perSecond) {
    this.port = port;
    this.seed = seed;
    this.pauseNanos = (long) (connections * 1e9 / perSecond);
    for (int i = 0; i < connections; i++) {
      int client = i;
      clients.add(Thread.ofPlatform().name("load-" + i).unstarted(() -> run(client)));
    }
  }

  /** Starts all clients. */
  public void start() {
    clients.forEach(Thread::start);
  }

  /** MSH-10 of every message that was acknowledged so far. */
  public Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** MSH-10 of every message sent so far, acknowledged or not. */
  public Set<String> sent() {
    return Set.copyOf(sent);
  }

  /** Number of messages acknowledged so far. */
  public int acknowledgedCount() {
    return acknowledged.size();
  }

  /** Negative answers so far: the node declined and the client asked again. */
  public long declinedCount() {
    return declined.sum();
  }

  /** Broken connections so far. */
  public long brokenCount() {
    return broken.sum();
  }

  /** The first answer that was for another message, or empty. */
  public String firstWrongAnswer() {
    return firstWrong;
  }

  /** Lets each client end its present message, at most for a few seconds, and ends all. */
  public void stop() throws InterruptedException {
    stopping = true;
    for (Thread client : clients) {
      if (client.getState() != Thread.State.NEW) {
        client.join(ANSWER_MS + 2_000L);
      }
    }
  }

  /** Whether clients wait before their next message. */
  public void rest(boolean rests) {
    resting = rests;
  }

  private void run(int client) {
    Random random = new Random(seed * 1_000 + client);
    SampleMessages messages = new SampleMessages(random);
    MllpClient connection = null;
    long next = System.nanoTime();
    for (int number = 0; !stopping; number++) {
      while (resting && !stopping) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
      String id = "S" + Long.toString(seed, 36) + "-" + client + "-" + number;
      byte[] message = random.nextInt(3) == 0 ? messages.results(id) : messages.admission(id);
      sent.add(id);
      while (!stopping && !acknowledged.contains(id)) {
        connection = attempt(connection, id, message);
      }
      next = Math.max(System.nanoTime() - pauseNanos, next + pauseNanos);
      LockSupport.parkNanos(next - System.nanoTime());
    }
    if (connection != null) {
      connection.close();
    }
  }

  private MllpClient attempt(MllpClient open, String id, byte[] message) {
    MllpClient connection = open;
    try {
      if (connection == null) {
        connection = new MllpClient(port, ANSWER_MS);
      }
      Acknowledgement answer = connection.exchange(message);
      if (!answer.controlId().equals(id)) {
        if (wrong.getAndIncrement() == 0) {
          firstWrong = "sent " + id + ", answer for " + answer.controlId();
        }
      } else if (answer.isPositive()) {
        acknowledged.add(id);
      } else {
        declined.increment();
        LockSupport.parkNanos(RETRY_NANOS);
      }
      return connection;
    } catch (IOException lost) {
      broken.increment();
      if (connection != null) {
        connection.close();
      }
      LockSupport.parkNanos(RETRY_NANOS);
      return null;
    }
  }
}
