package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.ToolFailure;

/**
 * How long entries took to become final, read from the members' own ledgers after the load: from
 * acceptance (the entry's time) to the moment at which the last member had stored the block. All
 * members run on one machine, so the clocks are one clock.
 *
 * @param latencies of the entries accepted in the window
 * @param perSecond of those entries, from the first acceptance to the last store
 * @param blocks that hold them
 */
record FinalityReport(Latencies latencies, double perSecond, int blocks) {
  private static final int PAGE = 500;

  /** An entry as one member knows it. */
  private record Seen(long acceptedMs, long finalMs, int members) {}

  /** Reads the entries accepted in a window, ms since 1970-01-01 UTC, at every member. */
  static FinalityReport read(Installation installation, long fromMs, long toMs) {
    Map<String, Seen> entries = new HashMap<>();
    Map<Long, Integer> blocks = new HashMap<>();
    for (MemberHome home : installation.memberHomes()) {
      read(new NodeClient(home), fromMs, toMs, entries, blocks);
    }
    Latencies latencies = new Latencies();
    long first = Long.MAX_VALUE;
    long last = 0;
    for (Seen seen : entries.values()) {
      if (seen.members() != installation.members().size()) {
        throw new ToolFailure("Expected every entry at every member, but one is missing");
      }
      latencies.add((seen.finalMs() - seen.acceptedMs()) * 1_000_000);
      first = Math.min(first, seen.acceptedMs());
      last = Math.max(last, seen.finalMs());
    }
    double seconds = Math.max(1, last - first) / 1e3;
    return new FinalityReport(latencies, latencies.count() / seconds, blocks.size());
  }

  private static void read(
      NodeClient client,
      long fromMs,
      long toMs,
      Map<String, Seen> entries,
      Map<Long, Integer> blocks) {
    String path = "/api/entries?limit=" + PAGE;
    while (!path.isEmpty()) {
      JsonNode page = page(client, path);
      long newest = 0;
      for (JsonNode entry : page.path("items")) {
        long accepted = Instant.parse(entry.path("time").asText()).toEpochMilli();
        newest = Math.max(newest, accepted);
        if (accepted >= fromMs && accepted <= toMs) {
          long stored = Instant.parse(entry.path("finalAt").asText()).toEpochMilli();
          entries.merge(
              entry.path("id").asText(),
              new Seen(accepted, stored, 1),
              (one, other) ->
                  new Seen(
                      one.acceptedMs(),
                      Math.max(one.finalMs(), other.finalMs()),
                      one.members() + other.members()));
          blocks.merge(entry.path("height").asLong(), 1, Integer::sum);
        }
      }
      // Pages go back in time; blocks hold what was accepted shortly before.
      boolean older = newest < fromMs - 60_000;
      path = older ? "" : page.path("next").asText("").replaceFirst("^https?://[^/]+", "");
    }
  }

  private static JsonNode page(NodeClient client, String path) {
    try {
      NodeClient.Answer answer = client.get(path);
      if (!answer.isSuccess()) {
        throw new ToolFailure("GET " + path + " answers " + answer.status());
      }
      return answer.json();
    } catch (IOException e) {
      throw new ToolFailure("Expected a node to answer GET " + path, e);
    }
  }
}
