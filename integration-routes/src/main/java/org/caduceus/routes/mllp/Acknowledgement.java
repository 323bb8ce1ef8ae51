package org.caduceus.routes.mllp;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.caduceus.adapters.hl7v2.Delimiters;
import org.caduceus.adapters.hl7v2.ErrorCode;
import org.caduceus.adapters.hl7v2.MessageHeader;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * Writes acknowledgements (HL7 v2.5.1 sections 2.9.2, 2.9.3 and 2.15). Original mode, when MSH-15
 * and MSH-16 are empty: AA, AE or AR. Enhanced mode: the accept acknowledgement CA, CE or CR by
 * MSH-15, then the application acknowledgement by MSH-16; both say the same, because everything is
 * checked before it is stored, so after CE or CR no application acknowledgement follows. An empty
 * one of the two fields means NE, a value outside table 0155 means AL.
 *
 * <p>The answer is a function of the message and of its receipt: MSH-7 is the time of acceptance
 * and MSH-10 is cut from the entry id, so a repeated message gets the first answer byte for byte.
 * Before v2.7 MSA-3 carries {@code entry ID}; from v2.7 on, which withdrew MSA-3, ERR-8 of an
 * informational ERR segment does. Nothing of the message's body is ever repeated.
 */
final class Acknowledgement {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'+0000'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** MSA-3 is an ST of 80 characters. */
  private static final int MAX_TEXT = 80;

  /** Positions where a fault makes the whole message unacceptable: reject, not error. */
  private static final Set<String> REJECT_AT =
      Set.of("MSH^1", "MSH^1^1", "MSH^1^2", "MSH^1^9", "MSH^1^11", "MSH^1^12");

  private Acknowledgement() {}

  /** The second letter of MSA-1 (table 0008). */
  private enum Level {
    ACCEPT('A'),
    ERROR('E'),
    REJECT('R');

    private final char letter;

    Level(char letter) {
      this.letter = letter;
    }
  }

  /**
   * What the answer says.
   *
   * @param identity hexadecimal text from which MSH-10 is cut
   * @param diagnosis ERR-7, for engineers
   * @param advice ERR-8, for users
   */
  private record Verdict(
      Level level,
      ErrorCode code,
      String location,
      String diagnosis,
      String advice,
      Instant time,
      String identity) {}

  /** Answers a message that reached the intake. {@code now} dates what was declined. */
  static MllpReply to(MessageHeader header, Receipt receipt, Hash contentHash, Instant now) {
    return compose(
        header,
        switch (receipt) {
          case Receipt.Accepted(Hash entryId, long acceptedAtMs) -> accepted(entryId, acceptedAtMs);
          case Receipt.Duplicate(Hash entryId, long acceptedAtMs) ->
              accepted(entryId, acceptedAtMs);
          case Receipt.Declined declined -> declined(declined, contentHash, now);
        });
  }

  /** Answers a message that is not acceptable. */
  static MllpReply to(MessageHeader header, Refused refused, Hash contentHash, Instant now) {
    ErrorCode code = ErrorCode.of(refused.code()).orElse(ErrorCode.OTHER_HL7_ERROR);
    boolean reject =
        switch (code) {
          case UNSUPPORTED_MESSAGE_TYPE,
              UNSUPPORTED_EVENT_CODE,
              UNSUPPORTED_PROCESSING_ID,
              UNSUPPORTED_VERSION_ID ->
              true;
          default -> REJECT_AT.contains(refused.location());
        };
    return compose(
        header,
        new Verdict(
            reject ? Level.REJECT : Level.ERROR,
            code,
            refused.location(),
            refused.reason(),
            "Correct the message and send it again",
            now,
            contentHash.toHex()));
  }

  private static Verdict accepted(Hash entryId, long acceptedAtMs) {
    return new Verdict(
        Level.ACCEPT,
        ErrorCode.MESSAGE_ACCEPTED,
        "",
        "",
        "entry " + entryId.toHex(),
        Instant.ofEpochMilli(acceptedAtMs),
        entryId.toHex());
  }

  private static Verdict declined(Receipt.Declined declined, Hash contentHash, Instant now) {
    ErrorCode code =
        switch (declined.cause()) {
          case CONFLICT -> ErrorCode.DUPLICATE_KEY_IDENTIFIER;
          case TOO_LARGE -> ErrorCode.VALUE_TOO_LONG;
          case POOL_FULL, ENCLAVE_UNAVAILABLE, STORAGE_UNAVAILABLE -> ErrorCode.APPLICATION_ERROR;
        };
    String advice =
        switch (declined.cause()) {
          case CONFLICT -> "Send another message under another control id";
          case TOO_LARGE -> "Send a smaller message";
          case POOL_FULL, ENCLAVE_UNAVAILABLE, STORAGE_UNAVAILABLE -> "Try again later";
        };
    String location = declined.cause() == Receipt.Cause.CONFLICT ? "MSH^1^10" : "";
    return new Verdict(
        Level.ERROR, code, location, declined.reason(), advice, now, contentHash.toHex());
  }

