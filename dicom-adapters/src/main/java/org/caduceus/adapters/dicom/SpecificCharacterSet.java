package org.caduceus.adapters.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes text by Specific Character Set (0008,0005): PS3.3 section C.12.1.1.2, PS3.5 section 6.1.
 *
 * <p>UTF-8, GB18030 and GBK decode a value as a whole. All others run a small ISO/IEC 2022 machine:
 * G0 serves bytes below 80H, G1 those above, escape sequences redesignate them, and a delimiter met
 * as a single-byte character brings back the initial state (PS3.5 section 6.1.2.5.3), so that a
 * double-byte character may contain the code of a delimiter.
 *
 * <p>Tolerance: text with bytes above 7FH under a missing, empty or unknown term is read as strict
 * UTF-8, else strict GB18030, else ISO 8859-1. What a declared set cannot decode becomes U+FFFD.
 */
final class SpecificCharacterSet {
  /** No term given: the default repertoire, ISO-IR 6. */
  static final SpecificCharacterSet DEFAULT = new SpecificCharacterSet(null, CodeSet.ASCII, null);

  private static final Pattern TERM = Pattern.compile("ISO ?(?:2022 ?)?IR ?([0-9]+)");
  private static final Charset GB18030 = Charset.forName("GB18030");
  private static final Map<String, Charset> WHOLE =
      Map.of("192", StandardCharsets.UTF_8, "GB18030", GB18030, "GBK", Charset.forName("GBK"));
  private static final char UNDECODABLE = '\uFFFD';
  private static final int ESCAPE = 0x1B;

  /** A graphic character set, and what designates it. */
  private enum CodeSet {
    ASCII("6", "US-ASCII", 1, 0, "(B", ""),
    LATIN1("100", "ISO-8859-1", 1, 0, "", "-A"),
    LATIN2("101", "ISO-8859-2", 1, 0, "", "-B"),
    LATIN3("109", "ISO-8859-3", 1, 0, "", "-C"),
    LATIN4("110", "ISO-8859-4", 1, 0, "", "-D"),
    CYRILLIC("144", "ISO-8859-5", 1, 0, "", "-L"),
    ARABIC("127", "ISO-8859-6", 1, 0, "", "-G"),
    GREEK("126", "ISO-8859-7", 1, 0, "", "-F"),
    HEBREW("138", "ISO-8859-8", 1, 0, "", "-H"),
    LATIN5("148", "ISO-8859-9", 1, 0, "", "-M"),
    LATIN9("203", "ISO-8859-15", 1, 0, "", "-b"),
    THAI("166", "TIS-620", 1, 0, "", "-T"),
    KATAKANA("13", "JIS_X0201", 1, 0, "(J", ")I"),
    JIS_X0208("87", "EUC-JP", 2, 0, "$B", ""),
    JIS_X0212("159", "EUC-JP", 2, 0x8F, "$(D", ""),
    KS_X1001("149", "EUC-KR", 2, 0, "", "$)C"),
    GB2312("58", "GB2312", 2, 0, "", "$)A");

    private final String registration;
    private final Charset charset;
    private final int width;
    private final int prefix;
    private final String g0;
    private final String g1;

    CodeSet(String registration, String charset, int width, int prefix, String g0, String g1) {
      this.registration = registration;
      this.charset = Charset.forName(charset);
      this.width = width;
      this.prefix = prefix;
      this.g0 = g0;
      this.g1 = g1;
    }

    static Optional<CodeSet> registered(String number) {
      for (CodeSet set : values()) {
        if (set.registration.equals(number)) {
          return Optional.of(set);
        }
      }
      return Optional.empty();
    }

    boolean isPairs() {
      return width == 2;
    }

    String one(int code) {
      return new String(new byte[] {(byte) code}, charset);
    }

    /** A character of two codes, which the charset at hand wants with their high bits set. */
    String pair(int first, int second) {
      byte high = (byte) (first | 0x80);
      byte low = (byte) (second | 0x80);
      return new String(
          prefix == 0 ? new byte[] {high, low} : new byte[] {(byte) prefix, high, low}, charset);
    }
  }

  private final Charset whole;
  private final CodeSet initialG0;
  private final CodeSet initialG1;

  private SpecificCharacterSet(Charset whole, CodeSet initialG0, CodeSet initialG1) {
    this.whole = whole;
    this.initialG0 = initialG0;
    this.initialG1 = initialG1;
  }

