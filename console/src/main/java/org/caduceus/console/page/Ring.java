package org.caduceus.console.page;

import java.util.Locale;

/**
 * The ring of seats in the picture of votes: a box of 120 by 120 units, seat 0 at twelve o'clock.
 */
final class Ring {
  private static final double CENTRE = 60;
  private static final double OUTER = 56;
  private static final double INNER = 42;
  private static final double GAP_RADIANS = 0.06;

  private Ring() {}

  /** SVG path of one seat's part. */
  static String segment(int index, int seats) {
    double share = 2 * Math.PI / seats;
    double from = index * share - Math.PI / 2 + GAP_RADIANS / 2;
    double to = (index + 1) * share - Math.PI / 2 - GAP_RADIANS / 2;
    int large = to - from > Math.PI ? 1 : 0;
    return String.format(
        Locale.ROOT,
        "M%.2f %.2f A%.0f %.0f 0 %d 1 %.2f %.2f L%.2f %.2f A%.0f %.0f 0 %d 0 %.2f %.2f Z",
        x(from, OUTER),
        y(from, OUTER),
        OUTER,
        OUTER,
        large,
        x(to, OUTER),
        y(to, OUTER),
        x(to, INNER),
        y(to, INNER),
        INNER,
        INNER,
        large,
        x(from, INNER),
        y(from, INNER));
  }

  private static double x(double angle, double radius) {
    return CENTRE + radius * Math.cos(angle);
  }

  private static double y(double angle, double radius) {
    return CENTRE + radius * Math.sin(angle);
  }
}
