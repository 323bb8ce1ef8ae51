package org.caduceus.routes.dicom;

import java.io.InputStream;
import java.util.Optional;
import org.caduceus.ledger.intake.Submission;

/**
 * One STOW-RS request, the exchange body of {@code direct:dicom-stow}; the route replaces it by an
 * {@link org.caduceus.ledger.intake.InletGateway.Answer}.
 *
 * @param study StudyInstanceUID of the request path, when there is one
 * @param contentType the request's Content-Type
 * @param accept the request's Accept, may be empty
 * @param body read by the route, once; the caller closes it
 * @param submission who hands it in
 */
public record StoreRequest(
    Optional<String> study,
    String contentType,
    String accept,
    InputStream body,
    Submission submission) {}
