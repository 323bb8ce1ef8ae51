package org.caduceus.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caduceus.routes.mllp.MllpLog;
import org.junit.jupiter.api.Test;

/** Numbers are unique and every message of this module stands in the reference. */
class LogMessagesTest {
  private final List<String> rows = new ArrayList<>();

  LogMessagesTest() {
    for (MllpLog message : MllpLog.values()) {
      rows.add("| " + message.code() + " | " + message.level() + " | ");
    }
    for (RoutesLog message : RoutesLog.values()) {
      rows.add("| " + message.code() + " | " + message.level() + " | ");
    }
  }

  @Test
  void numbersAreUnique() {
    assertEquals(rows.size(), Set.copyOf(rows).size());
  }

  @Test
  void theReferenceListsEveryMessage() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "reference", "log-messages.md"));
    for (String row : rows) {
      assertTrue(page.contains(row), "Expected a row " + row + "in log-messages.md, but it is not");
    }
  }
}
