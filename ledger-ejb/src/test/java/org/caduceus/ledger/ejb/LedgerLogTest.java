package org.caduceus.ledger.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers are unique and every message stands in the reference. */
final class LedgerLogTest {
  @Test
  void numbersAreUnique() {
    assertEquals(
        LedgerLog.values().length,
        Arrays.stream(LedgerLog.values()).map(LedgerLog::code).distinct().count());
  }

  @Test
  void theReferenceListsEveryMessage() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "reference", "log-messages.md"));
    for (LedgerLog message : LedgerLog.values()) {
      assertTrue(
          page.contains("| " + message.code() + " | " + message.level() + " | "),
          "Expected " + message.code() + " in docs/reference/log-messages.md, but it is missing");
    }
  }

  @Test
  void argumentsAppearWithoutGrouping() {
    assertEquals(
        "CADL0004: Member a takes part from height 12345, waiting entries 2",
        LedgerLog.REPLICA_STARTED.text("a", 12_345L, 2));
  }
}
