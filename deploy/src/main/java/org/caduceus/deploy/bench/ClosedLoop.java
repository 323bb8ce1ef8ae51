package org.caduceus.deploy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.ToolFailure;

/** Clients spread over the members, each with one entry under way. */
final class ClosedLoop {
  private static final long PATIENCE_SECONDS = 30;

  private final MeasuredConsortium consortium;
  private final int clients;
  private final AtomicLong numbers = new AtomicLong();

  ClosedLoop(MeasuredConsortium consortium, int clients) {
    this.consortium = consortium;
    this.clients = clients;
  }

  /**
   * What the clients saw.
   *
   * @param seconds that passed
   * @param longestGapMs longest time in which nothing became final for any client
   */
  record Result(Latencies latencies, double seconds, double longestGapMs) {}

  /** One client's record. */
  private static final class Client {
    private final Latencies latencies = new Latencies();
    private final List<Long> ends = new ArrayList<>();
  }

  /**
   * Works for some time.
   *
   * @param midway done at half of it
   * @throws ToolFailure if an entry of a running member does not become final
   */
  Result run(double seconds, Runnable midway) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    List<Client> records = new ArrayList<>();
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int member = i % consortium.size();
      Client client = new Client();
      records.add(client);
      CompletableFuture<Void> ended = new CompletableFuture<>();
      threads.add(ended);
      Thread.ofPlatform().name("client-" + i).start(() -> work(client, member, end, ended));
    }
    Pause.milliseconds((end - System.nanoTime()) / 2_000_000);
    midway.run();
    threads.forEach(CompletableFuture::join);
    double passed = (System.nanoTime() - start) / 1e9;
    Latencies all = new Latencies();
    records.forEach(client -> all.addAll(client.latencies));
    return new Result(all, passed, longestGapMs(records));
  }

  private void work(Client client, int member, long end, CompletableFuture<Void> ended) {
    try {
      for (long before = System.nanoTime();
          before < end && consortium.isRunning(member);
          before = System.nanoTime()) {
        if (!await(consortium.submit(member, numbers.incrementAndGet()), member)) {
          break;
        }
        long after = System.nanoTime();
        client.latencies.add(after - before);
        client.ends.add(after);
      }
      ended.complete(null);
    } catch (RuntimeException e) {
      if (consortium.isRunning(member)) {
        ended.completeExceptionally(e);
      } else {
        ended.complete(null); // its member's enclave is gone as well
      }
    }
  }

  /** False if the member stopped meanwhile. */
  private boolean await(CompletableFuture<Void> entry, int member) {
    for (int second = 0; second < PATIENCE_SECONDS; second++) {
      try {
        entry.get(1, TimeUnit.SECONDS);
        return true;
      } catch (TimeoutException e) {
        if (!consortium.isRunning(member)) {
          return false;
        }
      } catch (ExecutionException e) {
        throw new ToolFailure("Expected an entry to become final, but that failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ToolFailure("Interrupted", e);
      }
    }
    throw new ToolFailure(
        "Expected an entry to be final within " + PATIENCE_SECONDS + " s, but it is not");
  }

  private static double longestGapMs(List<Client> records) {
    long[] ends =
        records.stream().flatMap(client -> client.ends.stream()).mapToLong(each -> each).toArray();
    Arrays.sort(ends);
    long longest = 0;
    for (int i = 1; i < ends.length; i++) {
      longest = Math.max(longest, ends[i] - ends[i - 1]);
    }
    return longest / 1e6;
  }
}
