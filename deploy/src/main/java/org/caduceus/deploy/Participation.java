package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.consensus.Standing;

/** Whether a node that was away takes part in its consortium again, so that another may go. */
final class Participation {
  private final MemberHome home;
  private final List<MemberHome> others;
  private final boolean voted;

  /** That of a node as long as it runs: what it did before is what is asked of it afterwards. */
  Participation(Installation installation, String member) {
    home = installation.memberHome(member);
    others = installation.memberHomes().stream().filter(each -> !each.id().equals(member)).toList();
    voted = status(home).map(Participation::votes).orElse(true);
  }

  /**
   * Whether it votes, if it did, has every block that the others have, and is linked with each of
   * those that answer in both directions. What halted for safety tells nobody what it has, until it
   * starts again in its turn: nothing is asked of it.
   */
  boolean isWhole() {
    long highest = 0;
    List<String> answering = new ArrayList<>();
    for (MemberHome other : others) {
      Optional<JsonNode> its = status(other);
      if (its.isPresent() && !hasHalted(other)) {
        answering.add(other.id());
        highest = Math.max(highest, its.get().path("height").asLong());
        if (!isLinked(its.get(), home.id())) {
          return false;
        }
      }
    }
    Optional<JsonNode> own = status(home); // asked last, so that it can have what the others have
    if (own.isEmpty() || own.get().path("height").asLong() < highest) {
      return false;
    }
    for (String other : answering) {
      if (!isLinked(own.get(), other) || !isHeard(own.get(), other)) {
        return false;
      }
    }
    return votes(own.get()) || !voted;
  }

  private static Optional<JsonNode> status(MemberHome home) {
    return new NodeClient(home).status();
  }

  private static boolean hasHalted(MemberHome home) {
    try {
      JsonNode diagnosis = new NodeClient(home).get("/api/diagnosis").json();
      return diagnosis.path("mood").asText().equals(Standing.Mood.HALTED.name());
    } catch (IOException | ToolFailure away) {
      return false;
    }
  }

  private static boolean votes(JsonNode status) {
    return status.path("voting").asBoolean(false);
  }

  private static boolean isLinked(JsonNode status, String peer) {
    return peer(status, peer).map(it -> it.path("connected").asBoolean()).orElse(true);
  }

  private static boolean isHeard(JsonNode status, String peer) {
    return peer(status, peer).map(it -> it.hasNonNull("lastHeardAt")).orElse(true);
  }

  /** Empty for one that has no part in the epoch. */
  private static Optional<JsonNode> peer(JsonNode status, String id) {
    for (JsonNode each : status.path("members")) {
      if (each.path("id").asText().equals(id)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