  private static MllpReply compose(MessageHeader header, Verdict verdict) {
    if (header.acknowledgement()) {
      return MllpReply.NONE;
    }
    if (!header.enhanced()) {
      return new MllpReply(List.of(message(header, verdict, 'A')));
    }
    boolean good = verdict.level() == Level.ACCEPT;
    boolean acceptLevel = wanted(header.acceptAcknowledgement(), good);
    boolean applicationLevel = wanted(header.applicationAcknowledgement(), good);
    List<Bytes> messages = new ArrayList<>(2);
    if (acceptLevel) {
      messages.add(message(header, verdict, 'C'));
    }
    if (applicationLevel && (good || !acceptLevel)) {
      messages.add(message(header, verdict, 'A'));
    }
    return new MllpReply(messages);
  }

  /** HL7 table 0155. */
  private static boolean wanted(String condition, boolean good) {
    return switch (condition) {
      case "", "NE" -> false;
      case "ER" -> !good;
      case "SU" -> good;
      default -> true;
    };
  }

  private static Bytes message(MessageHeader header, Verdict verdict, char mode) {
    StringBuilder out = new StringBuilder(384);
    msh(out, header, verdict, mode);
    msa(out, header, verdict, mode);
    if (verdict.level() != Level.ACCEPT || header.atLeast(270)) {
      err(out, header, verdict);
    }
    return Bytes.wrap(out.toString().getBytes(header.charset()));
  }

  private static void msh(StringBuilder out, MessageHeader header, Verdict verdict, char mode) {
    Delimiters d = header.delimiters();
    char f = d.field();
    out.append("MSH").append(f).append(d.encodingCharacters());
    out.append(f).append(header.receivingApplication());
    out.append(f).append(header.receivingFacility());
    out.append(f).append(header.sendingApplication());
    out.append(f).append(header.sendingFacility());
    out.append(f).append(TIME.format(verdict.time()));
    out.append(f);
    out.append(f).append("ACK");
    if (header.atLeast(230) && !header.triggerEvent().isEmpty()) {
      out.append(d.component()).append(header.triggerEvent());
      if (header.atLeast(231)) {
        out.append(d.component()).append("ACK");
      }
    }
    // 20 characters is what MSH-10 held before v2.7; the first tells the two answers apart.
    out.append(f).append(mode).append(verdict.identity(), 0, 19);
    out.append(f).append(header.processingId());
    out.append(f).append(header.version());
    boolean characterSet = header.atLeast(230) && !header.characterSet().isEmpty();
    if (header.enhanced() || characterSet) {
      String never = header.enhanced() ? "NE" : "";
      out.append(f).append(f).append(f).append(never).append(f).append(never);
      if (characterSet) {
        out.append(f).append(f).append(header.characterSet());
      }
    }
    out.append('\r');
  }

  private static void msa(StringBuilder out, MessageHeader header, Verdict verdict, char mode) {
    Delimiters d = header.delimiters();
    out.append("MSA").append(d.field()).append(mode).append(verdict.level().letter);
    out.append(d.field()).append(header.controlId());
    if (!header.atLeast(270)) {
      String text = verdict.level() == Level.ACCEPT ? verdict.advice() : verdict.diagnosis();
      out.append(d.field()).append(d.escaped(text.substring(0, Math.min(text.length(), MAX_TEXT))));
    }
    out.append('\r');
  }

  private static void err(StringBuilder out, MessageHeader header, Verdict verdict) {
    Delimiters d = header.delimiters();
    char f = d.field();
    char c = d.component();
    String location = verdict.location().replace('^', c);
    if (!header.atLeast(250)) {
      // ERR-1, error code and location: segment, sequence, field, code as subcomponents.
      char s = d.subcomponent() == Delimiters.NONE ? ' ' : d.subcomponent();
      out.append("ERR").append(f).append(location);
      for (long parts = location.chars().filter(x -> x == c).count(); parts < 2; parts++) {
        out.append(c);
      }
      out.append(c).append(verdict.code().code()).append(s).append(verdict.code().text());
      out.append(s).append("HL70357").append('\r');
      return;
    }
    out.append("ERR").append(f);
    out.append(f).append(location);
    out.append(f).append(verdict.code().code()).append(c).append(verdict.code().text());
    out.append(c).append("HL70357");
    out.append(f).append(verdict.level() == Level.ACCEPT ? 'I' : 'E');
    out.append(f).append(f);
    out.append(f).append(d.escaped(verdict.diagnosis()));
    out.append(f).append(d.escaped(verdict.advice()));
    out.append('\r');
  }
}
