package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.caduceus.ledger.membership.EpochConfig;

/** {@code deploy/simulate}: many random runs, outside of any test. */
public final class Simulate {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int SHOWN = 20;

  private static final String HELP =
      """
      Runs simulated consortia with random faults and malicious hosts; each seed is one run. Every fourth is a
      safety run, in which any number of hosts are malicious; the others must go on when their faults end.

      deploy/simulate [--mode M] [--seeds N] [--hours H] [--from S] [--jobs J]
        --mode M   tee-1p (default) or bft-2p: voters in enclaves, or ordinary processes
        --seeds N  so many runs; default 1000, or without end if --hours is given
        --hours H  stop after so many hours, for example 0.5
        --from S   first seed, default 0
        --jobs J   runs at a time, default one per processor
      deploy/simulate [--mode M] --seed S
        runs one seed and says what it did; what a violation says is the same each time

      Ends with 1 if an invariant was violated, 0 otherwise.
      """;

  private final AtomicLong next = new AtomicLong();
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong simulatedMs = new AtomicLong();
  private final List<String> violations = new ArrayList<>();
  private final long startedNanos = System.nanoTime();
  private long toldNanos = startedNanos;

  private Simulate() {}

  /** What was asked for. */
  private record Order(
      EpochConfig.Mode mode, Optional<Long> seed, long from, long seeds, double hours, int jobs) {
    static Order of(List<String> words) {
      EpochConfig.Mode mode = EpochConfig.Mode.TEE_1P;
      Optional<Long> seed = Optional.empty();
      Optional<Long> seeds = Optional.empty();
      long from = 0;
      double hours = Double.POSITIVE_INFINITY;
      int jobs = Runtime.getRuntime().availableProcessors();
      for (int i = 0; i < words.size(); i += 2) {
        if (i + 1 == words.size()) {
          throw new IllegalArgumentException("Expected a value after " + words.get(i));
        }
        String value = words.get(i + 1);
        switch (words.get(i)) {
          case "--mode" -> mode = modeNamed(value);
          case "--seed" -> seed = Optional.of(Long.valueOf(value));
          case "--seeds" -> seeds = Optional.of(Long.valueOf(value));
          case "--from" -> from = Long.parseLong(value);
          case "--hours" -> hours = Double.parseDouble(value);
          case "--jobs" -> jobs = Integer.parseInt(value);
          default ->
              throw new IllegalArgumentException(
                  "Expected an option of --help, but got " + words.get(i));
        }
      }
      boolean endless = Double.isFinite(hours);
      return new Order(
          mode, seed, from, seeds.orElse(endless ? Long.MAX_VALUE : 1_000), hours, jobs);
    }
  }

  /** Runs it; the arguments are those of {@code deploy/simulate}. */
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    List<String> words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(HELP);
      return;
    }
    Order order;
    try {
      order = Order.of(words);
    } catch (IllegalArgumentException wrong) {
      System.err.println("error: " + wrong.getMessage());
      System.err.println("deploy/simulate --help says what there is.");
      System.exit(2);
      return;
    }
    boolean good =
        order.seed().isPresent()
            ? one(order.seed().get(), order.mode())
            : new Simulate().many(order);
    System.exit(good ? 0 : 1);
  }

  private static EpochConfig.Mode modeNamed(String name) {
    return switch (name) {
      case "tee-1p" -> EpochConfig.Mode.TEE_1P;
      case "bft-2p" -> EpochConfig.Mode.BFT_2P;
      default -> throw new IllegalArgumentException("Expected tee-1p or bft-2p, but got " + name);
    };
  }

  private static boolean one(long seed, EpochConfig.Mode mode) {
    ClusterSimulation simulation = new ClusterSimulation(seed, mode);
    try {
      System.out.println("seed " + seed + ": " + simulation.run());
      System.out.println(simulation.describe());
      return true;
    } catch (AssertionError | RuntimeException broken) {
      System.out.println("seed " + seed + ": " + broken);
      System.out.println(simulation.describe());
      broken.printStackTrace(System.out);
      return false;
    }
  }

  private boolean many(Order order) throws InterruptedException, ExecutionException {
    next.set(order.from());
    long last = order.seeds() == Long.MAX_VALUE ? Long.MAX_VALUE : order.from() + order.seeds() - 1;
    long deadlineNanos =
        Double.isFinite(order.hours())
            ? startedNanos + (long) (order.hours() * TimeUnit.HOURS.toNanos(1))
            : Long.MAX_VALUE;
    try (ExecutorService threads = Executors.newFixedThreadPool(order.jobs())) {
      List<Callable<Void>> workers = new ArrayList<>();
      for (int i = 0; i < order.jobs(); i++) {
        workers.add(
            () -> {
              for (long seed = next.getAndIncrement();
                  seed <= last && System.nanoTime() < deadlineNanos;
                  seed = next.getAndIncrement()) {
                run(seed, order.mode());
              }
              return null;
            });
      }
      for (Future<Void> worker : threads.invokeAll(workers)) {
        worker.get();
      }
    }
    System.out.println(line());
    violations.stream().limit(SHOWN).forEach(System.out::println);
    return violations.isEmpty();
  }

  private void run(long seed, EpochConfig.Mode mode) {
    try {
      ClusterSimulation.Summary summary = new ClusterSimulation(seed, mode).run();
      blocks.addAndGet(summary.blocks());
      simulatedMs.addAndGet(summary.simulatedMs());
    } catch (AssertionError | RuntimeException broken) {
      String first = String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
      String inMode = mode == EpochConfig.Mode.BFT_2P ? " --mode bft-2p" : "";
      violated("deploy/simulate" + inMode + " --seed " + seed + "   # " + first);
    }
    runs.incrementAndGet();
    tellIfDue();
  }

  private synchronized void violated(String how) {
    violations.add(how);
    System.out.println(how);
  }

  private synchronized void tellIfDue() {
    if (System.nanoTime() - toldNanos >= PROGRESS_NANOS) {
      toldNanos = System.nanoTime();
      System.out.println(line());
    }
  }

  private synchronized String line() {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "[%6.0f s] %d runs, %.1f simulated hours, %d blocks, %d violations, %.1f runs/s",
        seconds,
        runs.get(),
        simulatedMs.get() / 3.6e6,
        blocks.get(),
        violations.size(),
        runs.get() / seconds);
  }
}
