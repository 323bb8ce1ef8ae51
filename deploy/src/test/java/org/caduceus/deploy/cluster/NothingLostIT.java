package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.faults.LossChecker;
import org.caduceus.deploy.load.SeededLoad;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every message that a sender saw acknowledged is in exactly one final block at all members,
 * whatever was killed or cut meanwhile.
 *
 * <p>Seeded clients send to hospital-a without pause; each step breaks something, expects the
 * consortium to go on or to say no (never a false yes), repairs it and expects the member to catch
 * up. The last step compares what was acknowledged with what every member holds. {@code -Dseed=N}
 * repeats the messages of a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NothingLostIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime() & 0xfffff);
  private static final int CONNECTIONS = 6;
  private static final double PER_SECOND = Double.parseDouble(System.getProperty("load", "60"));
  private static final Duration CUT = Duration.ofMinutes(1);
  private static final Duration PROGRESS = Duration.ofMinutes(1);
  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  private static final String RECEIVER = SharedConsortium.HOSPITAL;
  private static final String PEER = SharedConsortium.PHARMACY;
  private static final String OTHER = SharedConsortium.REGULATOR;

  private final SharedConsortium consortium = SharedConsortium.get();
  private final Narrator narrator = consortium.narrator();
  private final Installation installation = consortium.installation();
  private final Cluster cluster = consortium.cluster();
  private SeededLoad load;
  private long firstHeight;

  @BeforeAll
  void startLoad() {
    narrator.step("seed " + SEED);
    await("nothing to wait", PROGRESS, () -> status(RECEIVER).path("waiting").asLong(1) == 0);
    firstHeight = height(RECEIVER);
    load =
        new SeededLoad(
            installation.memberHome(RECEIVER).ports().mllp(), SEED, CONNECTIONS, PER_SECOND);
    load.start();
  }

  @AfterAll
  void endLoad() throws InterruptedException {
    load.stop();
  }

  @Test
  @Order(1)
  void messagesBecomeFinalEverywhere() {
    for (String member : installation.members()) {
      await("blocks at " + member, PROGRESS, () -> height(member) >= 2);
    }
    await("acknowledgements", PROGRESS, () -> load.acknowledgedCount() > 50);
  }

  @Test
  @Order(2)
  void aPeerIsKilledAndComesBack() {
    cluster.kill(PEER);
    narrator.step("killed the node of " + PEER);
    requireProgress("with " + PEER + " down");
    cluster.start(List.of(PEER));
    requireCaughtUp(PEER);
    requireVoting(PEER);
  }

  @Test
  @Order(3)
  void theReceiverIsKilledAndComesBack() {
    cluster.kill(RECEIVER);
    narrator.step("killed the node of " + RECEIVER);
    cluster.start(List.of(RECEIVER));
    requireProgress("with " + RECEIVER + " back");
    requireCaughtUp(RECEIVER);
    requireVoting(RECEIVER);
  }

  @Test
  @Order(4)
  void aLinkIsCutForAMinute() {
    consortium.cut(RECEIVER, PEER);
    narrator.step("cut the link between " + RECEIVER + " and " + PEER);
    long end = System.nanoTime() + CUT.toNanos();
    requireProgress("with the link cut");
    Pause.milliseconds(Math.max(0, (end - System.nanoTime()) / 1_000_000));
    requireProgress("with the link cut for " + CUT.toSeconds() + " s");
    consortium.mend(RECEIVER, PEER);
    narrator.step("mended the link");
    requireCaughtUp(PEER);
  }

  @Test
  @Order(5)
  void aFullPoolSaysNo() {
    consortium.cut(RECEIVER, PEER);
    consortium.cut(RECEIVER, OTHER);
    narrator.step("cut " + RECEIVER + " off");
    long before = load.declinedCount();
    await("a full pool that declines", PROGRESS, () -> load.declinedCount() > before);
    long waiting = status(RECEIVER).path("waiting").asLong();
    narrator.step(waiting + " entries wait, " + load.declinedCount() + " declined");
    consortium.mend(RECEIVER, PEER);
    consortium.mend(RECEIVER, OTHER);
    narrator.step("joined " + RECEIVER + " again");
    requireProgress("with the pool draining");
    await(
        "a pool with room",
        CATCH_UP,
        () ->
            status(RECEIVER).path("waiting").asLong(SharedConsortium.POOL) < SharedConsortium.POOL);
  }

  @Test
  @Order(6)
  void theReceiversEnclaveIsKilledAndGetsItsSeatBackInANewEpoch() {
    long before = epoch(RECEIVER);
    cluster.killEnclave(RECEIVER);
    narrator.step("killed the enclave of " + RECEIVER);
    requireProgress("with another enclave at " + RECEIVER);
    for (String member : installation.members()) {
      await("a new epoch at " + member, CATCH_UP, () -> epoch(member) == before + 1);
      requireVoting(member);
    }
    requireCaughtUp(RECEIVER);
  }

  @Test
  @Order(7)
  void allEnclavesAreKilledAtOnceAndTheConsortiumGoesOn() {
    long before = epoch(RECEIVER);
    installation.members().forEach(cluster::killEnclave);
    narrator.step("killed all enclaves");
    for (String member : installation.members()) {
      await("a new epoch at " + member, CATCH_UP, () -> epoch(member) > before);
      requireVoting(member);
    }
    requireProgress("after a cold start");
  }

  @Test
  @Order(8)
  void everythingAcknowledgedIsFinalOnceEverywhere() throws Exception {
    load.stop();
    narrator.step(
        "the load ends: %d acknowledged, %d declined, %d connections broken"
            .formatted(load.acknowledgedCount(), load.declinedCount(), load.brokenCount()));
    LossChecker.Report last =
        new LossChecker(installation, firstHeight)
            .untilClean(load.acknowledged(), load.sent(), CATCH_UP);
    narrator.line(last.summary());
    assertEquals("", load.firstWrongAnswer(), "every answer is for the message that was sent");
    assertTrue(load.acknowledgedCount() > 1_000, "the load is worth the name");
    assertTrue(last.isClean(), last::summary);
  }

  private void requireProgress(String situation) {
    int acknowledged = load.acknowledgedCount();
    long height = installation.members().stream().mapToLong(this::height).max().orElse(0);
    await(
        "acknowledgements " + situation,
        PROGRESS,
        () -> load.acknowledgedCount() > acknowledged + 20);
    await(
        "final blocks " + situation,
        PROGRESS,
        () -> installation.members().stream().mapToLong(this::height).max().orElse(0) > height + 1);
    narrator.step("goes on " + situation);
  }

  private void requireCaughtUp(String member) {
    await(
        member + " to catch up",
        CATCH_UP,
        () -> {
          long others =
              installation.members().stream()
                  .filter(other -> !other.equals(member))
                  .mapToLong(this::height)
                  .max()
                  .orElse(0);
          return height(member) > 0 && height(member) >= others - 2;
        });
    narrator.step(member + " has caught up");
  }

  private void requireVoting(String member) {
    await(member + " to vote", PROGRESS, () -> status(member).path("voting").asBoolean(false));
  }

  private void await(String what, Duration patience, BooleanSupplier condition) {
    assertTrue(
        Pause.until(condition, patience, 250),
        () -> "expected " + what + " within " + patience.toSeconds() + " s; seed " + SEED);
  }

  private long epoch(String member) {
    return status(member).path("epoch").asLong(0);
  }

  private long height(String member) {
    return status(member).path("height").asLong(0);
  }

  private JsonNode status(String member) {
    return new NodeClient(installation.memberHome(member))
        .status()
        .orElse(MissingNode.getInstance());
  }
}
