package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.caduceus.deploy.Assurance;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.TrialGovernance;
import org.caduceus.deploy.faults.LossChecker;
import org.caduceus.deploy.load.SeededLoad;
import org.caduceus.ledger.membership.MembershipChange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * An institution that is not in the genesis joins a running consortium and is removed again, while
 * messages come in and nobody is restarted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MembersComeAndGoIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime() & 0xfffff);
  private static final String RECEIVER = SharedConsortium.HOSPITAL;
  private static final String JOINER = "laboratory-d";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SharedConsortium consortium = SharedConsortium.get();
  private final Installation before = consortium.installation();
  private final Installation after = before.with(JOINER);
  private final Cluster cluster = new Cluster(Project.locate(), after, consortium.narrator());
  private final TrialGovernance governance = new TrialGovernance(after);
  private SeededLoad load;
  private long firstHeight;

  @BeforeAll
  void startLoad() {
    await("nothing to wait", () -> status(RECEIVER).path("waiting").asLong(1) == 0);
    firstHeight = height(RECEIVER);
    load = new SeededLoad(after.memberHome(RECEIVER).ports().mllp(), SEED, 2, 20);
    load.start();
  }

  @AfterAll
  void end() throws InterruptedException {
    load.stop();
    cluster.kill(JOINER);
    cluster.stopEnclave(JOINER);
    before.write();
  }

  @Test
  @Order(1)
  void itJoinsAndVotes() {
    cluster.prepareJoiner(JOINER, Assurance.SIMULATED);
    cluster.start(List.of(JOINER));
    assertEquals(1, epoch(JOINER), "it knows no more than the genesis");
    assertTrue(
        status(JOINER).path("summary").asText().contains("no seat"),
        () -> status(JOINER).toString());
    governance.tellAddress(JOINER);
    long ended = governance.decide(governance.candidacy(JOINER));
    governance.await(JOINER, ended, it -> it.path("voting").asBoolean());
    for (String member : after.members()) {
      await(
          "a link of " + member + " to everybody",
          () -> {
            JsonNode members = status(member).path("members");
            return members.size() == after.members().size()
                && members.findValues("connected").stream().allMatch(JsonNode::asBoolean);
          });
    }
    requireProgress("with one member more");
    await("what all have at " + JOINER, () -> height(JOINER) >= height(RECEIVER) - 2);
  }

  @Test
  @Order(2)
  void itIsRemovedAndCutOff() {
    long ended = governance.decide(new MembershipChange.RemoveMember(JOINER));
    for (String member : before.members()) {
      governance.await(member, ended, it -> it.path("members").size() == before.members().size());
    }
    // It may ask nobody any more, and learns all the same.
    governance.await(JOINER, ended, it -> !it.path("voting").asBoolean());
    requireProgress("without " + JOINER);
    long there = height(JOINER);
    requireProgress("further without " + JOINER);
    assertEquals(there, height(JOINER), "it learns nothing of what comes later");
  }

  @Test
  @Order(3)
  void nothingIsLost() throws Exception {
    load.stop();
    LossChecker.Report last =
        new LossChecker(before, firstHeight).untilClean(load.acknowledged(), load.sent(), PATIENCE);
    consortium.narrator().line(last.summary());
    assertTrue(load.acknowledgedCount() > 50, "the load is worth the name");
    assertTrue(last.isClean(), last::summary);
  }

  private void requireProgress(String situation) {
    int acknowledged = load.acknowledgedCount();
    long height = height(RECEIVER);
    await(
        "progress " + situation,
        () -> load.acknowledgedCount() > acknowledged + 10 && height(RECEIVER) > height + 1);
    consortium.narrator().step("goes on " + situation);
  }

  private void await(String what, BooleanSupplier condition) {
    assertTrue(
        Pause.until(condition, PATIENCE, 250),
        () -> "expected " + what + " within " + PATIENCE.toSeconds() + " s; seed " + SEED);
  }

  private long epoch(String member) {
    return status(member).path("epoch").asLong(0);
  }

  private long height(String member) {
    return status(member).path("height").asLong(0);
  }

  private JsonNode status(String member) {
    return new NodeClient(after.memberHome(member)).status().orElse(MissingNode.getInstance());
  }
}
