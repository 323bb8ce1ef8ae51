package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.SoftMistake;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: the simulation sees mistakes, so that its silence means something. Method: each mistake
 * that the design names, and some more, is put into all enclaves, voting processes or disks; random
 * runs go on until an invariant breaks. {@code target/mutants.md} says after how many seeds, and
 * which invariant.
 */
final class MutationGateTest {
  private static final int SEEDS = 1_000;
  private static final Path TABLE = Path.of("target/mutants.md");

  /** A mistake, how it was caught and by what. */
  private record Caught(String mutant, long seeds, Optional<Invariant> invariant) {
    String row() {
      return "| "
          + mutant
          + " | "
          + (invariant.isPresent() ? seeds : "survived " + seeds)
          + " | "
          + invariant.map(Invariant::toString).orElse("")
          + " |";
    }
  }

  @Test
  @Tag("6.2b")
  void everyMistakeIsCaught() throws IOException {
    List<Caught> caught = new ArrayList<>();
    for (ModelVoter.Mutant mutant : ModelVoter.Mutant.values()) {
      if (mutant != ModelVoter.Mutant.NONE) {
        caught.add(hunt(mutant.name(), seed -> ClusterSimulation.ofMutant(seed, mutant)));
      }
    }
    for (SoftMistake mistake : SoftMistake.values()) {
      if (mistake != SoftMistake.NONE) {
        caught.add(
            hunt("process " + mistake.name(), seed -> ClusterSimulation.ofMistake(seed, mistake)));
      }
    }
    for (SimulatedDisk.Fault fault : SimulatedDisk.Fault.values()) {
      if (fault != SimulatedDisk.Fault.NONE) {
        caught.add(hunt("disk " + fault.name(), seed -> ClusterSimulation.ofDisks(seed, fault)));
      }
    }
    write(caught);
    List<String> survivors =
        caught.stream().filter(each -> each.invariant().isEmpty()).map(Caught::mutant).toList();
    assertEquals(List.of(), survivors, "mistakes that " + SEEDS + " seeds do not show");
  }

  private static Caught hunt(String name, LongFunction<ClusterSimulation> simulation) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        simulation.apply(seed).run();
      } catch (Violation violation) {
        return new Caught(name, seed + 1, Optional.of(violation.invariant()));
      }
    }
    return new Caught(name, SEEDS, Optional.empty());
  }

  private static void write(List<Caught> caught) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| mutant | seeds until caught | invariant that caught it |");
    lines.add("|---|---|---|");
    caught.forEach(each -> lines.add(each.row()));
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, lines);
  }
}
