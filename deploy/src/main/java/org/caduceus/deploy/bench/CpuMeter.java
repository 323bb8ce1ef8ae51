package org.caduceus.deploy.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Processor time of process trees, from {@code /proc/PID/stat} (proc_pid_stat(5)): user and system
 * time of each process and of its children that have ended. A database server works in children,
 * some of which live for one connection only.
 */
final class CpuMeter {
  private static final int PARENT = 1; // fields behind the command's name, from 0
  private static final int USER = 11;
  private static final int CHILDREN_SYSTEM = 14;
  private static final double MS_PER_TICK = 10; // USER_HZ is 100 on every Linux of today

  private final Supplier<List<Long>> roots;
  private double startMs;

  /**
   * @param roots pids whose trees count
   */
  CpuMeter(Supplier<List<Long>> roots) {
    this.roots = roots;
  }

  /** Counts from now. */
  void start() {
    startMs = totalMs();
  }

  /** Milliseconds of processor time since {@link #start}, all processors together. */
  double elapsedMs() {
    return totalMs() - startMs;
  }

  private double totalMs() {
    Map<Long, List<Long>> children = new HashMap<>();
    Map<Long, Long> ticks = new HashMap<>();
    for (long pid : pids()) {
      String[] stat = stat(pid);
      if (stat.length > CHILDREN_SYSTEM) {
        children.computeIfAbsent(Long.parseLong(stat[PARENT]), p -> new ArrayList<>()).add(pid);
        long sum = 0;
        for (int field = USER; field <= CHILDREN_SYSTEM; field++) {
          sum += Long.parseLong(stat[field]);
        }
        ticks.put(pid, sum);
      }
    }
    long total = 0;
    Deque<Long> open = new ArrayDeque<>(roots.get());
    while (!open.isEmpty()) {
      long pid = open.remove();
      total += ticks.getOrDefault(pid, 0L);
      open.addAll(children.getOrDefault(pid, List.of()));
    }
    return total * MS_PER_TICK;
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException e) {
      throw new IllegalStateException("Expected to read /proc, but that failed", e);
    }
    return pids;
  }

  private static String[] stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException ended) {
      return new String[0];
    }
  }
}
