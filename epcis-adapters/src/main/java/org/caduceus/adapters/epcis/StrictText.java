package org.caduceus.adapters.epcis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** Text from bytes of a stranger: at most so many, and UTF-8 without a flaw. */
final class StrictText {
  /** What came of decoding. */
  sealed interface Decoding {
    /** The text, without byte order mark. */
    record Text(String value) implements Decoding {}

    /** Too much, or not UTF-8. */
    record Unreadable(Refused refusal) implements Decoding {}
  }

  private StrictText() {}

  /** The text in {@code content}, unless it is longer than {@code maxBytes} or no UTF-8. */
  static Decoding decode(byte[] content, int maxBytes) {
    if (content.length > maxBytes) {
      return new Decoding.Unreadable(
          new Refused(
              Capture.LIMIT_EXCEEDED,
              "",
              "Expected at most " + maxBytes + " bytes, but got " + content.length));
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(content))
              .toString();
      return new Decoding.Text(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return new Decoding.Unreadable(
          new Refused(Capture.VALIDATION, "", "Expected UTF-8, but the bytes are not"));
    }
  }
}
