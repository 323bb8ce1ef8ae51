package org.caduceus.console.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A small bar chart in a box of 600 by 96 units, oldest value left.
 *
 * @param bars one per value
 * @param most the largest value, at least 1
 */
public record Chart(List<Bar> bars, long most) {
  private static final double WIDTH = 600;
  private static final double HEIGHT = 96;

  /**
   * A bar.
   *
   * @param x left edge
   * @param y upper edge
   * @param width width
   * @param height height
   * @param label what it stands for, shown on hover
   */
  public record Bar(String x, String y, String width, String height, String label) {}

  /**
   * A chart of these values.
   *
   * @param slots number of places, so that few values do not become wide bars
   */
  static Chart of(List<Long> values, List<String> labels, int slots) {
    long most = values.stream().mapToLong(Long::longValue).max().orElse(1);
    most = Math.max(1, most);
    double pitch = WIDTH / slots;
    double left = WIDTH - pitch * values.size();
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      double height = Math.max(2, HEIGHT * values.get(i) / most);
      bars.add(
          new Bar(
              number(left + i * pitch),
              number(HEIGHT - height),
              number(pitch * 0.7),
              number(height),
              labels.get(i)));
    }
    return new Chart(List.copyOf(bars), most);
  }

  private static String number(double value) {
    return String.valueOf(Math.round(value * 10) / 10.0);
  }
}
