package org.caduceus.routes.dicom;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.RecordIntake;

/** {@code direct:dicom-stow}: a {@link StoreRequest} in, an {@link Answer} out. */
public final class DicomStorageRoute extends RouteBuilder {
  private final RecordIntake intake;
  private final MessageJournal journal;

  /** A route into {@code intake}; what is not taken goes to {@code journal}. */
  public DicomStorageRoute(RecordIntake intake, MessageJournal journal) {
    this.intake = intake;
    this.journal = journal;
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    from("direct:dicom-stow").routeId("dicom-stow").process(this::store);
  }

  private void store(Exchange exchange) throws IOException {
    StoreRequest request = exchange.getMessage().getBody(StoreRequest.class);
    Answer answer = new StoreTransaction(intake, journal, request).run();
    exchange.getMessage().setBody(answer);
  }
}
