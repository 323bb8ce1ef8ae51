package org.caduceus.console.rest;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A message that came in, on the wire. */
@Schema(name = "Message", description = "A message in and what became of it; never its content")
public record MessageJson(
    @Schema(description = "Grows with time, unique in this node") long sequence,
    @Schema(description = "When the outcome was decided, ISO 8601") String time,
    @Schema(enumeration = {"hl7v2", "dicom", "epcis"}) String inlet,
    @Schema(description = "Empty when it could not be read", example = "ADT^A01") String kind,
    @Schema(description = "MSH-10, SOPInstanceUID or eventID; empty when it could not be read")
        String externalId,
    @Schema(description = "The sender's address") String remote,
    @Schema(enumeration = {"accepted", "duplicate", "refused", "declined"}) String outcome,
    @Schema(description = "The standard's code when refused, the cause when declined, else empty")
        String code,
    @Schema(description = "Where, in the standard's notation", example = "PID^1^3") String location,
    @Schema(description = "Why, in words") String reason,
    Optional<String> entryId,
    @Schema(description = "Block that holds the entry, when final") Optional<Long> height) {

  /** Several messages, newest first. */
  @Schema(name = "MessageList")
  public record Listing(
      List<MessageJson> items,
      @Schema(description = "Address of the next page, as in the Link header")
          Optional<String> next) {
    /** Freezes the list. */
    public Listing {
      items = List.copyOf(items);
    }
  }

  static MessageJson of(MessageJournal.Message message) {
    return new MessageJson(
        message.sequence(),
        Instant.ofEpochMilli(message.timeMs()).toString(),
        message.inlet().family(),
        message.kind(),
        message.externalId(),
        message.remote(),
        message.outcome().name().toLowerCase(Locale.ROOT),
        message.code(),
        message.location(),
        message.reason(),
        message.entryId().map(Hash::toHex),
        message.height());
  }
}
