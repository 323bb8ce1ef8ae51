package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;

/**
 * What a node says of governance, read again from the bytes: the officer is shown what is signed,
 * not what the node says of it.
 */
final class Desk {
  private final NodeClient client;
  private final JsonNode agenda;

  private Desk(NodeClient client, JsonNode agenda) {
    this.client = client;
    this.agenda = agenda;
  }

  static Desk of(NodeClient client) {
    return new Desk(client, NodeOptions.get(client, "/api/governance"));
  }

  /** As the node sent it. */
  JsonNode agenda() {
    return agenda;
  }

  String member() {
    return agenda.path("member").asText();
  }

  Suite suite() {
    return Suite.valueOf(agenda.path("suite").asText());
  }

  Hash configHash() {
    return Hash.fromHex(agenda.path("configHash").asText());
  }

  String governanceKey() {
    return agenda.path("governanceKey").asText("");
  }

  List<JsonNode> matters() {
    List<JsonNode> matters = new ArrayList<>();
    agenda.path("matters").forEach(matters::add);
    return matters;
  }

  /**
   * The matter that this beginning of an id names.
   *
   * @throws ToolFailure if it names none, or several
   */
  JsonNode matter(String prefix) {
    List<JsonNode> found =
        matters().stream()
            .filter(
                matter -> matter.path("id").asText().startsWith(prefix.toLowerCase(Locale.ROOT)))
            .toList();
    if (found.size() != 1) {
      throw new ToolFailure(
          "Expected the id of one matter that waits, but "
              + found.size()
              + " begin with it; \"deploy/caduceus governance list\" shows them");
    }
    return found.get(0);
  }

  /** The running epoch's configuration, which hashes to what the agenda names. */
  EpochConfig config() {
    JsonNode epochs = NodeOptions.get(client, "/api/epochs").path("items");
    byte[] last = Base64.getDecoder().decode(epochs.path(epochs.size() - 1).path("proof").asText());
    EpochConfig config = EpochProof.decode(last).config();
    if (!config.hash().equals(configHash())) {
      throw new ToolFailure("An epoch ended meanwhile: ask again");
    }
    return config;
  }

  /** By what the running epoch goes. */
  Constitution constitution() {
    byte[] register = Base64.getDecoder().decode(agenda.path("register").asText());
    return new Constitution(config(), Register.decode(register));
  }

  /** What is signed for a matter. */
  sealed interface Signable {
    /** The bytes. */
    Bytes bytes();

    /** A ballot. */
    record ForChange(Hash configHash, MembershipChange change) implements Signable {
      @Override
      public Bytes bytes() {
        return Ballot.signedBytes(configHash, change);
      }
    }

    /** An approval. */
    record ForPlan(ColdStartPlan plan) implements Signable {
      @Override
      public Bytes bytes() {
        return plan.approvalBytes();
      }
    }
  }

  /**
   * What an officer signs for a matter, composed here from its parts.
   *
   * @throws ToolFailure if it is not theirs to sign, or the node names other bytes than its parts
   *     make
   */
  Signable signable(JsonNode matter) {
    String own = matter.path("own").asText();
    switch (own) {
      case "GIVEN" -> throw new ToolFailure(member() + " has signed this already");
      case "NOT_ASKED" -> throw new ToolFailure("This is not for " + member() + " to sign");
      case "NOT_YET" ->
          throw new ToolFailure(
              "Blocks that this goes on from are still on their way to the node: try again soon");
      default -> {}
    }
    Signable signable =
        matter.has("coldStart")
            ? new Signable.ForPlan(
                ColdStartPlan.decode(bytes(matter.path("coldStart").path("plan"))))
            : new Signable.ForChange(
                configHash(), MembershipChange.decode(bytes(matter.path("change"))));
    String hash = Hash.sha256(signable.bytes().toArray()).toHex();
    if (!hash.equals(matter.path("id").asText())) {
      throw new ToolFailure(
          "Expected bytes that hash to the matter's id, but the node shows something else than it"
              + " asks to sign: nothing was signed");
    }
    return signable;
  }

  /** Hands in a signature and returns what the node answers. */
  JsonNode handIn(Signable signable, Bytes signature) {
    return switch (signable) {
      case Signable.ForChange(Hash configHash, MembershipChange change) ->
          NodeOptions.post(
              client,
              "/api/governance/ballots",
              Output.object()
                  .put("configHash", configHash.toHex())
                  .put("change", base64(change.encode()))
                  .put("signature", base64(signature))
                  .toString());
      case Signable.ForPlan(ColdStartPlan plan) ->
          NodeOptions.post(
              client,
              "/api/governance/approvals",
              Output.object()
                  .put("plan", plan.hash().toHex())
                  .put("signature", base64(signature))
                  .toString());
    };
  }

  static byte[] bytes(JsonNode text) {
    return Base64.getDecoder().decode(text.asText());
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
