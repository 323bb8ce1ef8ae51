package org.caduceus.adapters.hl7v2;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an acknowledgement must know of the message it answers, read as far as it can be read. All
 * texts are as written, never null, empty when absent.
 *
 * @param delimiters the message's separators, the standard ones when they are unusable
 * @param charset in which the message was decoded and an answer is to be encoded; ISO 8859-1 when
 *     it could not be decoded, so that what is echoed comes back as the same bytes
 * @param sendingApplication MSH-3
 * @param sendingFacility MSH-4
 * @param receivingApplication MSH-5
 * @param receivingFacility MSH-6
 * @param messageCode MSH-9.1
 * @param triggerEvent MSH-9.2
 * @param controlId MSH-10
 * @param processingId MSH-11
 * @param version MSH-12
 * @param acceptAcknowledgement MSH-15.1, table 0155
 * @param applicationAcknowledgement MSH-16.1, table 0155
 * @param characterSet MSH-18
 */
public record MessageHeader(
    Delimiters delimiters,
    Charset charset,
    String sendingApplication,
    String sendingFacility,
    String receivingApplication,
    String receivingFacility,
    String messageCode,
    String triggerEvent,
    String controlId,
    String processingId,
    String version,
    String acceptAcknowledgement,
    String applicationAcknowledgement,
    String characterSet) {

  /** Level of a version that the table does not know: answer it like v2.5.1. */
  private static final int UNKNOWN_LEVEL = 251;

  private static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("2.1", 210),
          Map.entry("2.2", 220),
          Map.entry("2.3", 230),
          Map.entry("2.3.1", 231),
          Map.entry("2.3.2", 232),
          Map.entry("2.4", 240),
          Map.entry("2.5", 250),
          Map.entry("2.5.1", 251),
          Map.entry("2.6", 260),
          Map.entry("2.7", 270),
          Map.entry("2.7.1", 271),
          Map.entry("2.8", 280),
          Map.entry("2.8.1", 281),
          Map.entry("2.8.2", 282),
          Map.entry("2.9", 290),
          Map.entry("2.9.1", 291));

  private static final Pattern MESSAGE_CODE = Pattern.compile("[A-Z][A-Z0-9]{2}");

  /** The header of something that has none. */
  static final MessageHeader NONE =
      new MessageHeader(
          Delimiters.STANDARD,
          StandardCharsets.ISO_8859_1,
          "",
          "",
          "",
          "",
          "",
          "",
          "",
          "P",
          "2.5.1",
          "",
          "",
          "");

  /** Reads the MSH segment of {@code message}. */
  static MessageHeader of(Hl7v2Message message, Charset charset) {
    String type = message.field("MSH", 9);
    return new MessageHeader(
        message.delimiters(),
        charset,
        message.field("MSH", 3),
        message.field("MSH", 4),
        message.field("MSH", 5),
        message.field("MSH", 6),
        message.component(type, 1),
        message.component(type, 2),
        message.field("MSH", 10),
        message.field("MSH", 11),
        message.field("MSH", 12),
        message.component(message.field("MSH", 15), 1),
        message.component(message.field("MSH", 16), 1),
        message.field("MSH", 18));
  }

  /** Whether either acknowledgement type is valued: enhanced mode (HL7 v2.5.1 section 2.9.3). */
  public boolean enhanced() {
    return !acceptAcknowledgement.isEmpty() || !applicationAcknowledgement.isEmpty();
  }

  /** Whether this is an acknowledgement itself, which is never acknowledged. */
  public boolean acknowledgement() {
    return messageCode.equals("ACK");
  }

  /** Whether MSH-12 names a version of table 0104. */
  boolean versionKnown() {
    return LEVELS.containsKey(versionId());
  }

  /** MSH-12.1. */
  String versionId() {
    return first(version);
  }

  /** MSH-11.1. */
  String processing() {
    return first(processingId);
  }

  /** Whether the version is at least {@code level}: 231 for v2.3.1, 250 for v2.5, 270 for v2.7. */
  public boolean atLeast(int level) {
    return LEVELS.getOrDefault(versionId(), UNKNOWN_LEVEL) >= level;
  }

  /** Whether MSH-9.1 is a capital followed by two capitals or digits. */
  boolean messageCodeWellFormed() {
    return MESSAGE_CODE.matcher(messageCode).matches();
  }

  /** MSH-9.1 and MSH-9.2 as {@code ADT^A01} whatever the separators; empty when malformed. */
  public String messageType() {
    if (!messageCodeWellFormed()) {
      return "";
    }
    if (triggerEvent.isEmpty()) {
      return messageCode;
    }
    return MESSAGE_CODE.matcher(triggerEvent).matches() ? messageCode + '^' + triggerEvent : "";
  }

  /** Names neither sender nor control id: they are none of a log's business. */
  @Override
  public String toString() {
    return "MessageHeader[" + messageType() + "]";
  }

  private String first(String field) {
    int end = field.indexOf(delimiters.component());
    return end < 0 ? field : field.substring(0, end);
  }
}