  /** The decoder for the value of (0008,0005), backslashes and all. */
  static SpecificCharacterSet of(String value) {
    String first = value.split("\\\\", -1)[0];
    String term = first.strip().toUpperCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
    Matcher matcher = TERM.matcher(term);
    String name = matcher.matches() ? matcher.group(1) : term;
    Charset charset = WHOLE.get(name);
    if (charset != null) {
      return new SpecificCharacterSet(charset, CodeSet.ASCII, null);
    }
    Optional<CodeSet> set = CodeSet.registered(name);
    if (set.isEmpty()) {
      return value.indexOf('\\') < 0
          ? DEFAULT
          : new SpecificCharacterSet(null, CodeSet.ASCII, null);
    }
    CodeSet initial = set.get();
    CodeSet g0 = initial == CodeSet.KATAKANA ? initial : CodeSet.ASCII;
    return new SpecificCharacterSet(null, g0, initial.g1.isEmpty() ? null : initial);
  }

  /**
   * The text of one value field.
   *
   * @param delimiters characters that bring back the initial state: none for LT, ST and UT,
   *     backslash for the others, and {@code ^} and {@code =} too in person names
   */
  String decode(byte[] value, String delimiters) {
    if (isPlain(value)) {
      return new String(value, StandardCharsets.US_ASCII);
    }
    if (whole != null) {
      return new String(value, whole);
    }
    if (initialG1 == null && initialG0 == CodeSet.ASCII && !hasEscape(value)) {
      return undeclared(value);
    }
    return new Machine(value, delimiters).run();
  }

  private boolean isPlain(byte[] value) {
    for (byte b : value) {
      if (b < 0 || (b == ESCAPE && whole == null)) {
        return false;
      }
    }
    return initialG0 == CodeSet.ASCII;
  }

  private static boolean hasEscape(byte[] value) {
    for (byte b : value) {
      if (b == ESCAPE) {
        return true;
      }
    }
    return false;
  }

  private static String undeclared(byte[] value) {
    return strictly(value, StandardCharsets.UTF_8)
        .or(() -> strictly(value, GB18030))
        .orElseGet(() -> new String(value, StandardCharsets.ISO_8859_1));
  }

  private static Optional<String> strictly(byte[] value, Charset charset) {
    try {
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(value))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** One run over one value field. */
  private final class Machine {
    private final byte[] value;
    private final String delimiters;
    private final StringBuilder text;
    private CodeSet g0 = initialG0;
    private CodeSet g1 = initialG1;
    private int at;

    Machine(byte[] value, String delimiters) {
      this.value = value;
      this.delimiters = delimiters;
      this.text = new StringBuilder(value.length);
    }

    String run() {
      while (at < value.length) {
        int code = value[at] & 0xff;
        if (code == ESCAPE) {
          designate();
        } else if (code <= 0x20 || code == 0x7F) {
          control((char) code);
        } else if (code < 0x80) {
          graphic(g0, code);
        } else {
          graphic(g1, code);
        }
      }
      return text.toString();
    }

    private void control(char code) {
      text.append(code);
      at++;
      if (code == '\r' || code == '\n' || code == '\f' || code == '\t') {
        reset();
      }
    }

    private void graphic(CodeSet set, int code) {
      if (set == null) {
        text.append(UNDECODABLE);
        at++;
      } else if (!set.isPairs()) {
        single(set, code);
      } else if (at + 1 < value.length && (value[at + 1] & 0x7f) > 0x20) {
        text.append(set.pair(code, value[at + 1]));
        at += 2;
      } else {
        text.append(UNDECODABLE);
        at++;
      }
    }

    private void single(CodeSet set, int code) {
      at++;
      if (delimiters.indexOf(code) >= 0) {
        // In JIS X 0201 the delimiter's code shows as a yen sign and still delimits.
        text.append((char) code);
        reset();
      } else {
        text.append(set.one(code));
      }
    }

    /**
     * The initial state. A G1 that only an escape sequence gave stays: Korean and Chinese texts are
     * met that designate it once for a whole value.
     */
    private void reset() {
      g0 = initialG0;
      if (initialG1 != null) {
        g1 = initialG1;
      }
    }

    private void designate() {
      for (CodeSet set : CodeSet.values()) {
        if (follows(set.g0)) {
          g0 = set;
          at += 1 + set.g0.length();
          return;
        }
        if (follows(set.g1)) {
          g1 = set;
          at += 1 + set.g1.length();
          return;
        }
      }
      text.append(UNDECODABLE);
      at++;
    }

    private boolean follows(String sequence) {
      if (sequence.isEmpty() || at + sequence.length() >= value.length) {
        return false;
      }
      for (int i = 0; i < sequence.length(); i++) {
        if (value[at + 1 + i] != sequence.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
