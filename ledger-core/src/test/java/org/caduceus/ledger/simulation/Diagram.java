package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.caduceus.ledger.Hash;

/**
 * The messages of a run as a Mermaid sequence diagram. An arrow stands where its message arrives,
 * or, with a cross, where it is lost. Announcements are left out.
 */
final class Diagram implements Watcher {
  private static final int MAX_LINES = 400;

  private final LongSupplier nowMs;
  private final IntUnaryOperator number;
  private final List<String> lines = new ArrayList<>();
  private int left;

  /**
   * An empty diagram.
   *
   * @param number how a reader calls the member of this index
   */
  Diagram(int members, LongSupplier nowMs, IntUnaryOperator number) {
    this.nowMs = nowMs;
    this.number = number;
    for (int i = 0; i < members; i++) {
      lines.add("  participant M" + i);
    }
  }

  @Override
  public void arrived(Letter letter) {
    arrow(letter, "->>");
  }

  @Override
  public void lost(Letter letter) {
    arrow(letter, "-x");
  }

  private void arrow(Letter letter, String arrow) {
    if (letter.kind() != Letter.Kind.STATUS) {
      add(
          "  "
              + participant(letter.from())
              + arrow
              + participant(letter.to())
              + ": "
              + letter.summary());
    }
  }

  @Override
  public void stored(int node, Hash block) {
    add("  Note over " + participant(node) + ": stores " + block.toString().substring(0, 6));
  }

  @Override
  public void appended(int node, long height) {
    add("  Note over " + participant(node) + ": height " + height + " is final");
  }

  @Override
  public void told(String what) {
    add("  Note over M0: " + nowMs.getAsLong() + " ms, " + what.replace(';', ','));
  }

  private String participant(int member) {
    return "M" + number.applyAsInt(member);
  }

  private void add(String line) {
    if (lines.size() < MAX_LINES) {
      lines.add(line);
    } else {
      left++;
    }
  }

  /** The page. */
  String page(String title) {
    StringBuilder page = new StringBuilder();
    page.append("# ").append(title).append("\n\n```mermaid\nsequenceDiagram\n");
    lines.forEach(line -> page.append(line).append('\n'));
    page.append("```\n");
    if (left > 0) {
      page.append("\n").append(left).append(" later lines are left out.\n");
    }
    return page.toString();
  }
}
