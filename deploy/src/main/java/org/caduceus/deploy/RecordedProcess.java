package org.caduceus.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A process that this tool started, found again by its pid, its start time and a part of its
 * command line: a pid that the system has given to another program meanwhile is never hit.
 *
 * @param pid process id
 * @param startTicks field 22 of /proc/PID/stat: clock ticks between the machine's start and the
 *     process'
 */
public record RecordedProcess(long pid, long startTicks) {
  private static final int START_TICKS = 19; // of the fields behind the command's name
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  /** What runs now under this pid, if its command line holds {@code marker}. */
  public static Optional<RecordedProcess> observe(long pid, String marker) {
    try {
      String command = commandLine(pid);
      String[] stat = stat(pid);
      // An ended process that nobody has waited for has state Z and no command line.
      return command.replace('\0', ' ').contains(marker) && !stat[0].equals("Z")
          ? Optional.of(new RecordedProcess(pid, Long.parseLong(stat[START_TICKS])))
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The first word of the command line of what runs under this pid, if anything does. */
  static Optional<String> program(long pid) {
    try {
      return Optional.of(commandLine(pid).split("\0", 2)[0]);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** What the file records, if it still runs and its command line holds {@code marker}. */
  public static Optional<RecordedProcess> read(Path file, String marker) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Properties values = PrivateFiles.properties(file);
    try {
      long pid = Long.parseLong(values.getProperty("pid", "0"));
      long ticks = Long.parseLong(values.getProperty("startTicks", "-1"));
      return observe(pid, marker).filter(found -> found.startTicks == ticks);
    } catch (NumberFormatException torn) {
      return Optional.empty();
    }
  }

  /** Records the process in the file. */
  public void write(Path file) {
    PrivateFiles.write(
        file, Map.of("pid", Long.toString(pid), "startTicks", Long.toString(startTicks)));
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    try {
      String[] stat = stat(pid);
      return Long.parseLong(stat[START_TICKS]) == startTicks && !stat[0].equals("Z");
    } catch (IOException gone) {
      return false;
    }
  }

  /** Resident memory in MB (2^20 bytes), 0 if it has ended. */
  public long residentMegabytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        }
      }
    } catch (IOException gone) {
      return 0;
    }
    return 0;
  }

  /** Processor time used so far, user and system, in clock ticks of 10 ms; 0 if it has ended. */
  public long cpuTicks() {
    try {
      String[] stat = stat(pid);
      return Long.parseLong(stat[USER_TICKS]) + Long.parseLong(stat[SYSTEM_TICKS]);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** Asks it to end, waits, and ends it by force if it has not ended within {@code patience}. */
  public void stop(Duration patience) {
    signal(false);
    if (!awaitEnd(patience)) {
      kill();
    }
  }

  /** Ends it at once (SIGKILL). */
  public void kill() {
    signal(true);
    if (!awaitEnd(Duration.ofSeconds(10))) {
      throw new ToolFailure("Expected process " + pid + " to end, but it does not");
    }
  }

  private void signal(boolean force) {
    if (!isAlive()) {
      return;
    }
    ProcessHandle.of(pid)
        .ifPresent(
            handle -> {
              if (force) {
                handle.destroyForcibly();
              } else {
                handle.destroy();
              }
            });
  }

  /** Stops it where it stands (SIGSTOP), as an overloaded or frozen machine does. */
  public void pause() {
    send("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    send("CONT");
  }

  private void send(String signalName) {
    if (!isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + signalName, Long.toString(pid))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new ToolFailure("Expected to send a signal, but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  private boolean awaitEnd(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Pause.milliseconds(50);
    }
    return true;
  }

  // The words end in zero bytes each. Empty for a process that has ended or is in its exec call.
  private static String commandLine(long pid) throws IOException {
    return new String(
        Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
  }

  // The command's name stands in parentheses and may hold blanks and parentheses itself.
  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ");
  }
}
