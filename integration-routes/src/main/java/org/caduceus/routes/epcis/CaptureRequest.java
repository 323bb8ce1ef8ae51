package org.caduceus.routes.epcis;

import java.io.InputStream;
import org.caduceus.ledger.intake.Submission;

/**
 * One capture request, the exchange body of {@code direct:epcis-capture} (a document) and {@code
 * direct:epcis-event} (a single event); the route replaces it by an {@link
 * org.caduceus.ledger.intake.InletGateway.Answer}.
 *
 * @param contentType the request's Content-Type
 * @param body read by the route, once; the caller closes it
 * @param submission who hands it in
 */
public record CaptureRequest(String contentType, InputStream body, Submission submission) {}
