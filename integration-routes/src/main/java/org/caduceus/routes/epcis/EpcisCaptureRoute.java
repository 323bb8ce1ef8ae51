package org.caduceus.routes.epcis;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.RecordIntake;

/**
 * {@code direct:epcis-capture} and {@code direct:epcis-event}: a {@link CaptureRequest} in, an
 * {@link Answer} out; {@code direct:epcis-job}: a {@link JobRequest} in, an {@link Answer} out.
 */
public final class EpcisCaptureRoute extends RouteBuilder {
  private final RecordIntake intake;
  private final MessageJournal journal;

  /** A route into {@code intake}; what is not taken goes to {@code journal}. */
  public EpcisCaptureRoute(RecordIntake intake, MessageJournal journal) {
    this.intake = intake;
    this.journal = journal;
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    from("direct:epcis-capture").routeId("epcis-capture").process(this::unavailable);
    from("direct:epcis-event").routeId("epcis-event").process(this::unavailable);
    from("direct:epcis-job").routeId("epcis-job").process(this::unavailable);
  }

  private void unavailable(Exchange exchange) {
    exchange.getMessage().setBody(new Answer(501, "", "", Optional.empty()));
  }
}
