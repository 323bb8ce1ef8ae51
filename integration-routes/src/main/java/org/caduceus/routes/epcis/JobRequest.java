package org.caduceus.routes.epcis;

import org.caduceus.ledger.intake.Submission;

/**
 * A question for a capture job, the exchange body of {@code direct:epcis-job}; the route replaces
 * it by an {@link org.caduceus.ledger.intake.InletGateway.Answer}.
 *
 * @param id captureID as the Location header gave it
 * @param submission who asks
 */
public record JobRequest(String id, Submission submission) {}
