package org.caduceus.console.page;

import java.util.List;
import org.caduceus.ledger.query.NodeStatus;

/**
 * A page's first lines about the node: who is there, in the reader's language; and while that is
 * not all there is to say, the node's own sentence, which is English.
 */
final class Headline {
  private Headline() {}

  static String of(NodeStatus status, Words words) {
    long all = status.members().size();
    long here = all - silent(status).size();
    if (silent(status).isEmpty()) {
      return words.of("headline.all", all, status.height());
    }
    return words.of(
        "headline.some", here, all, String.join(words.of("list.separator"), silent(status)));
  }

  /** The node's own sentence, empty when all is well and nothing waits. */
  static String detail(NodeStatus status) {
    return mood(status).equals("ok") && status.waiting() == 0 ? "" : status.summary();
  }

  static String mood(NodeStatus status) {
    long all = status.members().size();
    long here = all - silent(status).size();
    if (here < all / 2 + 1 || status.enclave().isEmpty()) {
      return "bad";
    }
    return here < all || !status.voting() ? "warn" : "ok";
  }

  private static List<String> silent(NodeStatus status) {
    return status.members().stream()
        .filter(peer -> !peer.self() && !peer.connected())
        .map(NodeStatus.Peer::id)
        .toList();
  }
}
