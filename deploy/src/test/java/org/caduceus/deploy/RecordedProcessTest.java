package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is found again, and another one under its pid is never hit. */
class RecordedProcessTest {
  private static final String MARKER = "600.25";

  @TempDir Path folder;
  private Process process;

  @BeforeEach
  void start() throws IOException {
    process = new ProcessBuilder("sleep", MARKER).start();
    assertTrue(
        Pause.until(
            () -> RecordedProcess.observe(process.pid(), MARKER).isPresent(),
            Duration.ofSeconds(5),
            10));
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void aRecordedProcessIsFoundAgain() {
    RecordedProcess seen = RecordedProcess.observe(process.pid(), MARKER).orElseThrow();
    Path file = folder.resolve("node.pid");
    seen.write(file);
    assertEquals(seen, RecordedProcess.read(file, MARKER).orElseThrow());
    assertTrue(PrivateFiles.isPrivate(file));
  }

  @Test
  void anotherProgramUnderThePidIsNotTaken() {
    assertTrue(RecordedProcess.observe(process.pid(), "another command line").isEmpty());
  }

  @Test
  void anotherStartOfTheSameCommandIsNotTaken() {
    Path file = folder.resolve("node.pid");
    PrivateFiles.write(file, Map.of("pid", Long.toString(process.pid()), "startTicks", "1"));
    assertTrue(RecordedProcess.read(file, MARKER).isEmpty());
  }

  @Test
  void theProgramIsTheFirstWord() {
    assertEquals("sleep", RecordedProcess.program(process.pid()).orElseThrow());
    assertTrue(RecordedProcess.program(Long.MAX_VALUE).isEmpty());
  }

  @Test
  void stoppingEndsItAndOnlyIt() {
    RecordedProcess seen = RecordedProcess.observe(process.pid(), MARKER).orElseThrow();
    new RecordedProcess(seen.pid(), seen.startTicks() + 1).stop(Duration.ofSeconds(1));
    assertTrue(seen.isAlive(), "another start time is another process");
    seen.stop(Duration.ofSeconds(5));
    assertFalse(seen.isAlive());
    assertEquals(0, seen.residentMegabytes());
  }
}
