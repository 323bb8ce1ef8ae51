package org.caduceus.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers are unique and every message stands in the reference. */
class ConsoleLogTest {
  @Test
  void numbersAreUnique() {
    assertEquals(
        ConsoleLog.values().length,
        Arrays.stream(ConsoleLog.values()).map(ConsoleLog::code).distinct().count());
  }

  @Test
  void theReferenceListsEveryMessage() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "reference", "log-messages.md"));
    for (ConsoleLog message : ConsoleLog.values()) {
      assertTrue(
          page.contains("| " + message.code() + " | " + message.level() + " | "),
          "Expected " + message.code() + " in log-messages.md, but it is missing");
    }
  }
}
