package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Ports;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.TrialGovernance;
import org.caduceus.deploy.load.SeededLoad;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A member's node proposes what it must not, and nobody stops for that; then its voting key signs
 * what no sound enclave signs, two proposals for one view. Where enclaves are trusted, the others
 * stop rather than fork; people start them again, governance goes on under new keys, and nothing is
 * lost.
 *
 * <p>A TEE-1P consortium of four, of its own because of what happens to it. Three members have real
 * nodes and enclaves; the fourth's is played by {@link HostileMember}, so that every block needs
 * the votes of all three. It shows both proposals to one member: the others learn of them from
 * that. Messages come in without pause, also while nothing can become final; {@code -Dseed=N}
 * repeats those of a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokenEnclaveIT extends ThreeHonestMembers {
  /** Few enough that a node which has halted is soon full. */
  private static final int POOL = 300;

  /** A slow machine must not have passed the view when the second proposal comes. */
  private static final long AHEAD = 256;

  private static final int TRIES = 100;
  private static final int NOT_WELL = 4;
  private static final int HTTP_OK = 200;
  private static final int HTTP_UNAVAILABLE = 503;

  private String reason;

  /** How many messages were, when all had the proof. */
  private int acknowledged;

  private long haltedAt;
  private String lastBlock;

  @BeforeAll
  void start() throws IOException {
    narrator.step("seed " + SEED);
    honest =
        new Installation(
            Files.createTempDirectory("caduceus-broken"),
            HONEST,
            Ports.freeBase(HONEST.size() + 1),
            Installation.Database.H2,
            "",
            "b3".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "3e".repeat(32));
    all = honest.with(HOSTILE);
    cluster = new Cluster(Project.locate(), all, narrator);
    Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    cluster.prepare(Map.of(), Map.of("caduceus.pool.max.waiting", Integer.toString(POOL)), 1_000);
    takeTheSeat();
    cluster.start(HONEST);
    load = new SeededLoad(all.memberHome(HOSPITAL).ports().mllp(), SEED, 2, 20);
    load.start();
  }

  /**
   * An enclave's voting key never leaves it, so one that signs anything cannot be had from a sound
   * one: before anybody reads the genesis, the seat goes to a key that the test has.
   */
  private void takeTheSeat() throws IOException {
    cluster.stopEnclave(HOSTILE);
    SigningKey key =
        SigningKey.ofSecret(all.suite(), Bytes.fromHex("5e".repeat(SigningKey.SCALAR_LENGTH)));
    hostile = new HostileMember(all, HOSTILE, key);
    EpochConfig made = EpochConfig.decode(Files.readAllBytes(all.memberHome(HOSTILE).genesis()));
    genesis =
        made.with(
            made.epoch(),
            made.members().stream()
                .map(
                    member ->
                        member.id().equals(HOSTILE)
                            ? member.withVotingKey(key.publicKey(), member.evidence())
                            : member)
                .toList());
    byte[] bytes = genesis.encode().toArray();
    all.memberHomes().forEach(home -> PrivateFiles.write(home.genesis(), bytes));
  }

  @Test
  @Order(1)
  void threeOfFourMakeMessagesFinal() {
    requireProgress("with " + HOSTILE + " silent");
  }

  /** A sound enclave signs that too, so it is the node's misdeed: all name it and go on. */
  @Test
  @Order(2)
  void whoProposesAForgedEntryIsNamedAtAllAndNobodyStops() throws Exception {
    SignedEntry forged = hostile.forge(genesis, HOSPITAL);
    long view = status(REGULATOR).path("view").asLong() + AHEAD;
    try (HostileMember.Link link = hostile.link(REGULATOR)) {
      // The tip moves on: only a proposal upon the block that is the tip when it comes is judged.
      for (int tries = 0; faults(REGULATOR).isEmpty(); tries++) {
        assertTrue(tries < TRIES, "a proposal that came in time");
        view = ledByHostile(view + 1);
        long tip = height(REGULATOR);
        Hash parent = Hash.fromHex(blockAt(REGULATOR, tip));
        link.send(
            new PeerMessage.Propose(
                hostile.propose(genesis, view, tip + 1, parent, List.of(forged)),
                new Justification.Anchor()));
      }
      narrator.step(HOSTILE + " proposes an entry of " + HOSPITAL + " that it signed itself");
      for (String member : HONEST) {
        await("the proof at " + member, () -> faults(member).size() == 1);
        JsonNode fault = faults(member).path(0);
        assertEquals(HOSTILE, fault.path("member").asText());
        assertTrue(
            fault.path("reason").asText().startsWith("Expected valid entries in the proposal for"),
            fault.path("reason").asText());
        requireProves(fault);
        requireLogged(member, "CADL0035", fault.path("reason").asText());
        requireEntered(member);
      }
    }
    requireProgress("with a forged entry that was proposed");
    for (String member : HONEST) {
      assertTrue(status(member).path("voting").asBoolean(), member + " votes");
    }
  }

  private long ledByHostile(long from) {
    long view = from;
    while (genesis.leader(view) != genesis.indexOf(HOSTILE).orElseThrow()) {
      view++;
    }
    return view;
  }

  @Test
  @Order(3)
  void whoSeesTwoProposalsForOneViewTellsTheOthersAndAllStop() throws Exception {
    long view = ledByHostile(status(REGULATOR).path("view").asLong() + 2 * AHEAD);
    long height = height(REGULATOR) + AHEAD;
    reason =
        "Expected one proposal for view %d, but the voter of %s signed two"
            .formatted(view, HOSTILE);
    try (HostileMember.Link link = hostile.link(REGULATOR)) {
      for (String parent : List.of("one block", "another")) {
        Hash hash = Hash.sha256(parent.getBytes(StandardCharsets.US_ASCII));
        link.send(
            new PeerMessage.Propose(
                hostile.propose(genesis, view, height, hash, List.of()),
                new Justification.Anchor()));
      }
      narrator.step(HOSTILE + " proposes twice for view " + view + " and shows it to one member");
      for (String member : HONEST) {
        await("the proof at " + member, () -> faults(member).size() == 2);
      }
      acknowledged = load.acknowledgedCount();
      for (String member : HONEST) {
        JsonNode fault = faults(member).path(0);
        assertEquals(HOSTILE, fault.path("member").asText());
        assertEquals(reason, fault.path("reason").asText());
        requireProves(fault);
        requireLogged(member, "CADL0035", reason);
        requireLogged(member, "CADL0005", reason);
        requireSaysThatItStopped(member);
      }
    }
    narrator.line(said("diagnose", PHARMACY).shown());
    narrator.line(said("evidence", PHARMACY).shown());
  }

  private void requireSaysThatItStopped(String member) throws IOException {
    await(
        "a halt of " + member,
        () -> answer(member, "/api/diagnosis").path("mood").asText().equals("HALTED"));
    assertFalse(status(member).path("voting").asBoolean(true), member + " votes no more");
    Said diagnosis = said("diagnose", member);
    assertEquals(NOT_WELL, diagnosis.exitCode(), diagnosis.shown());
    assertTrue(diagnosis.shown().contains("This node stopped: " + reason), diagnosis.shown());
    NodeClient client = new NodeClient(all.memberHome(member));
    assertEquals(HTTP_OK, client.get("/health/live").status(), "a supervisor leaves it alone");
    assertEquals(HTTP_UNAVAILABLE, client.get("/health/ready").status(), "who watches it sees red");
    Said evidence = said("evidence", member);
    assertEquals(NOT_WELL, evidence.exitCode(), evidence.shown());
    assertTrue(evidence.shown().contains(reason), evidence.shown());
  }

  @Test
  @Order(4)
  void meanwhileNothingBecomesFinalAndMessagesWaitUntilThereIsNoRoom() {
    Map<String, Long> heights = new HashMap<>();
    HONEST.forEach(member -> heights.put(member, height(member)));
    haltedAt = requireOneHistory();
    lastBlock = blockAt(HOSPITAL, haltedAt);
    long declined = load.declinedCount();
    await("acknowledgements", () -> load.acknowledgedCount() > acknowledged + 20);
    await("a full pool that declines", () -> load.declinedCount() > declined);
    HONEST.forEach(member -> assertEquals(heights.get(member), height(member), member));
    narrator.step(
        "all stand at %s; %d messages were acknowledged since, then the pool was full"
            .formatted(heights, load.acknowledgedCount() - acknowledged));
  }

  @Test
  @Order(5)
  void startedAgainTheyDoNotVoteInThatEpochAndGovernanceGoesOnInTheNext() {
    cluster.restart(List.of(HOSPITAL));
    String idle = "without a vote: " + PHARMACY + ", " + REGULATOR;
    await(
        "the others, who have halted, at " + HOSPITAL,
        () -> said("diagnose", HOSPITAL).shown().contains(idle));
    Said diagnosis = said("diagnose", HOSPITAL);
    narrator.line(diagnosis.shown());
    assertEquals(NOT_WELL, diagnosis.exitCode(), diagnosis.shown());
    assertTrue(diagnosis.shown().contains("refuses this epoch: " + reason), diagnosis.shown());
    assertFalse(status(HOSPITAL).path("voting").asBoolean(true), "it does not vote");
    assertEquals(lastBlock, blockAt(HOSPITAL, haltedAt));
    cluster.stop(PHARMACY);
    cluster.stop(REGULATOR);
    cluster.start(List.of(PHARMACY, REGULATOR));
    for (String member : HONEST) {
      await("the next epoch at " + member, () -> status(member).path("epoch").asLong() == 2);
      await("a vote of " + member, () -> status(member).path("voting").asBoolean());
      requireLogged(member, "CADL0029");
      requireLogged(member, "CADL0026");
      requireNextEpoch(answer(member, "/api/epochs").path("items").path(1));
      assertEquals(lastBlock, blockAt(member, haltedAt), member + " goes on from where it stood");
    }
    requireProgress("under new keys");
  }

  /** Anybody who trusts the genesis can follow. */
  private void requireNextEpoch(JsonNode epoch) {
    assertEquals("COLD_START", epoch.path("began").asText());
    EpochProof proof = EpochProof.decode(Base64.getDecoder().decode(epoch.path("proof").asText()));
    EpochChain.Step.Into into =
        assertInstanceOf(
            EpochChain.Step.Into.class,
            EpochChain.next(
                EpochChain.Beginning.genesis(genesis),
                proof,
                SignatureVerifier.of(genesis.suite())));
    assertTrue(into.next().anchorHeight() >= haltedAt, "nothing that was final is left behind");
    for (String member : HONEST) {
      assertNotEquals(
          seat(genesis, member).votingKey(),
          seat(proof.config(), member).votingKey(),
          member + " has a new key");
    }
  }

  private static Member seat(EpochConfig config, String member) {
    return config.members().get(config.indexOf(member).orElseThrow());
  }

  @Test
  @Order(6)
  void theProofComesOntoTheLedgerAndTheMemberIsRemoved() {
    for (String member : HONEST) {
      requireEntered(member);
    }
    narrator.line(said("evidence", PHARMACY).shown());
    TrialGovernance governance = new TrialGovernance(all);
    long ended = governance.decide(new MembershipChange.RemoveMember(HOSTILE));
    for (String member : HONEST) {
      governance.await(member, ended, it -> it.path("members").size() == HONEST.size());
    }
    requireProgress("without " + HOSTILE);
  }

  @Test
  @Order(7)
  void nothingIsLost() throws Exception {
    requireNothingLost();
    for (String member : HONEST) {
      await("nothing to wait at " + member, () -> status(member).path("waiting").asLong(1) == 0);
    }
  }
}
