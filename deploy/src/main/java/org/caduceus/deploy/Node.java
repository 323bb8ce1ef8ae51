package org.caduceus.deploy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One member's server process. */
final class Node {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final List<String> FAILURES =
      List.of("Failed to start, exiting", "returned with result FAILURE", "Address already in use");

  private final Project project;
  private final MemberHome home;

  Node(Project project, MemberHome home) {
    this.project = project;
    this.home = home;
  }

  MemberHome home() {
    return home;
  }

  /** Starts the server and returns at once; nothing happens if it runs. */
  void start(Map<String, String> jdbc, String heap, List<String> jvmOptions) {
    start(jdbc, heap, jvmOptions, true);
  }

  /** The same, and the server deploys the application or waits for somebody who does. */
  void start(
      Map<String, String> jdbc, String heap, List<String> jvmOptions, boolean withApplication) {
    if (home.node().isPresent()) {
      return;
    }
    Domain domain = new Domain(project, home);
    domain.write(jdbc, withApplication);
    rotateLog();
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + heap);
    options.addAll(jvmOptions);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // In a session of its own: neither the terminal's Ctrl-C nor its end reaches the server.
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(domain.command(java, options));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(home.output().toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("AS_"));
      // glibc gives each thread's allocations an arena of its own, which costs resident memory.
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(domain.standardInput().getBytes(StandardCharsets.UTF_8));
      }
      record(process.pid(), java);
    } catch (IOException e) {
      throw new ToolFailure("Expected to start " + home.id() + ", but that failed", e);
    }
  }

  // setsid becomes the server by exec, and in between the process has no command line: one who
  // looked then would take the server for ended.
  private void record(long pid, Path program) {
    boolean found =
        Pause.until(
            () ->
                RecordedProcess.program(pid).filter(program.toString()::equals).isPresent()
                    && home.observe(pid).isPresent(),
            Duration.ofSeconds(5),
            10);
    if (!found) {
      throw new ToolFailure(
          "Expected the server of " + home.id() + " to run, but it ended: see " + home.output());
    }
    home.observe(pid).orElseThrow().write(home.pidFile());
  }

  /**
   * Whether the web interface answers.
   *
   * @throws ToolFailure if the server has ended or says in its log that it cannot start
   */
  boolean isReady() {
    requireAlive();
    Optional<String> failure = failure();
    if (failure.isPresent()) {
      throw new ToolFailure(
          "The server of " + home.id() + " did not start: " + failure.get() + " See " + home.log());
    }
    return new NodeClient(home).answers();
  }

  private void requireAlive() {
    if (home.node().isEmpty()) {
      throw new ToolFailure(
          "The server of " + home.id() + " has ended: see " + home.log() + " and " + home.output());
    }
  }

  /** Whether the administration's port answers. */
  boolean isManageable() {
    requireAlive();
    return !Ports.isFree(home.ports().admin());
  }

  private Optional<String> failure() {
    if (!Files.exists(home.log())) {
      return Optional.empty();
    }
    try {
      return Files.readString(home.log(), StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> FAILURES.stream().anyMatch(line::contains))
          .map(line -> line.length() > 300 ? line.substring(0, 300) + "..." : line)
          .map(String::strip)
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Ends the server in order; the enclave goes on. */
  void stop() {
    home.node().ifPresent(process -> process.stop(STOP_PATIENCE));
    forget();
  }

  /** Ends the server as a power failure would. */
  void kill() {
    home.node().ifPresent(RecordedProcess::kill);
    forget();
  }

  private void forget() {
    try {
      Files.deleteIfExists(home.pidFile());
    } catch (IOException e) {
      throw new ToolFailure("Expected to delete " + home.pidFile() + ", but that failed", e);
    }
  }

  // Start-up failures are looked for in the log of this start alone.
  private void rotateLog() {
    try {
      if (Files.exists(home.log())) {
        Path earlier = home.log().resolveSibling("server-earlier.log");
        byte[] text = Files.readAllBytes(home.log());
        try (RandomAccessFile out = new RandomAccessFile(earlier.toFile(), "rw")) {
          out.seek(out.length());
          out.write(text);
        }
        Files.delete(home.log());
      }
    } catch (IOException e) {
      throw new ToolFailure("Expected to rotate " + home.log() + ", but that failed", e);
    }
  }
}
