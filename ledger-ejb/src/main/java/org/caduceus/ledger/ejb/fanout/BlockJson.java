package org.caduceus.ledger.ejb.fanout;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.spi.JsonProvider;
import java.util.List;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.query.BlockSummary;

/** The text of a final block on the topic. */
final class BlockJson {
  // Every static call of the Json class looks for a provider in the libraries.
  private static final JsonProvider JSON = JsonProvider.provider();

  private BlockJson() {}

  static String of(BlockSummary summary, List<SignedEntry> entries) {
    JsonArrayBuilder ids = JSON.createArrayBuilder();
    entries.forEach(
        entry ->
            ids.add(
                JSON.createObjectBuilder()
                    .add("id", entry.id().toHex())
                    .add("member", entry.entry().member())
                    .add("kind", entry.entry().kind())));
    return JSON.createObjectBuilder()
        .add("height", summary.header().height())
        .add("hash", summary.hash().toHex())
        .add("epoch", summary.header().epoch())
        .add("view", summary.header().view())
        .add("timeMs", summary.header().timeMs())
        .add("finalAtMs", summary.finalAtMs())
        .add("proposer", summary.proposer())
        .add("voters", JSON.createArrayBuilder(summary.voters()))
        .add("entries", ids)
        .build()
        .toString();
  }
}
