package org.caduceus.routes.epcis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.caduceus.adapters.epcis.Capture;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.Receipt.Cause;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * A refusal as problem+json (RFC 9457) with the exception names of EPCIS 2.0 section 12.
 *
 * @param status HTTP status
 * @param exception name after {@code epcisException:}
 * @param title the same for every problem of its kind
 * @param detail one sentence without values of the message
 * @param pointer place in the request's body as JSON pointer, empty when the whole is meant
 */
record Problem(int status, String exception, String title, String detail, String pointer) {
  /** Media type of the answer. */
  static final String MEDIA_TYPE = "application/problem+json";

  /** What the adapter said of the content. */
  static Problem of(Refused refused) {
    return refused.code().equals(Capture.LIMIT_EXCEEDED)
        ? tooLarge(refused.reason(), refused.location())
        : new Problem(
            400, refused.code(), "Not a valid capture", refused.reason(), refused.location());
  }

  /** What the intake said of the records. */
  static Problem of(Cause cause, String reason) {
    return switch (cause) {
      case CONFLICT ->
          new Problem(
              409, "ResourceAlreadyExistsException", "Another event has this eventID", reason, "");
      case TOO_LARGE -> tooLarge(reason, "");
      case POOL_FULL, ENCLAVE_UNAVAILABLE, STORAGE_UNAVAILABLE ->
          new Problem(
              503, "ImplementationException", "Nothing was captured; try again", reason, "");
    };
  }

  /** The Content-Type is none of a document's. */
  static Problem documentType() {
    return mediaType(
        "Expected a document of application/json, application/ld+json, application/xml or text/xml"
            + " in UTF-8, but got another");
  }

  /** The Content-Type is none of a single event's. */
  static Problem eventType() {
    return mediaType(
        "Expected one event of application/json or application/ld+json in UTF-8, but got another;"
            + " XML has documents only, which POST /epcis/capture takes");
  }

  private static Problem mediaType(String detail) {
    return new Problem(415, "UnsupportedMediaTypeException", "Unsupported media type", detail, "");
  }

  /** There is no such capture job. */
  static Problem noSuchJob() {
    return new Problem(
        404,
        "NoSuchResourceException",
        "No such capture job",
        "Expected a captureID that this node gave out, but got another",
        "");
  }

  private static Problem tooLarge(String reason, String pointer) {
    return new Problem(
        413, "CaptureLimitExceededException", "Capture payload too large", reason, pointer);
  }

  /** The HTTP answer. */
  Answer answer() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", "epcisException:" + exception);
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    if (!pointer.isEmpty()) {
      body.putArray("errors").addObject().put("detail", detail).put("pointer", "#" + pointer);
    }
    return new Answer(status, MEDIA_TYPE, body.toString(), Optional.empty());
  }
}
