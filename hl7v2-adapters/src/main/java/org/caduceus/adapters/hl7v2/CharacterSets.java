package org.caduceus.adapters.hl7v2;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The character sets of HL7 table 0211 and the names that systems write in their place. UTF-16 and
 * UTF-32 are left out: their bytes include those that frame a message.
 */
final class CharacterSets {
  static final Charset GB18030 = Charset.forName("GB18030");
  private static final Charset BIG5 = Charset.forName("Big5");

  /** Keys are upper case without blanks, dots, hyphens, slashes and underscores. */
  private static final Pattern SEPARATORS = Pattern.compile("[ ./_-]");

  private static final Map<String, Charset> BY_NAME =
      Map.ofEntries(
          Map.entry("ASCII", StandardCharsets.US_ASCII),
          Map.entry("USASCII", StandardCharsets.US_ASCII),
          Map.entry("ISOIR6", StandardCharsets.US_ASCII),
          Map.entry("88591", StandardCharsets.ISO_8859_1),
          Map.entry("ISO88591", StandardCharsets.ISO_8859_1),
          Map.entry("LATIN1", StandardCharsets.ISO_8859_1),
          Map.entry("88592", Charset.forName("ISO-8859-2")),
          Map.entry("ISO88592", Charset.forName("ISO-8859-2")),
          Map.entry("88593", Charset.forName("ISO-8859-3")),
          Map.entry("88594", Charset.forName("ISO-8859-4")),
          Map.entry("88595", Charset.forName("ISO-8859-5")),
          Map.entry("88596", Charset.forName("ISO-8859-6")),
          Map.entry("88597", Charset.forName("ISO-8859-7")),
          Map.entry("88598", Charset.forName("ISO-8859-8")),
          Map.entry("88599", Charset.forName("ISO-8859-9")),
          Map.entry("ISO88599", Charset.forName("ISO-8859-9")),
          Map.entry("885915", Charset.forName("ISO-8859-15")),
          Map.entry("ISO885915", Charset.forName("ISO-8859-15")),
          Map.entry("WINDOWS1252", Charset.forName("windows-1252")),
          Map.entry("CP1252", Charset.forName("windows-1252")),
          Map.entry("UNICODE", StandardCharsets.UTF_8),
          Map.entry("UNICODEUTF8", StandardCharsets.UTF_8),
          Map.entry("UTF8", StandardCharsets.UTF_8),
          Map.entry("ISOIR192", StandardCharsets.UTF_8),
          Map.entry("GB180302000", GB18030),
          Map.entry("GB180302005", GB18030),
          Map.entry("GB18030", GB18030),
          Map.entry("GBK", GB18030),
          Map.entry("GB2312", GB18030),
          Map.entry("GB23121980", GB18030),
          Map.entry("CP936", GB18030),
          Map.entry("MS936", GB18030),
          Map.entry("WINDOWS936", GB18030),
          Map.entry("BIG5", BIG5),
          Map.entry("CNS116431992", Charset.forName("x-EUC-TW")),
          Map.entry("KSX1001", Charset.forName("EUC-KR")),
          Map.entry("ISOIR14", Charset.forName("ISO-2022-JP")),
          Map.entry("ISOIR87", Charset.forName("ISO-2022-JP")),
          Map.entry("ISOIR159", Charset.forName("ISO-2022-JP")));

  /** In which the header may have to be read to find MSH-18: their bytes look like separators. */
  private static final List<Charset> AMBIGUOUS = List.of(GB18030, BIG5);

  private CharacterSets() {}

  /** What became of the search for a message's character set. */
  sealed interface Decoding {
    /** The text, and in which character set it stood. */
    record Decoded(String text, Charset charset) implements Decoding {}

    /** MSH-18 names nothing that is known. */
    record Unknown() implements Decoding {}

    /** The bytes are not text in the character set of MSH-18 or in any default. */
    record Undecodable() implements Decoding {}
  }

  /**
   * Decodes a message. A declared character set is taken at its word; without one the defaults are
   * tried in order.
   *
   * @param content the message
   * @param offset where MSH begins
   * @param delimiters the separators of its header
   * @param defaults tried in order when MSH-18 is empty
   */
  static Decoding decode(
      byte[] content, int offset, Delimiters delimiters, List<Charset> defaults) {
    int headerEnd = offset;
    while (headerEnd < content.length && content[headerEnd] != '\r' && content[headerEnd] != '\n') {
      headerEnd++;
    }
    String name =
        declared(
            new String(content, offset, headerEnd - offset, StandardCharsets.ISO_8859_1),
            delimiters);
    List<Charset> candidates = candidates(name, delimiters);
    if (candidates.isEmpty() && !ascii(content, offset, headerEnd)) {
      // A Chinese name in MSH-3 to MSH-6 may hold bytes that look like separators and shift MSH-18.
      List<Charset> probes = new ArrayList<>(defaults);
      probes.addAll(AMBIGUOUS);
      for (Charset probe : probes) {
        Optional<String> header = strict(content, offset, headerEnd - offset, probe);
        if (header.isPresent()) {
          String seen = declared(header.get(), delimiters);
          if (candidates(seen, delimiters).contains(probe)) {
            candidates = List.of(probe);
            break;
          } else if (seen.isEmpty() && defaults.contains(probe)) {
            name = seen;
            break;
          }
        }
      }
    }
    if (candidates.isEmpty()) {
      if (!name.isEmpty()) {
        return new Decoding.Unknown();
      }
      candidates = defaults;
    }
    for (Charset charset : candidates) {
      Optional<String> text = strict(content, offset, content.length - offset, charset);
      if (text.isPresent()) {
        return new Decoding.Decoded(text.get(), charset);
      }
    }
    return new Decoding.Undecodable();
  }

  /** The character set that {@code name} means in table 0211 or in the wild. */
  static Optional<Charset> named(String name) {
    return Optional.ofNullable(
        BY_NAME.get(SEPARATORS.matcher(name.toUpperCase(Locale.ROOT)).replaceAll("")));
  }

  private static String declared(String header, Delimiters delimiters) {
    return new Hl7v2Message(header, delimiters).field("MSH", 18).strip();
  }

  /** MSH-18 repeats: the default set first, then alternatives; a name must not be unknown. */
  private static List<Charset> candidates(String names, Delimiters delimiters) {
    List<Charset> found = new ArrayList<>(2);
    int from = 0;
    while (from <= names.length()) {
      int to = names.indexOf(delimiters.repetition(), from);
      to = to < 0 ? names.length() : to;
      named(names.substring(from, to).strip()).ifPresent(found::add);
      from = to + 1;
    }
    return found;
  }

  private static Optional<String> strict(byte[] content, int offset, int length, Charset charset) {
    if (charset.equals(StandardCharsets.ISO_8859_1)) {
      return Optional.of(new String(content, offset, length, charset));
    }
    if (ascii(content, offset, offset + length) && !charset.name().startsWith("ISO-2022")) {
      return Optional.of(new String(content, offset, length, StandardCharsets.ISO_8859_1));
    }
    String text = new String(content, offset, length, charset);
    if (text.indexOf('\uFFFD') < 0) {
      return Optional.of(text);
    }
    try {
      // The replacement character may be the sender's own; only the strict decoder can tell.
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(content, offset, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean ascii(byte[] content, int from, int to) {
    for (int i = from; i < to; i++) {
      if (content[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
