package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.faults.LossChecker;
import org.caduceus.deploy.load.SeededLoad;
import org.caduceus.deploy.operator.Operator;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.AfterAll;

/**
 * Three members of a consortium of four, whose nodes are real, while a test plays the fourth's
 * ({@link HostileMember}): what they answer, log and hold, and what has to hold at all three. A
 * test that extends this one founds the consortium; messages come in at the first of the three.
 */
abstract class ThreeHonestMembers {
  static final long SEED = Long.getLong("seed", System.nanoTime() & 0xfffff);
  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final String HOSPITAL = SharedConsortium.HOSPITAL;
  static final String PHARMACY = SharedConsortium.PHARMACY;
  static final String REGULATOR = SharedConsortium.REGULATOR;
  static final List<String> HONEST = List.of(HOSPITAL, PHARMACY, REGULATOR);
  static final String HOSTILE = "insurer-d";
  private static final int STEP_MS = 250;

  final Narrator narrator = new Narrator(System.out);

  /** The three alone. */
  Installation honest;

  Installation all;
  Cluster cluster;
  HostileMember hostile;
  EpochConfig genesis;
  SeededLoad load;

  @AfterAll
  void end() throws InterruptedException {
    if (load != null) {
      load.stop();
    }
    remove();
  }

  void remove() {
    if (cluster != null && Files.exists(all.home())) {
      cluster.killAll();
      if (!Boolean.getBoolean("keep")) {
        PrivateFiles.deleteTree(all.home());
      }
    }
  }

  // ---- what has to hold at all three ----------------------------------------------------------

  /** All three grow, acknowledge, and hold one history. */
  void requireProgress(String situation) {
    int acknowledged = load.acknowledgedCount();
    long highest = HONEST.stream().mapToLong(this::height).max().orElse(0);
    await("acknowledgements " + situation, () -> load.acknowledgedCount() > acknowledged + 10);
    for (String member : HONEST) {
      await("final blocks at " + member + " " + situation, () -> height(member) > highest + 1);
    }
    long common = requireOneHistory();
    narrator.step("one history up to height " + common + ", and it goes on " + situation);
  }

  /**
   * All three hold the same blocks.
   *
   * @return the height up to which all of them have blocks
   */
  long requireOneHistory() {
    long common = HONEST.stream().mapToLong(this::height).min().orElse(0);
    Set<String> blocks = new HashSet<>();
    HONEST.forEach(member -> blocks.add(blockAt(member, common)));
    assertEquals(1, blocks.size(), "one block at height " + common + ", which names all before it");
    return common;
  }

  /** Every acknowledged message is final once at each of the three, and nothing of strangers is. */
  void requireNothingLost() throws InterruptedException {
    load.stop();
    LossChecker.Report last =
        new LossChecker(honest, 0).untilClean(load.acknowledged(), load.sent(), PATIENCE);
    narrator.line(last.summary());
    assertEquals("", load.firstWrongAnswer(), "every answer is for the message that was sent");
    assertTrue(load.acknowledgedCount() > 100, "the load is worth the name");
    assertTrue(last.isClean(), last::summary);
  }

  // ---- proofs that a voter is broken ----------------------------------------------------------

  JsonNode faults(String member) {
    return answer(member, "/api/governance").path("faults");
  }

  /** Anybody who knows the configuration can check it; nobody has to trust the node. */
  void requireProves(JsonNode fault) {
    byte[] proof = Base64.getDecoder().decode(fault.path("proof").asText());
    Electorate electorate = new Electorate(genesis, SignatureVerifier.of(genesis.suite()));
    assertTrue(VoterFault.decode(proof).holds(electorate, Register.of(genesis)), "the proof holds");
  }

  /** The entry with which a member brought its last proof onto the ledger, empty before. */
  String entryOf(String member) {
    return faults(member).path(0).path("entryId").asText("");
  }

  /** The last proof that this member keeps comes onto the ledger. */
  void requireEntered(String member) {
    await("the proof of " + member + " as an entry", () -> !entryOf(member).isEmpty());
    requireLogged(member, "CADL0036", faults(member).path(0).path("id").asText());
    requireEverywhere(entryOf(member), member);
  }

  private void requireEverywhere(String entry, String author) {
    for (String member : HONEST) {
      await(
          "the entry of " + author + " final at " + member,
          () -> answer(member, "/api/entries/" + entry).path("status").asText().equals("final"));
      JsonNode found = answer(member, "/api/entries/" + entry);
      assertEquals(VoterFault.KIND, found.path("kind").asText());
      assertEquals(author, found.path("member").asText());
    }
    JsonNode found = answer(author, "/api/entries/" + entry);
    narrator.step(
        "%s %.12s of %s is final at height %d everywhere"
            .formatted(VoterFault.KIND, entry, author, found.path("height").asLong()));
  }

  // ---- what one says --------------------------------------------------------------------------

  void requireLogged(String member, String... parts) {
    await(
        String.join(" ", parts) + " in the log of " + member,
        () -> logged(member, parts).findAny().isPresent());
    narrator.line("  " + member + ": " + logged(member, parts).reduce((a, b) -> b).orElseThrow());
  }

  Stream<String> logged(String member, String... parts) {
    try {
      // The server's lines carry bytes of messages in no particular encoding.
      String log = Files.readString(all.memberHome(member).log(), StandardCharsets.ISO_8859_1);
      return log.lines()
          .filter(line -> Arrays.stream(parts).allMatch(line::contains))
          .map(line -> line.substring(line.indexOf(parts[0])).replace("]]", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How {@code deploy/caduceus} ended and what it printed. */
  record Said(int exitCode, String shown) {}

  Said said(String command, String member) {
    PrintStream console = System.out;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Operator.run(command, "--home", all.home().toString(), "--member", member);
      return new Said(exitCode, shown.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(console);
    }
  }

  long height(String member) {
    return status(member).path("height").asLong(0);
  }

  /** Hash of its block of this height. */
  String blockAt(String member, long height) {
    return answer(member, "/api/blocks/" + height).path("hash").asText(member + " has none");
  }

  JsonNode status(String member) {
    return new NodeClient(all.memberHome(member)).status().orElse(MissingNode.getInstance());
  }

  JsonNode answer(String member, String path) {
    try {
      NodeClient.Answer answer = new NodeClient(all.memberHome(member)).get(path);
      return answer.isSuccess() ? answer.json() : MissingNode.getInstance();
    } catch (IOException notNow) {
      return MissingNode.getInstance();
    }
  }

  void await(String what, BooleanSupplier condition) {
    assertTrue(
        Pause.until(condition, PATIENCE, STEP_MS),
        () -> "expected " + what + " within " + PATIENCE.toSeconds() + " s; seed " + SEED);
  }
}
