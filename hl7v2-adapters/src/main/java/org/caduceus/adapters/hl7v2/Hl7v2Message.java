package org.caduceus.adapters.hl7v2;

import java.util.Arrays;

/**
 * The decoded text of one message, cut into segments. Segments may end with CR (the standard), LF
 * or CR LF (most files); a line that does not begin like a segment continues the one before it.
 * Fields are read on demand and as written: escape sequences stay.
 */
final class Hl7v2Message {
  /** HL7's explicit null, two quotation marks: the field is deleted, so it has no value. */
  static final String NULL = "\"\"";

  private final String text;
  private final Delimiters delimiters;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int count;

  Hl7v2Message(String text, Delimiters delimiters) {
    this.text = text;
    this.delimiters = delimiters;
    int from = 0;
    while (from < text.length()) {
      int to = endOfLine(text, from);
      if (isSegment(from, to)) {
        add(from, to);
      } else if (count > 0 && to > from) {
        ends[count - 1] = to;
      }
      from = to + 1;
    }
  }

  /** Position of the first CR or LF from {@code from} on, or the length of {@code text}. */
  static int endOfLine(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '\r' && text.charAt(i) != '\n') {
      i++;
    }
    return i;
  }

  Delimiters delimiters() {
    return delimiters;
  }

  /** Number of segments. */
  int size() {
    return count;
  }

  /** Number of segments named {@code id}. */
  int count(String id) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (text.startsWith(id, starts[i])) {
        found++;
      }
    }
    return found;
  }

  /**
   * Field {@code n} (from 1) of the first segment {@code id}, as written; empty when the segment or
   * the field is absent or holds HL7's null.
   */
  String field(String id, int n) {
    for (int i = 0; i < count; i++) {
      if (text.startsWith(id, starts[i])) {
        // MSH-1 is the separator itself, so MSH-2 stands where other segments have field 1.
        String value = part(starts[i], ends[i], delimiters.field(), id.equals("MSH") ? n - 1 : n);
        return value.equals(NULL) ? "" : value;
      }
    }
    return "";
  }

  /** The first repetition of a field's text. */
  String firstRepetition(String field) {
    int end = field.indexOf(delimiters.repetition());
    return end < 0 ? field : field.substring(0, end);
  }

  /** Component {@code n} (from 1) of a field's text. */
  String component(String field, int n) {
    return part(field, 0, field.length(), delimiters.component(), n - 1);
  }

  private String part(int from, int to, char separator, int index) {
    return part(text, from, to, separator, index);
  }

  private static String part(String text, int from, int to, char separator, int index) {
    int start = from;
    for (int i = 0; i < index; i++) {
      int next = text.indexOf(separator, start, to);
      if (next < 0) {
        return "";
      }
      start = next + 1;
    }
    int end = text.indexOf(separator, start, to);
    return text.substring(start, end < 0 ? to : end);
  }

  private boolean isSegment(int from, int to) {
    return to - from >= 3
        && upper(text.charAt(from))
        && upperOrDigit(text.charAt(from + 1))
        && upperOrDigit(text.charAt(from + 2))
        && (to - from == 3 || text.charAt(from + 3) == delimiters.field());
  }

  private static boolean upper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean upperOrDigit(char c) {
    return upper(c) || (c >= '0' && c <= '9');
  }

  private void add(int from, int to) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    starts[count] = from;
    ends[count] = to;
    count++;
  }
}
