package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.store.PeerAddresses;
import org.junit.jupiter.api.Test;

final class NeighboursTest {
  private static final List<Links.Peer> MEMBERS =
      List.of(peer("hospital-a"), peer("pharmacy-b"), peer("regulator-c"));
  private static final Map<String, NodeSettings.Address> SETTINGS =
      Map.of("hospital-a", address("a", 1), "pharmacy-b", address("b", 2));

  @Test
  void aMemberGoesByWhatTheMembersDecidedAloneAndNotByItsOperator() {
    Neighbours member = new Neighbours("hospital-a", true, MEMBERS, List.of());
    List<PeerAddresses.Said> said =
        List.of(
            said("pharmacy-b", "elsewhere", Optional.of(pin("forged"))),
            said("stranger", "anywhere", Optional.of(pin("stranger"))));
    assertEquals(
        Map.of("pharmacy-b", pin("pharmacy-b"), "regulator-c", pin("regulator-c")),
        member.admitted(said));
    assertEquals(
        Map.of("pharmacy-b", new PeerLink(address("elsewhere", 9), pin("pharmacy-b"), true)),
        member.links(SETTINGS, said));
    assertEquals(Set.of("regulator-c"), member.homeless(SETTINGS, said));
  }

  @Test
  void whoHasNoSeatYetAlsoGoesByWhatItsOperatorVouchesFor() {
    Neighbours joiner = new Neighbours("insurer-d", false, MEMBERS, List.of());
    List<PeerAddresses.Said> said =
        List.of(
            said("hospital-a", "a", Optional.of(pin("renewed"))),
            said("insurer-e", "e", Optional.of(pin("insurer-e"))),
            said("insurer-d", "myself", Optional.of(pin("insurer-d"))),
            said("nobody", "n", Optional.empty()));
    assertEquals(
        Map.of(
            "hospital-a", pin("renewed"),
            "pharmacy-b", pin("pharmacy-b"),
            "regulator-c", pin("regulator-c"),
            "insurer-e", pin("insurer-e")),
        joiner.admitted(said));
    assertEquals(
        Map.of(
            "hospital-a", new PeerLink(address("a", 9), pin("renewed"), false),
            "pharmacy-b", new PeerLink(address("b", 2), pin("pharmacy-b"), false),
            "insurer-e", new PeerLink(address("e", 9), pin("insurer-e"), false)),
        joiner.links(SETTINGS, said));
  }

  @Test
  void whoIsLeavingIsToldAndNotHeard() {
    Neighbours member =
        new Neighbours(
            "hospital-a", true, List.of(peer("hospital-a")), List.of(peer("pharmacy-b")));
    assertEquals(Map.of(), member.admitted(List.of()));
    assertEquals(Set.of("pharmacy-b"), member.links(SETTINGS, List.of()).keySet());
  }

  private static Links.Peer peer(String id) {
    return new Links.Peer(id, pin(id));
  }

  private static Hash pin(String name) {
    return Hash.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  private static NodeSettings.Address address(String host, int port) {
    return new NodeSettings.Address(host, port);
  }

  private static PeerAddresses.Said said(String id, String host, Optional<Hash> certificate) {
    return new PeerAddresses.Said(id, host, 9, certificate);
  }
}
