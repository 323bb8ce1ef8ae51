package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.consensus.Standing.Cause;
import org.caduceus.ledger.consensus.Standing.Finding;

/** What a member's standing comes to, in one English sentence for logs and status lines. */
final class Summary {
  private final Standing standing;

  private Summary(Standing standing) {
    this.standing = standing;
  }

  static String of(Standing standing) {
    return new Summary(standing).sentence();
  }

  private String sentence() {
    if (standing.mood() == Standing.Mood.HALTED) {
      return "Halted for safety: " + first(Cause.HALTED).text() + ".";
    }
    String role =
        has(Cause.DOES_NOT_VOTE)
            ? "Follows without voting (" + first(Cause.DOES_NOT_VOTE).text() + "); "
            : "";
    if (has(Cause.CATCHING_UP)) {
      return role + "catching up from height " + standing.height() + ".";
    }
    return role + movement() + members() + coldStart() + ".";
  }

  private String movement() {
    if (has(Cause.RESTS)) {
      return "nothing waits; height " + standing.height();
    }
    Finding waits = first(Cause.WAITS);
    return waits.numbers().get(0)
        + " entries wait, last final block "
        + waits.numbers().get(1)
        + " s ago; leader of view "
        + standing.view()
        + " is "
        + standing.leader()
        + (has(Cause.REPORTS_MISSING) ? ", which takes over" : "");
  }

  private String members() {
    List<String> parts = new ArrayList<>();
    if (has(Cause.NO_QUORUM)) {
      List<Long> numbers = first(Cause.NO_QUORUM).numbers();
      parts.add(
          "heard from "
              + numbers.get(0)
              + " of "
              + numbers.get(1)
              + " members, but a quorum is "
              + numbers.get(2));
    }
    List<String> silent = new ArrayList<>();
    all(Cause.SILENT)
        .forEach(it -> silent.add(name(it) + " for " + it.numbers().getFirst() + " s"));
    all(Cause.NEVER_HEARD).forEach(it -> silent.add(name(it) + " (never heard)"));
    add(parts, "silent: ", silent);
    add(
        parts,
        "behind: ",
        all(Cause.BEHIND).stream()
            .map(it -> name(it) + " at height " + it.numbers().get(1))
            .toList());
    return join(parts);
  }

  private String coldStart() {
    if (!has(Cause.KEYS_LOST)) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    List<Long> lost = first(Cause.KEYS_LOST).numbers();
    parts.add(
        lost.get(0)
            + " of "
            + lost.get(1)
            + " members have no voting key any more, so no quorum is left");
    for (Finding missing : all(Cause.STATEMENTS_MISSING)) {
      parts.add("a cold start needs the statements of " + missing.numbers().get(1));
      add(parts, "not stated: ", missing.members());
    }
    for (Finding missing : all(Cause.STATED_BLOCK_MISSING)) {
      parts.add(
          String.join(", ", missing.members())
              + " stated a block of height "
              + missing.numbers().get(0)
              + " that nobody shows, though it may be final: that node has to; without it a cold"
              + " start needs the statements of "
              + missing.numbers().get(2)
              + " others, and there are "
              + missing.numbers().get(1));
    }
    for (Finding missing : all(Cause.PLAN_MISSING)) {
      parts.add("nobody told a plan for the cold start yet; first to make one: " + name(missing));
    }
    for (Finding missing : all(Cause.APPROVALS_MISSING)) {
      parts.add(
          "the cold start at height "
              + missing.numbers().get(2)
              + " needs the approval of "
              + missing.numbers().get(1)
              + " governance keys");
      add(parts, "not approved: ", missing.members());
    }
    return join(parts);
  }

  private boolean has(Cause cause) {
    return standing.findings().stream().anyMatch(it -> it.cause() == cause);
  }

  private Finding first(Cause cause) {
    return all(cause).getFirst();
  }

  private List<Finding> all(Cause cause) {
    return standing.findings().stream().filter(it -> it.cause() == cause).toList();
  }

  private static String name(Finding finding) {
    return finding.members().getFirst();
  }

  private static void add(List<String> parts, String what, List<String> named) {
    if (!named.isEmpty()) {
      parts.add(what + String.join(", ", named));
    }
  }

  private static String join(List<String> parts) {
    return parts.isEmpty() ? "" : "; " + String.join("; ", parts);
  }
}
