package org.caduceus.adapters.hl7v2;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.adapters.hl7v2.CharacterSets.Decoding;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.MessageAdapter;
import org.caduceus.ledger.record.RawMessage;

/**
 * The front door: one HL7 v2 message in ER7 encoding to a canonical record. Finds the header,
 * decodes by MSH-18, checks what the standard makes a header's duty (HL7 v2.5.1 sections 2.9.2 and
 * 2.15.9) and hands over to the canonicaliser of MSH-9.1. The record's payload is the message as
 * received, byte for byte.
 *
 * <p>The record: {@code sender} is {@code MSH-3|MSH-4}, {@code externalId} MSH-10. Metadata: {@code
 * messageType} as {@code ADT^A01}, {@code version}, {@code processingId}, {@code charset} (IANA
 * name), {@code segments} and for results {@code observations} (numbers). Committed: {@code
 * content} (all bytes), {@code patientId}, {@code visit}, for results {@code placerOrder} and
 * {@code fillerOrder}; texts as written in the message, in UTF-8.
 *
 * <p>Thread-safe; holds no state but its configuration.
 */
public final class Hl7v2Adapter implements MessageAdapter {
  /** Character sets tried in order when MSH-18 is empty: today's and China's. */
  public static final List<Charset> DEFAULT_CHARSETS =
      List.of(StandardCharsets.UTF_8, CharacterSets.GB18030);

  /** Longest {@code MSH-3|MSH-4} in characters. */
  static final int MAX_SENDER = 512;

  /** HL7 table 0103, with the two values that v2.8 added. */
  private static final Set<String> PROCESSING_IDS = Set.of("D", "P", "T", "N", "V");

  private static final Canonicaliser ADT = new AdtCanonicaliser();
  private static final Canonicaliser ORU = new OruCanonicaliser();
  private static final Canonicaliser GENERIC = new GenericCanonicaliser();

  private final List<Charset> defaultCharsets;

  /** An adapter that reads messages without MSH-18 in the {@link #DEFAULT_CHARSETS}. */
  public Hl7v2Adapter() {
    this(DEFAULT_CHARSETS);
  }

  /**
   * An adapter for a site with other habits.
   *
   * @param defaultCharsets tried in order when MSH-18 is empty
   */
  public Hl7v2Adapter(List<Charset> defaultCharsets) {
    this.defaultCharsets = List.copyOf(defaultCharsets);
  }

  @Override
  public Canonicalisation canonicalise(RawMessage message) {
    return read(message).outcome();
  }

  /** The canonical form of {@code message} together with its header. Never throws for bad input. */
  public Reading read(RawMessage message) {
    byte[] content = message.content().unsafeArray();
    int start = startOfText(content);
    if (!startsWith(content, start, "MSH") || content.length < start + 4) {
      return new Reading(
          MessageHeader.NONE,
          ErrorCode.SEGMENT_SEQUENCE_ERROR.at(
              "MSH^1", "Expected an MSH segment at the beginning, but there is none"));
    }
    Optional<Delimiters> delimiters = delimiters(content, start);
    if (delimiters.isEmpty()) {
      return new Reading(
          MessageHeader.NONE,
          ErrorCode.DATA_TYPE_ERROR.at(
              "MSH^1^2",
              "Expected distinct separators in MSH-1 and MSH-2, but they cannot be told apart"));
    }
    return switch (CharacterSets.decode(content, start, delimiters.get(), defaultCharsets)) {
      case Decoding.Decoded decoded -> {
        Hl7v2Message parsed = new Hl7v2Message(decoded.text(), delimiters.get());
        MessageHeader header = MessageHeader.of(parsed, decoded.charset());
        yield new Reading(header, canonicalise(message, parsed, header));
      }
      case Decoding.Unknown() ->
          undecoded(
              content,
              start,
              delimiters.get(),
              ErrorCode.TABLE_VALUE_NOT_FOUND.at(
                  "MSH^1^18",
                  "Expected a character set of table 0211 in MSH-18, but it is unknown here"));
      case Decoding.Undecodable() ->
          undecoded(
              content,
              start,
              delimiters.get(),
              ErrorCode.DATA_TYPE_ERROR.at(
                  "MSH^1^18",
                  "Expected text in the character set of MSH-18, but the bytes are none"));
    };
  }

