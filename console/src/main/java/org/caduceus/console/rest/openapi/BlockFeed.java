package org.caduceus.console.rest.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.console.rest.BlockJson;

/** The WebSocket of final blocks, which is no resource of REST. */
final class BlockFeed {
  static final String PATH = "/feed/blocks";

  private BlockFeed() {}

  static Map<String, Object> describe(RecordSchemas schemas) {
    schemas.ref(BlockJson.class);
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", "blockFeed");
    operation.put("summary", "Final blocks as they come, by WebSocket");
    operation.put(
        "description",
        "A WebSocket: one text for each final block, the schema Block without entries. It listens"
            + " to nothing.");
    operation.put("tags", List.of("Ledger"));
    operation.put(
        "parameters",
        List.of(
            Map.of(
                "name",
                "token",
                "in",
                "query",
                "description",
                "A token, for clients that cannot set Authorization",
                "schema",
                Map.of("type", "string"))));
    operation.put(
        "responses",
        Map.of(
            "101",
            Map.of("description", "Switching to the WebSocket; blocks follow as they come"),
            "401",
            Problems.ref("401")));
    return Map.of("get", operation);
  }
}
