package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of PS3.5 annexes H to K, byte by byte, and what is met besides. */
class SpecificCharacterSetTest {

  private static String name(String characterSet, String bytes) {
    byte[] value = new byte[bytes.length()];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) bytes.charAt(i);
    }
    return SpecificCharacterSet.of(characterSet).decode(value, "\\^=");
  }

  @Test
  void japaneseByEscapes() {
    // PS3.5 section H.3.1
    assertEquals(
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        name(
            "\\ISO 2022 IR 87",
            "Yamada^Tarou=\33$B;3ED\33(B^\33$BB@O:\33(B=\33$B$d$^$@\33(B^\33$B$?$m$&\33(B"));
  }

  @Test
  void japaneseWithHalfWidthKatakana() {
    // PS3.5 section H.3.2: JIS X 0201 from the start, its roman letters designated again by ESC ( J
    assertEquals(
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        name(
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=\33$B;3ED\33(J^\33$BB@O:\33(J"
                + "=\33$B$d$^$@\33(J^\33$B$?$m$&\33(J"));
  }

  @Test
  void aDoubleByteCharacterMayContainADelimiter() {
    // In JIS X 0208, 0x245E is MA and 0x215C is a plus sign; 0x5E and 0x5C delimit elsewhere.
    assertEquals("ま＋", name("\\ISO 2022 IR 87", "\33$B$^!\\\33(B"));
  }

  @Test
  void supplementaryKanji() {
    assertEquals("丂", name("\\ISO 2022 IR 159", "\33$(D0!\33(B"));
  }

  @Test
  void korean() {
    // PS3.5 section I.2
    assertEquals(
        "Hong^Gildong=洪^吉洞=홍^길동",
        name(
            "\\ISO 2022 IR 149",
            "Hong^Gildong=\33$)C\u00fb\u00f3^\33$)C\u00d1\u00ce\u00d4\u00d7"
                + "=\33$)C\u00c8\u00ab^\33$)C\u00b1\u00e6\u00b5\u00bf"));
  }

  @Test
  void koreanDesignatedOnceForAWholeName() {
    assertEquals("洪^吉洞", name("\\ISO 2022 IR 149", "\33$)C\u00fb\u00f3^\u00d1\u00ce\u00d4\u00d7"));
  }

  @Test
  void chinese() {
    // PS3.5 sections J.1 to J.4 and K.2
    String plain = "Wang^XiaoDong=王^小东";
    assertEquals(plain, decoded("GB18030", plain, Charset.forName("GB18030")));
    assertEquals(plain, decoded("GBK", plain, Charset.forName("GBK")));
    assertEquals(plain, decoded("ISO_IR 192", plain, StandardCharsets.UTF_8));
    assertEquals(
        "Zhang^XiaoDong=张^小东",
        name(
            "\\ISO 2022 IR 58",
            "Zhang^XiaoDong=\33$)A\u00d5\u00c5^\33$)A\u00d0\u00a1\u00b6\u00ab"));
  }

  @Test
  void aTrailByteIsNoDelimiter() {
    // 0x81 0x5C is one character in GBK and GB18030.
    byte[] value = HexFormat.of().parseHex("815c5c815e");
    String text = SpecificCharacterSet.of("GB18030").decode(value, "\\^=");
    assertEquals(3, text.length());
    assertEquals('\\', text.charAt(1));
    assertEquals(text, SpecificCharacterSet.of("GBK").decode(value, "\\"));
  }

  @Test
  void singleByteSets() {
    String[][] sets = {
      {"ISO_IR 100", "ISO-8859-1", "Äneas^Rüdiger"},
      {"ISO_IR 101", "ISO-8859-2", "Řehoř^Čapek"},
      {"ISO_IR 109", "ISO-8859-3", "Ħaż^Ġan"},
      {"ISO_IR 110", "ISO-8859-4", "Ķir^Ļ"},
      {"ISO_IR 144", "ISO-8859-5", "Люкceмбypг"},
      {"ISO_IR 127", "ISO-8859-6", "قباني^لنزار"},
      {"ISO_IR 126", "ISO-8859-7", "Διονυσιος"},
      {"ISO_IR 138", "ISO-8859-8", "שרון^דבורה"},
      {"ISO_IR 148", "ISO-8859-9", "Çavuşoğlu^Şükrü"},
      {"ISO_IR 203", "ISO-8859-15", "Œuvre^Žan"},
      {"ISO_IR 166", "TIS-620", "นามสกุล"},
    };
    for (String[] set : sets) {
      String term = set[0];
      assertEquals(set[2], decoded(term, set[2], Charset.forName(set[1])), term);
      String sloppy = term.replace("ISO_IR ", "iso-ir ");
      assertEquals(set[2], decoded(sloppy, set[2], Charset.forName(set[1])), sloppy);
    }
  }

  @Test
  void aSecondSingleByteSetByEscape() {
    // Greek after an escape, and Latin 1 again after the delimiter.
    assertEquals("é^Δ^é", name("ISO 2022 IR 100\\ISO 2022 IR 126", "\u00e9^\33-F\u00c4^\u00e9"));
  }

  @Test
  void undeclaredTextIsGuessed() {
    assertEquals("王^小东", decoded("", "王^小东", StandardCharsets.UTF_8));
    assertEquals("王^小东", decoded("ISO_IR 6", "王^小东", Charset.forName("GBK")));
    assertEquals("é", name("", "\u00e9"));
    assertEquals("é", name("NO SUCH SET", "\u00c3\u00a9"));
  }

  @Test
  void whatCannotBeDecodedShows() {
    assertEquals("a\uFFFDb", name("\\ISO 2022 IR 87", "a\33zb").replace("z", ""));
    assertEquals("\uFFFD", name("\\ISO 2022 IR 87", "\33$B!"));
    assertEquals("\uFFFD\uFFFD", name("\\ISO 2022 IR 87", "\33(B\u00c1\u00c2"));
  }

  private static String decoded(String term, String text, Charset charset) {
    return SpecificCharacterSet.of(term).decode(text.getBytes(charset), "\\^=");
  }
}
