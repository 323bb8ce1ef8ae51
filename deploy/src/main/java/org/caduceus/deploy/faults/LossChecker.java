package org.caduceus.deploy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.LookupTag;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;

/**
 * Compares what senders saw acknowledged with what is final, at every member, through its web
 * interface. A message is known on the ledger by its lookup tag, which the checker computes itself.
 */
public final class LossChecker {
  private static final int PAGE = 500;
  private static final Set<String> OWN_KINDS = Set.of(Ballot.KIND, VoterFault.KIND);

  private final Installation installation;
  private final long fromHeight;

  /**
   * @param fromHeight blocks up to this one hold what others sent before
   */
  public LossChecker(Installation installation, long fromHeight) {
    this.installation = installation;
    this.fromHeight = fromHeight;
  }

  /**
   * What the members hold.
   *
   * @param lost acknowledged messages that are final nowhere or not everywhere, by member
   * @param duplicated messages final more than once, by member
   * @param foreign final entries that nobody sent, by member
   * @param tips last block hash by member
   * @param finals number of final entries by member
   */
  public record Report(
      Map<String, List<String>> lost,
      Map<String, List<String>> duplicated,
      Map<String, Integer> foreign,
      Map<String, String> tips,
      Map<String, Integer> finals) {

    /** Nothing lost, nothing twice, nothing of strangers, one last block. */
    public boolean isClean() {
      return lost.values().stream().allMatch(List::isEmpty)
          && duplicated.values().stream().allMatch(List::isEmpty)
          && foreign.values().stream().allMatch(count -> count == 0)
          && new HashSet<>(tips.values()).size() == 1;
    }

    /** A line for each member. */
    public String summary() {
      StringBuilder text = new StringBuilder();
      for (String member : finals.keySet().stream().sorted().toList()) {
        text.append(
            "%s: final %d, lost %d, duplicated %d, unknown %d, tip %.12s%n"
                .formatted(
                    member,
                    finals.get(member),
                    lost.get(member).size(),
                    duplicated.get(member).size(),
                    foreign.get(member),
                    tips.get(member)));
      }
      return text.toString();
    }
  }

  /**
   * Checks until nothing is amiss, or for so long.
   *
   * @return the last report
   * @throws ToolFailure if some member never answered
   */
  public Report untilClean(Set<String> acknowledged, Set<String> sent, Duration patience) {
    Report[] last = new Report[1];
    Pause.until(
        () -> {
          try {
            last[0] = check(acknowledged, sent);
            return last[0].isClean();
          } catch (IOException | ToolFailure notNow) {
            return false;
          }
        },
        patience,
        1_000);
    if (last[0] == null) {
      throw new ToolFailure("Expected every member to answer, but some do not");
    }
    return last[0];
  }

  /** Reads every member's whole ledger and compares. */
  public Report check(Set<String> acknowledged, Set<String> sent) throws IOException {
    Bytes key = Bytes.fromHex(installation.lookupKey());
    Map<String, String> idByTag = new HashMap<>();
    sent.forEach(id -> idByTag.put(LookupTag.of(key, "hl7v2", id).toHex(), id));
    Map<String, List<String>> lost = new HashMap<>();
    Map<String, List<String>> duplicated = new HashMap<>();
    Map<String, Integer> foreign = new HashMap<>();
    Map<String, String> tips = new HashMap<>();
    Map<String, Integer> finals = new HashMap<>();
    for (MemberHome home : installation.memberHomes()) {
      NodeClient client = new NodeClient(home);
      tips.put(home.id(), client.status().orElseThrow().path("tip").asText());
      Set<String> seen = new HashSet<>();
      List<String> twice = new ArrayList<>();
      int unknown = 0;
      List<String> tags = finalTags(client);
      for (String tag : tags) {
        String id = idByTag.get(tag);
        if (id == null) {
          unknown++;
        } else if (!seen.add(id)) {
          twice.add(id);
        }
      }
      lost.put(home.id(), acknowledged.stream().filter(id -> !seen.contains(id)).sorted().toList());
      duplicated.put(home.id(), twice);
      foreign.put(home.id(), unknown);
      finals.put(home.id(), tags.size());
    }
    return new Report(lost, duplicated, foreign, tips, finals);
  }

  private List<String> finalTags(NodeClient client) throws IOException {
    List<String> tags = new ArrayList<>();
    String path = "/api/entries?limit=" + PAGE;
    while (!path.isEmpty()) {
      NodeClient.Answer answer = client.get(path);
      if (!answer.isSuccess()) {
        throw new IOException("GET " + path + " answers " + answer.status());
      }
      JsonNode page = answer.json();
      for (JsonNode entry : page.path("items")) {
        // Nodes cast ballots and enter proofs of their own accord; only records are counted.
        boolean own = OWN_KINDS.contains(entry.path("kind").asText());
        if (entry.path("height").asLong() > fromHeight && !own) {
          tags.add(entry.path("lookupTag").asText());
        }
      }
      path = page.path("next").asText("").replaceFirst("^https?://[^/]+", "");
    }
    return tags;
  }
}
