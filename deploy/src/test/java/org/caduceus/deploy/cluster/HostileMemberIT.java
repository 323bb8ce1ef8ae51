package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caduceus.deploy.Assurance;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.Ports;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.load.SeededLoad;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.query.CutOff;
import org.caduceus.ledger.query.CutOff.Offence;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A member with its real keys does what none may do: it votes twice, lies about sizes, replays and
 * floods. The honest keep proof of the one, cut it off for the others, and lose nothing.
 *
 * <p>A BFT-2P consortium of four on PostgreSQL, of its own because of what happens to it. Three
 * members have real nodes; the fourth's is played by {@link HostileMember}, so that every block
 * needs the votes of all three. Messages come in without pause; after each misdeed all three go on,
 * hold the same blocks and have cut off nobody else. Each offence hits another node, because each
 * node keeps account by itself; {@code -Dseed=N} repeats the messages of a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileMemberIT extends ThreeHonestMembers {
  private static final Duration REFUSAL = Duration.ofSeconds(5);

  /** What a client of the broker says first. */
  private static final byte[] GREETING = "ARTEMIS".getBytes(StandardCharsets.US_ASCII);

  /** Messages of which one may speak of a flood. */
  private static final long FLOOD = 20_000;

  private static final int STEP_MS = 250;
  private static final Duration LONG_FLOOD = Duration.ofSeconds(30);

  /** Votes are taken for so many views to come, and a slow machine must not have passed them. */
  private static final long VIEWS_AHEAD = 256;

  @BeforeAll
  void start() throws IOException {
    narrator.step("seed " + SEED);
    honest =
        new Installation(
            Files.createTempDirectory("caduceus-hostile"),
            HONEST,
            Ports.freeBase(HONEST.size() + 1),
            Installation.Database.POSTGRESQL,
            "",
            "b2".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "2e".repeat(32));
    all = honest.with(HOSTILE);
    cluster = new Cluster(Project.locate(), all, narrator);
    Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    cluster.prepare(Map.of(), Map.of(), 1_000, Assurance.SIMULATED, EpochConfig.Mode.BFT_2P);
    cluster.start(HONEST);
    hostile = HostileMember.ofProcess(all, HOSTILE);
    genesis = EpochConfig.decode(Files.readAllBytes(all.memberHome(HOSTILE).genesis()));
    load = new SeededLoad(all.memberHome(HOSPITAL).ports().mllp(), SEED, 2, 20);
    load.start();
  }

  @Test
  @Order(1)
  void threeOfFourMakeMessagesFinal() {
    requireProgress("with " + HOSTILE + " silent");
  }

  // ---- a double vote --------------------------------------------------------------------------

  @Test
  @Order(2)
  void twoVotesInOneViewAreProofThatAllKeepAndTheChainGoesOn() throws Exception {
    long view = status(REGULATOR).path("view").asLong() + VIEWS_AHEAD;
    while (genesis.leader(view) != genesis.indexOf(REGULATOR).orElseThrow()) {
      view++;
    }
    long height = height(REGULATOR) + 1;
    String reason =
        "Expected one vote in view %d, but the voter of %s signed two".formatted(view, HOSTILE);
    try (HostileMember.Link link = hostile.link(REGULATOR)) {
      for (String block : List.of("one block", "another")) {
        Hash hash = Hash.sha256(block.getBytes(StandardCharsets.US_ASCII));
        link.send(new PeerMessage.VoteMessage(hostile.vote(genesis, view, height, hash)));
      }
      narrator.step(HOSTILE + " votes twice in view " + view + " and shows it to one member");
      for (String member : HONEST) {
        await("the proof at " + member, () -> faults(member).size() == 1);
        JsonNode fault = faults(member).path(0);
        assertEquals(HOSTILE, fault.path("member").asText());
        assertEquals(reason, fault.path("reason").asText());
        requireProves(fault);
        requireLogged(member, "CADL0035", reason);
      }
    }
    for (String member : HONEST) {
      requireEntered(member);
      Said table = said("evidence", member);
      assertEquals(4, table.exitCode(), table.shown());
      assertTrue(table.shown().contains(reason), table.shown());
      assertTrue(table.shown().contains(entryOf(member)), table.shown());
    }
    narrator.line(said("evidence", PHARMACY).shown());
    requireProgress("with a proven double vote");
    for (String member : HONEST) {
      assertTrue(status(member).path("voting").asBoolean(), member + " votes");
      assertEquals(1, status(member).path("epoch").asLong(), member + " is in the same epoch");
    }
  }

  // ---- what links do not bear -----------------------------------------------------------------

  @Test
  @Order(3)
  void whoSaysThatAPacketHasTwoGibibytesIsCutOff() throws Exception {
    try (HostileMember.Link link = hostile.link(HOSPITAL);
        SSLSocket socket = hostile.socket(HOSPITAL)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(GREETING);
      out.write(ByteBuffer.allocate(Integer.BYTES).putInt(Integer.MAX_VALUE).array());
      out.flush();
      assertEquals(-1, socket.getInputStream().read(), "the broker ends the connection");
      requireCutOff(HOSPITAL, Offence.OVERSIZED);
      await("the end of its other connection", link::isEnded);
    }
    requireProgress("with a lie about a packet");
  }

  @Test
  @Order(4)
  void whoSaysThatAMessageHoldsTwoBillionEntriesIsCutOff() throws Exception {
    byte[] lie = new PeerMessage.EntryGossip(List.of()).encode().toArray();
    ByteBuffer.wrap(lie).putInt(lie.length - Integer.BYTES, Integer.MAX_VALUE);
    try (HostileMember.Link link = hostile.link(REGULATOR)) {
      for (long i = 0; i <= Offence.MALFORMED.borne(); i++) {
        link.send(lie);
      }
      requireCutOff(REGULATOR, Offence.MALFORMED);
      await("the end of its connection", link::isEnded);
    }
    requireLogged(REGULATOR, "CADL0008", HOSTILE);
    requireProgress("with lies about entries");
  }

  @Test
  @Order(5)
  void whoSaysARecordedMessageAgainAndAgainIsCutOff() throws Exception {
    byte[] recorded =
        new PeerMessage.VoteMessage(hostile.vote(genesis, 1, 1, Hash.ZERO)).encode().toArray();
    try (HostileMember.Link link = hostile.link(PHARMACY)) {
      link.send(recorded);
      for (long i = 0; i <= Offence.REPLAYED.borne(); i++) {
        link.sendAgain(recorded);
      }
      requireCutOff(PHARMACY, Offence.REPLAYED);
      await("the end of its connection", link::isEnded);
    }
    requireProgress("with a replay");
  }

  @Test
  @Order(6)
  void afterThePauseItIsHeardAgain() throws Exception {
    for (String member : HONEST) {
      await("an end of the pause at " + member, () -> cutOff(member).isEmpty());
      Instant before = Instant.now();
      try (HostileMember.Link link = hostile.link(member)) {
        link.send(new PeerMessage.StatusAnnouncement(1, 0, 1, false));
        await(
            HOSTILE + " heard at " + member,
            () -> {
              String heard = peer(member, HOSTILE).path("lastHeardAt").asText("");
              return !heard.isEmpty() && !Instant.parse(heard).isBefore(before.minusSeconds(1));
            });
      }
      requireLogged(member, "CADL0051", HOSTILE);
    }
    requireProgress("with " + HOSTILE + " back");
  }

  /**
   * It is heard as far as its share goes, the others are heard meanwhile, and a machine that takes
   * more of it than is borne cuts it off. A slow one takes less, and need not.
   */
  @Test
  @Order(7)
  void whoFloodsHoldsUpNobody() throws Exception {
    byte[] noise = new PeerMessage.StatusAnnouncement(1, 0, 1, false).encode().toArray();
    long dropped = peer(HOSPITAL, HOSTILE).path("dropped").asLong();
    AtomicLong sent = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    long began = System.nanoTime();
    Thread flood = Thread.ofPlatform().start(() -> flood(HOSPITAL, noise, sent, enough));
    try {
      await("a flood", () -> sent.get() > FLOOD);
      requireProgress("during a flood");
      Pause.until(() -> isCutOff(HOSPITAL, Offence.MANY_MESSAGES), LONG_FLOOD, STEP_MS);
    } finally {
      enough.set(true);
      flood.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    long lost = peer(HOSPITAL, HOSTILE).path("dropped").asLong() - dropped;
    narrator.step(
        "%s sent %,d messages within %.1f s, of which %s dropped %,d"
            .formatted(HOSTILE, sent.get(), seconds, HOSPITAL, lost));
    Offence many = Offence.MANY_MESSAGES;
    if (isCutOff(HOSPITAL, many)) {
      requireCutOff(HOSPITAL, many);
    } else {
      double windows = seconds / many.within().toSeconds() + 1;
      assertTrue(sent.get() <= windows * many.borne(), sent + " in " + seconds + " s");
    }
    narrator.line(said("diagnose", HOSPITAL).shown());
    requireProgress("after a flood");
  }

  /** As much as it can, also over new connections where one ends, until it is enough. */
  private void flood(String member, byte[] noise, AtomicLong sent, AtomicBoolean enough) {
    while (!enough.get()) {
      try (HostileMember.Link link = hostile.link(member, REFUSAL)) {
        while (!enough.get() && !link.isEnded()) {
          link.send(noise);
          sent.incrementAndGet();
        }
      } catch (ActiveMQException cut) {
        narrator.line("  its connection ends: " + cut.getType() + " " + cut.getMessage());
        Pause.milliseconds(STEP_MS);
      }
    }
  }

  /** The log keeps it for ever; who asks the node sees it until the pause is over. */
  private void requireCutOff(String member, Offence offence) {
    long returns = returns(member);
    requireLogged(member, "CADL0050", HOSTILE, words(offence));
    cutOff(member)
        .ifPresentOrElse(
            cut -> {
              assertEquals(offence.name(), cut.path("offence").asText());
              narrator.line("  " + member + " shows " + cut);
            },
            () -> assertTrue(returns(member) > returns, member + " shows it until the return"));
    requireRefused(member, returns);
    for (String one : HONEST) {
      for (String other : HONEST) {
        assertFalse(
            peer(one, other).path("cutOff").isObject(), one + " hears what " + other + " says");
      }
    }
  }

  private boolean isCutOff(String member, Offence offence) {
    return logged(member, "CADL0050", HOSTILE, words(offence)).findAny().isPresent();
  }

  private static String words(Offence offence) {
    return new CutOff(0, offence, 0).reason().replace("it sent 0 ", "");
  }

  /** It is not let in before its pause is over, which a slow machine may reach first. */
  private void requireRefused(String member, long returns) {
    try {
      hostile.link(member, REFUSAL).close();
      assertTrue(returns(member) > returns, member + " lets it in only after the pause");
    } catch (ActiveMQException refused) {
      narrator.line("  " + member + " lets it in no more: " + refused.getType());
    }
  }

  private long returns(String member) {
    return logged(member, "CADL0051", HOSTILE).count();
  }

  private Optional<JsonNode> cutOff(String member) {
    return Optional.of(peer(member, HOSTILE).path("cutOff")).filter(JsonNode::isObject);
  }

  // ---- the end --------------------------------------------------------------------------------

  @Test
  @Order(8)
  void nothingIsLost() throws Exception {
    requireNothingLost();
  }

  private JsonNode peer(String member, String other) {
    for (JsonNode each : status(member).path("members")) {
      if (each.path("id").asText().equals(other)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }
}
