package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/caduceus peers}. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    subcommands = {
      PeersCommand.ListPeers.class,
      PeersCommand.SetPeer.class,
      PeersCommand.RemovePeer.class,
    },
    description = {
      "Where this node finds its peers; without a subcommand: list. Who is a peer is decided by the "
          + "members, not here.",
      "本节点在何处找到对等方；谁是对等方由成员决定。"
    })
final class PeersCommand implements Callable<Integer> {
  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    return list(node.client(), out);
  }

  private static int list(NodeClient client, Output out) {
    JsonNode peers = NodeOptions.get(client, "/api/peers");
    out.value(peers);
    Table table = new Table("PEER", "ADDRESS", "SET BY", "LINK");
    for (JsonNode peer : peers.path("items")) {
      table.row(
          peer.path("id").asText(),
          peer.path("address").asText("unknown"),
          peer.path("source").asText().toLowerCase(Locale.ROOT),
          !peer.path("admitted").asBoolean()
              ? "no peer now"
              : peer.path("connected").asBoolean() ? "up" : "down");
    }
    table.lines().forEach(out::line);
    return Operator.DONE;
  }

  /** {@code deploy/caduceus peers list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Every peer, and every other institution of which an address is known.")
  static final class ListPeers implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private Output out;

    @Override
    public Integer call() {
      return list(node.client(), out);
    }
  }

  /** {@code deploy/caduceus peers set}. */
  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description =
          "Sets an institution's address, in place of the setting caduceus.peers and before or after "
              + "it gets a seat; the link follows within seconds.")
  static final class SetPeer implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private Output out;

    @Parameters(index = "0", paramLabel = "ID", description = "Of the institution.")
    private String id;

    @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Of its broker.")
    private String address;

    @Option(
        names = "--link-key",
        paramLabel = "HEX",
        description =
            "SHA-256 of the key of its links, got from people you trust, for a node without a seat "
                + "whose genesis does not have it; a node with a seat goes by the ledger alone.")
    private String linkKey;

    @Override
    public Integer call() {
      ObjectNode body = Output.object().put("address", address);
      if (linkKey != null) {
        body.put("linkKey", linkKey);
      }
      NodeClient client = node.client();
      NodeOptions.put(client, "/api/peers/" + id, body.toString());
      return list(client, out);
    }
  }

  /** {@code deploy/caduceus peers remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Forgets the address that was set; what the setting caduceus.peers says holds.")
  static final class RemovePeer implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", description = "Of the institution.")
    private String id;

    @Override
    public Integer call() {
      NodeClient client = node.client();
      NodeOptions.delete(client, "/api/peers/" + id);
      return list(client, out);
    }
  }
}
