package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Standing.Mood;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the next node may be restarted; small web servers say what the nodes would. */
class ParticipationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESTARTED = "member-a";
  private static final String OTHER = "member-b";

  @TempDir private Path folder;

  private final Map<String, ObjectNode> statuses = new HashMap<>();
  private final Map<String, Mood> moods = new HashMap<>();
  private final List<HttpServer> nodes = new ArrayList<>();
  private Installation installation;

  @BeforeEach
  void startNodes() throws IOException {
    installation =
        new Installation(
            folder,
            List.of(RESTARTED, OTHER),
            Ports.freeBase(2),
            Installation.Database.H2,
            "",
            "c0".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "1e".repeat(32));
    for (MemberHome home : installation.memberHomes()) {
      PrivateFiles.folder(home.folder());
      PrivateFiles.write(
          home.nodeProperties(),
          Map.of("caduceus.admin.name", "admin", "caduceus.admin.password", "secret"));
      HttpServer node =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), home.ports().http()), 0);
      node.createContext(
          "/api/tokens", exchange -> answer(exchange, JSON.createObjectNode().put("token", "t")));
      node.createContext("/api/status", exchange -> answer(exchange, statuses.get(home.id())));
      node.createContext(
          "/api/diagnosis",
          exchange ->
              answer(exchange, JSON.createObjectNode().put("mood", moods.get(home.id()).name())));
      node.start();
      nodes.add(node);
    }
  }

  @AfterEach
  void stopNodes() {
    nodes.forEach(node -> node.stop(0));
  }

  private static void answer(HttpExchange exchange, ObjectNode json) throws IOException {
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** A node that is linked with the other one, which it heard if it can. */
  private void says(String member, Mood mood, long height, boolean hears) {
    ObjectNode status =
        JSON.createObjectNode().put("height", height).put("voting", mood == Mood.MOVES);
    ObjectNode peer =
        status
            .putArray("members")
            .addObject()
            .put("id", member.equals(RESTARTED) ? OTHER : RESTARTED)
            .put("connected", true);
    if (hears) {
      peer.put("lastHeardAt", "2026-01-01T00:00:00Z");
    }
    statuses.put(member, status);
    moods.put(member, mood);
  }

  @Test
  void itTakesPartWhenItHasWhatTheOthersHaveAndVotes() {
    says(RESTARTED, Mood.MOVES, 25, true);
    says(OTHER, Mood.MOVES, 25, true);
    Participation participation = new Participation(installation, RESTARTED);
    assertTrue(participation.isWhole());
    says(RESTARTED, Mood.STUCK, 25, true);
    assertFalse(participation.isWhole(), "it voted before");
    says(RESTARTED, Mood.MOVES, 24, true);
    assertFalse(participation.isWhole(), "a block is missing");
    says(RESTARTED, Mood.MOVES, 25, false);
    assertFalse(participation.isWhole(), "it has not heard the other one");
  }

  @Test
  void itDoesNotWaitForWhatOneThatHaltedHasAndTellsNobody() {
    says(RESTARTED, Mood.HALTED, 24, false);
    says(OTHER, Mood.HALTED, 25, false);
    Participation participation = new Participation(installation, RESTARTED);
    says(RESTARTED, Mood.STUCK, 24, false);
    assertTrue(participation.isWhole());
    says(OTHER, Mood.STUCK, 25, false);
    assertFalse(participation.isWhole(), "the other one was started too and tells what it has");
  }
}
