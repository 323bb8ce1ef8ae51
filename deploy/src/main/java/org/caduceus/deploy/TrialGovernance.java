package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.membership.MembershipChange;

/**
 * Officers of a trial network, whose keys all lie on this machine: casts the ballots that decide a
 * change, as {@code deploy/caduceus propose} and {@code governance approve} do one by one.
 */
public final class TrialGovernance {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Installation installation;

  /** Of the members of this installation. */
  public TrialGovernance(Installation installation) {
    this.installation = installation;
  }

  /** What an institution's node shows to get a seat. */
  public MembershipChange candidacy(String member) {
    return CandidateJson.change(get(member, "/api/governance/candidate"));
  }

  /** Members with a seat, as this one's node knows it. */
  public List<String> seated(String asked) {
    List<String> ids = new ArrayList<>();
    status(asked).path("members").forEach(member -> ids.add(member.path("id").asText()));
    return ids;
  }

  /**
   * Has more than half of the members vote for a change.
   *
   * @return the epoch that ends by it
   */
  public long decide(MembershipChange change) {
    String first = running(installation.members());
    long epoch = status(first).path("epoch").asLong();
    List<String> seated = seated(first);
    Hash config = Hash.fromHex(get(first, "/api/governance").path("configHash").asText());
    List<String> voters =
        seated.stream().filter(this::isRunning).limit(seated.size() / 2 + 1).toList();
    voters.forEach(voter -> cast(voter, config, change));
    return epoch;
  }

  /** Waits until this member's node is in a later epoch and says what is expected of it. */
  public void await(String member, long epoch, Predicate<JsonNode> expected) {
    boolean seen =
        Pause.until(
            () ->
                new NodeClient(installation.memberHome(member))
                    .status()
                    .filter(it -> it.path("epoch").asLong() > epoch && expected.test(it))
                    .isPresent(),
            PATIENCE,
            250);
    if (!seen) {
      throw new ToolFailure(
          "Expected the members to decide within "
              + PATIENCE.toSeconds()
              + " s, but they did not; \"deploy/caduceus diagnose\" says why");
    }
  }

  /** Has all running nodes but its own know where a member is. */
  public void tellAddress(String member) {
    byte[] body =
        JSON.createObjectNode()
            .put("address", "127.0.0.1:" + installation.memberHome(member).ports().broker())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    for (String other : installation.members()) {
      if (!other.equals(member) && isRunning(other)) {
        NodeClient client = new NodeClient(installation.memberHome(other));
        try {
          require(other, client.put("/api/peers/" + member, "application/json", body));
        } catch (IOException e) {
          throw new ToolFailure(other + " does not answer", e);
        }
      }
    }
  }

  private void cast(String voter, Hash config, MembershipChange change) {
    GovernanceKey key = key(voter);
    String body =
        JSON.createObjectNode()
            .put("configHash", config.toHex())
            .put("change", base64(change.encode()))
            .put("signature", base64(key.sign(Ballot.signedBytes(config, change))))
            .toString();
    NodeClient client = new NodeClient(installation.memberHome(voter));
    try {
      require(
          voter,
          client.post(
              "/api/governance/ballots",
              "application/json",
              body.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new ToolFailure(voter + " does not answer", e);
    }
  }

  private GovernanceKey key(String member) {
    try {
      return GovernanceKey.ofPem(
          installation.suite(), Files.readString(installation.memberHome(member).governanceKey()));
    } catch (IOException e) {
      throw new ToolFailure("Expected the governance key of " + member + ", but it is not here", e);
    }
  }

  private String running(List<String> members) {
    return members.stream()
        .filter(this::isRunning)
        .findFirst()
        .orElseThrow(() -> new ToolFailure("Expected a node that runs, but there is none"));
  }

  private boolean isRunning(String member) {
    return installation.memberHome(member).node().isPresent();
  }

  private JsonNode status(String member) {
    Optional<JsonNode> status = new NodeClient(installation.memberHome(member)).status();
    return status.orElseThrow(() -> new ToolFailure(member + " does not answer"));
  }

  private JsonNode get(String member, String path) {
    NodeClient client = new NodeClient(installation.memberHome(member));
    try {
      return require(member, client.get(path)).json();
    } catch (IOException e) {
      throw new ToolFailure(member + " does not answer", e);
    }
  }

  private static NodeClient.Answer require(String member, NodeClient.Answer answer) {
    if (!answer.isSuccess()) {
      throw new ToolFailure(member + " refuses (" + answer.status() + "): " + answer.reason());
    }
    return answer;
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
