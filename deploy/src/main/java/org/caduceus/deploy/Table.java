package org.caduceus.deploy;

import java.util.ArrayList;
import java.util.List;

/** Lines of columns, each as wide as its widest cell. */
public final class Table {
  private final List<String[]> rows = new ArrayList<>();

  /** A table with this first line. */
  public Table(String... header) {
    rows.add(header);
  }

  /** Adds a line of as many cells. */
  public void row(String... cells) {
    rows.add(cells);
  }

  /** Its lines, the header first. */
  public List<String> lines() {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - row[i].length() + 2));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
