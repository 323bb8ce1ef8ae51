package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Planned faults, told in {@code scenarios/*.scenario} as they would happen; the invariants watch
 * every step. {@code -Dscenario=NAME} runs one and draws its messages to {@code
 * target/scenarios/NAME-….md}, {@code -Ddiagrams} draws all; a failing one is always drawn.
 */
final class ScenariosTest {
  private static final Path FOLDER = Path.of("src/test/resources/scenarios");
  private static final Path DIAGRAMS = Path.of("target/scenarios");
  private static final String ENDING = ".scenario";

  @TestFactory
  @Tag("6.1a")
  @Tag("6.1b")
  @Tag("6.1c")
  @Tag("6.2b")
  @Tag("6.2e")
  @Tag("8.5a")
  @Tag("9.1a")
  @Tag("9.1b")
  List<DynamicTest> scenarios() throws IOException {
    String only = System.getProperty("scenario");
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString().replace(ENDING, "");
      if (only == null || only.equals(name)) {
        tests.addAll(runsOf(Scenario.read(name, Files.readAllLines(file))));
      }
    }
    assertFalse(tests.isEmpty(), "Expected a scenario, but there is none named " + only);
    return tests;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
  }

  private static List<DynamicTest> runsOf(Scenario scenario) {
    List<DynamicTest> runs = new ArrayList<>();
    for (int size : scenario.sizes()) {
      String name = scenario.name() + "-" + size;
      if (scenario.variable().isEmpty()) {
        runs.add(
            DynamicTest.dynamicTest(name, () -> run(name, scenario, size, OptionalInt.empty())));
      } else {
        for (int i = 0; i < size; i++) {
          OptionalInt each = OptionalInt.of(i);
          String full = name + "-" + scenario.variable().get() + "-" + i;
          runs.add(DynamicTest.dynamicTest(full, () -> run(full, scenario, size, each)));
        }
      }
    }
    return runs;
  }

  private static void run(String name, Scenario scenario, int size, OptionalInt each) {
    ScenarioRun run = new ScenarioRun(scenario, size, each);
    boolean draw = System.getProperty("scenario") != null || System.getProperty("diagrams") != null;
    try {
      run.run();
    } catch (AssertionError broken) {
      draw = true;
      throw new AssertionError(broken.getMessage() + "\ndrawn in " + diagram(name), broken);
    } finally {
      if (draw) {
        draw(name, run);
      }
    }
  }

  private static Path diagram(String name) {
    return DIAGRAMS.resolve(name + ".md").toAbsolutePath();
  }

  private static void draw(String name, ScenarioRun run) {
    try {
      Files.createDirectories(DIAGRAMS);
      Files.writeString(diagram(name), run.page(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theReadmeNamesEveryStatementAndEveryMisdeed() throws IOException {
    List<String> lines =
        Files.readString(FOLDER.resolve("README.md")).replace("\\|", "|").lines().toList();
    List<String> known = new ArrayList<>(ScenarioRun.usages());
    known.addAll(Misdeeds.names());
    List<String> missing =
        known.stream()
            .filter(each -> lines.stream().noneMatch(line -> line.contains("`" + each + "`")))
            .toList();
    assertEquals(List.of(), missing);
  }
}
