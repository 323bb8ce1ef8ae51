package org.caduceus.deploy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.deploy.load.SampleMessages;

/**
 * ADT^A01 of about 0.8 kB over MLLP connections, each with one message in flight: as fast as
 * answers come, or at a fixed rate. Every acknowledgement is checked: the right MSA-2, and AA.
 */
final class AdmissionLoad {
  private static final int ANSWER_MS = 30_000;

  private final int port;
  private final int connections;
  private final double perSecond;
  private final String prefix;

  /**
   * @param port MLLP listener on this machine
   * @param connections at the same time
   * @param perSecond of all connections together; 0 = as fast as answers come
   * @param prefix of every MSH-10, so that runs do not repeat each other
   */
  AdmissionLoad(int port, int connections, double perSecond, String prefix) {
    this.port = port;
    this.connections = connections;
    this.perSecond = perSecond;
    this.prefix = prefix;
  }

  /**
   * What was measured.
   *
   * @param latencies from the first byte sent to the acknowledgement
   * @param declined answers other than AA for the message sent
   * @param seconds of the run
   * @param firstMs when the first message of the run was sent, ms since 1970-01-01 UTC
   * @param lastMs when the last acknowledgement came
   */
  record Result(Latencies latencies, long declined, double seconds, long firstMs, long lastMs) {
    double perSecond() {
      return latencies.count() / seconds;
    }
  }

  /** Sends for so many seconds. */
  Result run(double seconds) throws InterruptedException {
    List<Latencies> each = new ArrayList<>();
    List<Thread> clients = new ArrayList<>();
    AtomicLong declined = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    long[] begin = new long[1];
    for (int i = 0; i < connections; i++) {
      Latencies own = new Latencies();
      each.add(own);
      int client = i;
      clients.add(
          Thread.ofPlatform()
              .name("load-" + i)
              .start(
                  () -> {
                    try {
                      start.await();
                      send(client, begin[0], seconds, own, declined);
                    } catch (IOException lost) {
                      failed.incrementAndGet();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    long firstMs = System.currentTimeMillis();
    begin[0] = System.nanoTime();
    start.countDown();
    for (Thread client : clients) {
      client.join();
    }
    double took = (System.nanoTime() - begin[0]) / 1e9;
    long lastMs = System.currentTimeMillis();
    if (failed.get() > 0) {
      throw new ToolFailure(
          "Expected every connection to last, but " + failed.get() + " broke: not a measurement");
    }
    Latencies all = new Latencies();
    each.forEach(all::addAll);
    return new Result(all, declined.get(), took, firstMs, lastMs);
  }

  private void send(
      int client, long begin, double seconds, Latencies latencies, AtomicLong declined)
      throws IOException {
    SampleMessages messages = new SampleMessages(new Random(client));
    long end = begin + (long) (seconds * 1e9);
    double pause = perSecond == 0 ? 0 : connections * 1e9 / perSecond;
    try (MllpClient connection = new MllpClient(port, ANSWER_MS)) {
      for (long number = 0; ; number++) {
        long due = begin + (long) (pause * (number + (double) client / connections));
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        long sent = System.nanoTime();
        if (sent >= end || due >= end) {
          return;
        }
        String id = prefix + client + "-" + number;
        MllpClient.Acknowledgement answer = connection.exchange(messages.admission(id));
        // At a fixed rate a message that had to wait for its connection counts from when it was
        // due: a stalled server must not hide the messages it kept from being sent.
        latencies.add(System.nanoTime() - (perSecond == 0 ? sent : due));
        if (!answer.isPositive() || !answer.controlId().equals(id)) {
          declined.incrementAndGet();
        }
      }
    }
  }
}
