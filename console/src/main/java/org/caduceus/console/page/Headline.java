package org.caduceus.console.page;

import java.util.List;
import org.caduceus.ledger.query.NodeStatus;

/**
 * A page's first line about the node. English is the node's own sentence; in Chinese the same facts
 * are put into words here, because the node speaks one language.
 */
final class Headline {
  private Headline() {}

  static String of(NodeStatus status, Words words) {
    if (!words.chinese()) {
      return status.summary();
    }
    long all = status.members().size();
    long here = all - silent(status).size();
    if (silent(status).isEmpty()) {
      return words.of("headline.all", all, status.height());
    }
    return words.of("headline.some", here, all, String.join("、", silent(status)));
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
