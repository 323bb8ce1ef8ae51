package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Members that a node takes nothing of for a while. */
final class CutOffs {
  private CutOffs() {}

  /** A sentence for each, from what {@code GET /api/status} or {@code /api/diagnosis} says. */
  static List<String> in(JsonNode answer) {
    List<String> sentences = new ArrayList<>();
    for (JsonNode member : answer.path("members")) {
      JsonNode cut = member.path("cutOff");
      if (cut.isObject()) {
        sentences.add(
            member.path("id").asText()
                + " is cut off until "
                + cut.path("until").asText()
                + ": "
                + cut.path("reason").asText());
      }
    }
    return sentences;
  }
}
