package org.caduceus.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Hands an HTTP request body to the route of its inlet. The web module owns HTTP and
 * authentication; the route owns the message. Blocking and thread-safe.
 *
 * <p>A body that breaks off ends the call with the {@link IOException} of its stream. What the
 * route had submitted before that is stored; what it had read in part is not.
 */
public interface InletGateway {

  /**
   * Thrown by a body out of which more comes than the node takes. A route that has stored nothing
   * lets it fly; one that has says so in its answer.
   */
  final class BodyTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    /** A body of more than {@code maxBytes}. */
    public BodyTooLarge(long maxBytes) {
      super("Expected a body of at most " + maxBytes + " bytes, but more came");
    }
  }

  /**
   * What {@link #captureDocument} takes at most.
   *
   * @param events events in one document
   * @param bytes size of one document
   */
  record CaptureLimits(int events, int bytes) {}

  /**
   * The route's answer, to be sent as it is.
   *
   * @param status HTTP status
   * @param contentType media type of the body, empty when there is no body
   * @param body text to send
   * @param location value of the Location header, when there is one
   */
  record Answer(int status, String contentType, String body, Optional<String> location) {}

  /**
   * DICOM STOW-RS (PS3.18 section 10.5).
   *
   * @param study StudyInstanceUID of the request path, when there is one
   * @param contentType the request's Content-Type
   * @param accept the request's Accept, may be empty
   * @param body read to its end or to the first violation
   */
  Answer storeInstances(
      Optional<String> study,
      String contentType,
      String accept,
      InputStream body,
      Submission submission)
      throws IOException;

  /**
   * EPCIS 2.0 {@code POST /capture} (section 12).
   *
   * @param contentType the request's Content-Type
   */
  Answer captureDocument(String contentType, InputStream body, Submission submission)
      throws IOException;

  /** EPCIS 2.0 {@code POST /events}: one event, synchronously. */
  Answer captureEvent(String contentType, InputStream body, Submission submission)
      throws IOException;

  /** EPCIS 2.0 {@code GET /capture/{id}}: the state of a capture job. */
  Answer captureJob(String id, Submission submission);

  /** What the capture of documents announces of itself. */
  CaptureLimits captureLimits();
}
