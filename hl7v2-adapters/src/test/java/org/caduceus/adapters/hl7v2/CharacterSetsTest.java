package org.caduceus.adapters.hl7v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caduceus.adapters.hl7v2.CharacterSets.Decoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharacterSetsTest {
  private static Decoding decode(String msh18, byte[] body) {
    byte[] header =
        ("MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5||||||" + msh18 + "\r")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, all, header.length, body.length);
    return CharacterSets.decode(all, 0, Delimiters.STANDARD, Hl7v2Adapter.DEFAULT_CHARSETS);
  }

  @ParameterizedTest
  @CsvSource({
    "ASCII, US-ASCII",
    "8859/1, ISO-8859-1",
    "8859/2, ISO-8859-2",
    "8859/5, ISO-8859-5",
    "8859/15, ISO-8859-15",
    "ISO-8859-1, ISO-8859-1",
    "UNICODE, UTF-8",
    "UNICODE UTF-8, UTF-8",
    "UTF-8, UTF-8",
    "utf8, UTF-8",
    "GB 18030-2000, GB18030",
    "GB18030, GB18030",
    "gbk, GB18030",
    "GB2312, GB18030",
    "CP936, GB18030",
    "BIG-5, Big5",
    "ISO IR87, ISO-2022-JP",
    "KS X 1001, EUC-KR",
    "CNS 11643-1992, x-EUC-TW",
  })
  void namesOfTheTableAndOfTheWildAreKnown(String name, String charset) {
    assertEquals(Charset.forName(charset), CharacterSets.named(name).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNICODE UTF-16", "UNICODE UTF-32", "EBCDIC", "?"})
  void namesThatCannotBeFramedOrAreUnknownAreNot(String name) {
    assertTrue(CharacterSets.named(name).isEmpty());
    assertInstanceOf(Decoding.Unknown.class, decode(name, new byte[0]));
  }

  @Test
  void theFirstNameThatDecodesWins() {
    byte[] body = "PID|1||\u5f20\r".getBytes(CharacterSets.GB18030);
    Decoding.Decoded decoded =
        assertInstanceOf(Decoding.Decoded.class, decode("ASCII~GB 18030-2000", body));
    assertEquals(CharacterSets.GB18030, decoded.charset());
    assertTrue(decoded.text().endsWith("PID|1||\u5f20\r"));
  }

  @Test
  void aDeclaredSetIsTakenAtItsWord() {
    assertInstanceOf(
        Decoding.Undecodable.class, decode("ASCII", "\u5f20".getBytes(StandardCharsets.UTF_8)));
    assertInstanceOf(
        Decoding.Undecodable.class, decode("UTF-8", "\u5f20".getBytes(CharacterSets.GB18030)));
  }

  @Test
  void theSendersOwnReplacementCharacterIsText() {
    assertInstanceOf(
        Decoding.Decoded.class, decode("UTF-8", "\ufffd".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void japaneseEscapesAreDecoded() {
    Decoding.Decoded decoded =
        assertInstanceOf(
            Decoding.Decoded.class,
            decode("~ISO IR87", "PID|1||\u5c71\r".getBytes(Charset.forName("ISO-2022-JP"))));
    assertTrue(decoded.text().endsWith("PID|1||\u5c71\r"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GB18030", "Big5"})
  void aHeaderWhoseBytesLookLikeSeparatorsIsFound(String name) {
    Charset charset = Charset.forName(name);
    String text = "";
    for (char c = '\u4e00'; c < '\u9fa5'; c++) {
      byte[] bytes = String.valueOf(c).getBytes(charset);
      if (bytes.length == 2 && bytes[1] == '|') {
        text = "MSH|^~\\&|A|" + c + "|C|D|||ADT^A01|1|P|2.5||||||" + name + "\r";
        Decoding decoding =
            CharacterSets.decode(
                text.getBytes(charset), 0, Delimiters.STANDARD, List.of(StandardCharsets.UTF_8));
        assertEquals(new Decoding.Decoded(text, charset), decoding);
      }
    }
    assertTrue(text.length() > 0, "Expected a character with such bytes in " + name);
  }
}
