package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.caduceus.ledger.block.SampleEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: the checker in C and its model in Java are the same machine, so that what the simulations
 * prove with the model holds for the enclave.
 *
 * <p>Method: random calls, most of them nearly right, go to both: a real enclave process and the
 * model. After each call both must have answered with the same status, or with a signature over the
 * very bytes that the model would sign, and must stand at the same place. {@code -Dseed=N} repeats
 * a run, {@code -Dcalls=N} makes it longer.
 */
final class CheckerAgreementTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime() & 0xffffff);
  private static final int CALLS = Integer.getInteger("calls", 20_000);
  private static final int CALLS_OF_A_LIFE = 500;

  @TempDir Path home;

  @Test
  void bothCheckersAnswerAlike() throws Exception {
    Map<RandomCalls.Kind, Map<String, Integer>> answers = new EnumMap<>(RandomCalls.Kind.class);
    int done = 0;
    // What a life meets is chance, so lives go on for as long as a kind was not answered both ways.
    for (long life = 0; done < CALLS || (done < 4 * CALLS && !isComplete(answers)); life++) {
      Path folder = Files.createDirectory(home.resolve("life-" + life));
      try (SampleEnclave enclave = SampleEnclave.start(folder, SampleEntries.CHAIN, "member-a")) {
        RandomCalls calls = new RandomCalls(enclave.process(), SEED * 1_000_003 + life);
        for (int call = 0; call < CALLS_OF_A_LIFE && !calls.areOver(); call++, done++) {
          RandomCalls.Kind kind = calls.choose();
          String answer;
          try {
            answer = calls.askBoth(kind);
          } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                "seed "
                    + SEED
                    + " (replay with -Dseed="
                    + SEED
                    + "), life "
                    + life
                    + ", call "
                    + call
                    + ", "
                    + kind
                    + ": "
                    + broken.getMessage(),
                broken);
          }
          answers.computeIfAbsent(kind, any -> new TreeMap<>()).merge(answer, 1, Integer::sum);
        }
      }
    }
    System.out.println("seed " + SEED + ", " + done + " calls: " + answers);
    assertEveryKindSucceedsAndFails(answers);
  }

  private static boolean isComplete(Map<RandomCalls.Kind, Map<String, Integer>> answers) {
    return answers.size() == RandomCalls.Kind.values().length
        && answers.values().stream().allMatch(CheckerAgreementTest::hasBothAnswers);
  }

  private static boolean hasBothAnswers(Map<String, Integer> seen) {
    return seen.getOrDefault("OK", 0) > 0 && seen.size() > 1;
  }

  /** A generator that is refused at the first guard would prove nothing. */
  private static void assertEveryKindSucceedsAndFails(
      Map<RandomCalls.Kind, Map<String, Integer>> answers) {
    for (RandomCalls.Kind kind : RandomCalls.Kind.values()) {
      Map<String, Integer> seen = answers.getOrDefault(kind, Map.of());
      assertTrue(
          hasBothAnswers(seen), "Expected " + kind + " to succeed and to fail, but got " + seen);
    }
    for (String status : new String[] {"E_PARAM", "E_STATE", "E_CONFLICT"}) {
      assertTrue(
          answers.values().stream().anyMatch(seen -> seen.containsKey(status)),
          "Expected some " + status + ", but got " + answers);
    }
    assertEquals(RandomCalls.Kind.values().length, answers.size());
  }
}
