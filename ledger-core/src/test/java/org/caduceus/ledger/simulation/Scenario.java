package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * A scenario as it is written: what the file says of the consortium, and the statements after that.
 *
 * @param name of the file, without its ending
 * @param sizes numbers of members; the scenario is run once with each
 * @param slotK views per leader
 * @param mode of the first epoch
 * @param mutant seeded mistake of the enclaves, usually none
 * @param variable word that stands for each member in turn, if the scenario is run once for each
 * @param lines the statements
 */
record Scenario(
    String name,
    List<Integer> sizes,
    int slotK,
    EpochConfig.Mode mode,
    Optional<String> mutant,
    Optional<String> variable,
    List<Line> lines) {

  /**
   * A statement.
   *
   * @param number in the file, from 1
   * @param text without comment and spare blanks
   */
  record Line(int number, String text) {}

  private static final Pattern CLUSTER =
      Pattern.compile(
          "cluster ([\\d ]+) slot (\\d+)(?: mode ([A-Z0-9_]+))?(?: enclaves ([A-Z_]+))?");
  private static final Pattern EACH = Pattern.compile("for each ([a-z]+)");

  /**
   * Reads a scenario.
   *
   * @throws IllegalArgumentException if the file is none; says where
   */
  static Scenario read(String name, List<String> file) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < file.size(); i++) {
      String text = file.get(i).replaceFirst("#.*", "").strip().replaceAll("\\s+", " ");
      if (!text.isEmpty()) {
        lines.add(new Line(i + 1, text));
      }
    }
    if (lines.isEmpty() || lines.getLast().text().startsWith("expect ") == false) {
      throw new IllegalArgumentException(
          "Expected " + name + " to end with an expectation, but it does not");
    }
    Matcher cluster = CLUSTER.matcher(lines.removeFirst().text());
    if (!cluster.matches()) {
      throw new IllegalArgumentException(
          "Expected " + name + " to begin with \"cluster 4 slot 4\", but it does not");
    }
    List<Integer> sizes = new ArrayList<>();
    for (String size : cluster.group(1).split(" ")) {
      sizes.add(Integer.valueOf(size));
    }
    Optional<String> variable = Optional.empty();
    Matcher each = EACH.matcher(lines.getFirst().text());
    if (each.matches()) {
      variable = Optional.of(each.group(1));
      lines.removeFirst();
    }
    return new Scenario(
        name,
        List.copyOf(sizes),
        Integer.parseInt(cluster.group(2)),
        Optional.ofNullable(cluster.group(3))
            .map(EpochConfig.Mode::valueOf)
            .orElse(EpochConfig.Mode.TEE_1P),
        Optional.ofNullable(cluster.group(4)),
        variable,
        List.copyOf(lines));
  }
}
