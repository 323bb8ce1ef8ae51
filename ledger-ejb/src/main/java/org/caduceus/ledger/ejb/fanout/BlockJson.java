package org.caduceus.ledger.ejb.fanout;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.util.List;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.query.BlockSummary;

/** The text of a final block on the topic. */
final class BlockJson {
  private BlockJson() {}

  static String of(BlockSummary summary, List<SignedEntry> entries) {
    JsonArrayBuilder ids = Json.createArrayBuilder();
    entries.forEach(
        entry ->
            ids.add(
                Json.createObjectBuilder()
                    .add("id", entry.id().toHex())
                    .add("member", entry.entry().member())
                    .add("kind", entry.entry().kind())));
    return Json.createObjectBuilder()
        .add("height", summary.header().height())
        .add("hash", summary.hash().toHex())
        .add("epoch", summary.header().epoch())
        .add("view", summary.header().view())
        .add("timeMs", summary.header().timeMs())
        .add("finalAtMs", summary.finalAtMs())
        .add("proposer", summary.proposer())
        .add("voters", Json.createArrayBuilder(summary.voters()))
        .add("entries", ids)
        .build()
        .toString();
  }
}