  private static Canonicalisation canonicalise(
      RawMessage raw, Hl7v2Message message, MessageHeader header) {
    Optional<Refused> headerFault = headerFault(header);
    if (headerFault.isPresent()) {
      return headerFault.get();
    }
    Canonicaliser family =
        switch (header.messageCode()) {
          case "ADT" -> ADT;
          case "ORU" -> ORU;
          default -> GENERIC;
        };
    Optional<Refused> familyFault = family.refusal(message, header);
    if (familyFault.isPresent()) {
      return familyFault.get();
    }
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("messageType", header.messageType());
    metadata.put("version", header.versionId());
    metadata.put("processingId", header.processing());
    metadata.put("charset", header.charset().name());
    metadata.put("segments", Integer.toString(message.size()));
    family.metadata(message, metadata);
    SortedMap<String, Bytes> committed = new TreeMap<>();
    committed.put("content", raw.content());
    family.committed(message, committed);
    return new Canonical(
        new CanonicalRecord(
            family.kind(),
            header.sendingApplication() + '|' + header.sendingFacility(),
            header.controlId(),
            Hash.sha256(raw.content().unsafeArray()),
            raw.content(),
            metadata,
            committed));
  }

  /**
   * The header's duties in the order in which a sender can repair them: type, processing and
   * version decide whether the message is for us at all, the control id whether it can be answered.
   */
  private static Optional<Refused> headerFault(MessageHeader header) {
    if (header.messageCode().isEmpty()) {
      return missing(9);
    }
    if (header.messageType().isEmpty()) {
      ErrorCode code =
          header.messageCodeWellFormed()
              ? ErrorCode.UNSUPPORTED_EVENT_CODE
              : ErrorCode.UNSUPPORTED_MESSAGE_TYPE;
      return Optional.of(
          code.at(
              "MSH^1^9", "Expected a message type like ADT^A01 in MSH-9, but it has another form"));
    }
    if (header.processing().isEmpty()) {
      return missing(11);
    }
    if (!PROCESSING_IDS.contains(header.processing())) {
      return Optional.of(
          ErrorCode.UNSUPPORTED_PROCESSING_ID.at(
              "MSH^1^11", "Expected a processing id of table 0103 in MSH-11, but it is another"));
    }
    if (header.versionId().isEmpty()) {
      return missing(12);
    }
    if (!header.versionKnown()) {
      return Optional.of(
          ErrorCode.UNSUPPORTED_VERSION_ID.at(
              "MSH^1^12", "Expected a version from 2.1 to 2.9.1 in MSH-12, but it is another"));
    }
    if (header.controlId().isEmpty()) {
      return missing(10);
    }
    if (header.controlId().length() > CanonicalRecord.MAX_EXTERNAL_ID) {
      return tooLong(10);
    }
    if (header.sendingApplication().length() + header.sendingFacility().length() >= MAX_SENDER) {
      return tooLong(3);
    }
    return Optional.empty();
  }

  private static Optional<Refused> missing(int field) {
    return Optional.of(
        ErrorCode.REQUIRED_FIELD_MISSING.at(
            "MSH^1^" + field, "Expected a value in MSH-" + field + ", but it is empty"));
  }

  private static Optional<Refused> tooLong(int field) {
    return Optional.of(
        ErrorCode.VALUE_TOO_LONG.at(
            "MSH^1^" + field,
            "Expected at most 512 characters in MSH-" + field + ", but it is longer"));
  }

  /** Reads as much of the header as Latin-1 shows, which gives every byte back in the answer. */
  private static Reading undecoded(
      byte[] content, int start, Delimiters delimiters, Refused refusal) {
    int end = start;
    while (end < content.length && content[end] != '\r' && content[end] != '\n') {
      end++;
    }
    String header = new String(content, start, end - start, StandardCharsets.ISO_8859_1);
    return new Reading(
        MessageHeader.of(new Hl7v2Message(header, delimiters), StandardCharsets.ISO_8859_1),
        refusal);
  }

  private static Optional<Delimiters> delimiters(byte[] content, int start) {
    char field = (char) (content[start + 3] & 0xff);
    StringBuilder encoding = new StringBuilder(5);
    for (int i = start + 4; i < content.length && encoding.length() <= 16; i++) {
      char c = (char) (content[i] & 0xff);
      if (c == field || c == '\r' || c == '\n') {
        break;
      }
      encoding.append(c);
    }
    return Delimiters.usable(field, encoding.toString())
        ? Optional.of(Delimiters.of(field, encoding.toString()))
        : Optional.empty();
  }

  /** Skips a byte order mark and blank lines, which editors and file senders leave. */
  static int startOfText(byte[] content) {
    int i = 0;
    if (content.length >= 3
        && content[0] == (byte) 0xef
        && content[1] == (byte) 0xbb
        && content[2] == (byte) 0xbf) {
      i = 3;
    }
    while (i < content.length && content[i] >= 0 && content[i] <= ' ') {
      i++;
    }
    return i;
  }

  /** Whether the ASCII text {@code name} stands at {@code offset}. */
  static boolean startsWith(byte[] content, int offset, String name) {
    if (offset + name.length() > content.length) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (content[offset + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
