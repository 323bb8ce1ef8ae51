package org.caduceus.routes.epcis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.caduceus.adapters.epcis.Capture;
import org.caduceus.adapters.epcis.EpcisAdapter;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;

/**
 * {@code direct:epcis-capture} and {@code direct:epcis-event}: a {@link CaptureRequest} in, an
 * {@link Answer} out; {@code direct:epcis-job}: a {@link JobRequest} in, an {@link Answer} out.
 *
 * <p>Capture is all or nothing ({@code GS1-Capture-Error-Behaviour: rollback}, the default): 202
 * and 201 say that every event is durable here, any other status that none is.
 */
public final class EpcisCaptureRoute extends RouteBuilder {
  private static final String JSON = "application/json";

  private final RecordIntake intake;
  private final MessageJournal journal;
  private final CaptureJobs jobs;
  private final EpcisAdapter adapter = new EpcisAdapter();

  /** A route into {@code intake}; what is not taken goes to {@code journal}. */
  public EpcisCaptureRoute(RecordIntake intake, MessageJournal journal) {
    this.intake = intake;
    this.journal = journal;
    this.jobs = new CaptureJobs(journal);
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    from("direct:epcis-capture").routeId("epcis-capture").process(this::captureDocument);
    from("direct:epcis-event").routeId("epcis-event").process(this::captureEvent);
    from("direct:epcis-job").routeId("epcis-job").process(this::describeJob);
  }

  private void captureDocument(Exchange exchange) throws IOException {
    CaptureRequest request = exchange.getMessage().getBody(CaptureRequest.class);
    exchange.getMessage().setBody(document(request));
  }

  private void captureEvent(Exchange exchange) throws IOException {
    CaptureRequest request = exchange.getMessage().getBody(CaptureRequest.class);
    exchange.getMessage().setBody(event(request));
  }

  private void describeJob(Exchange exchange) {
    JobRequest request = exchange.getMessage().getBody(JobRequest.class);
    exchange
        .getMessage()
        .setBody(
            jobs.find(request.id())
                .map(EpcisCaptureRoute::describe)
                .orElseGet(() -> Problem.noSuchJob().answer()));
  }

  private Answer document(CaptureRequest request) throws IOException {
    Optional<Binding> binding = Binding.of(request.contentType());
    if (binding.isEmpty()) {
      return refused(Problem.documentType(), request.submission());
    }
    Bytes content = content(request);
    Capture capture =
        switch (binding.get()) {
          case JSON -> adapter.capture(content);
          case XML -> adapter.captureXml(content);
        };
    return switch (capture) {
      case Capture.Rejected rejected ->
          refused(Problem.of(rejected.refusal()), request.submission());
      case Capture.Events events -> take(events.records(), request.submission());
    };
  }

  private Answer take(List<CanonicalRecord> records, Submission submission) {
    long createdAtMs = System.currentTimeMillis();
    List<Receipt> receipts = records.isEmpty() ? List.of() : intake.submitAll(records, submission);
    for (int i = 0; i < receipts.size(); i++) {
      if (receipts.get(i) instanceof Receipt.Declined declined) {
        return declined(declined, records.get(i), submission);
      }
    }
    CaptureJobs.Job job = jobs.finished(records, createdAtMs, System.currentTimeMillis());
    return new Answer(202, "", "", Optional.of("/epcis/capture/" + job.captureId()));
  }

  private Answer event(CaptureRequest request) throws IOException {
    Submission submission = request.submission();
    // The XML binding has no event outside of a document (EPCIS 2.0 section 9).
    if (!Binding.of(request.contentType()).equals(Optional.of(Binding.JSON))) {
      return refused(Problem.eventType(), submission);
    }
    RawMessage message = new RawMessage(Inlet.EPCIS, content(request), submission.remote());
    return switch (adapter.canonicalise(message)) {
      case Refused refused -> refused(Problem.of(refused), submission);
      case Canonical canonical -> take(canonical.record(), submission);
    };
  }

  private Answer take(CanonicalRecord record, Submission submission) {
    return switch (intake.submit(record, submission)) {
      case Receipt.Declined declined -> declined(declined, record, submission);
      case Receipt.Accepted accepted -> created(record);
      case Receipt.Duplicate duplicate -> created(record);
    };
  }

  private static Answer created(CanonicalRecord record) {
    String eventId =
        URLEncoder.encode(EpcisAdapter.eventId(record), StandardCharsets.UTF_8).replace("+", "%20");
    return new Answer(201, "", "", Optional.of("/epcis/events/" + eventId));
  }

  /** One byte more than the adapter takes, so that it can tell. */
  private static Bytes content(CaptureRequest request) throws IOException {
    return Bytes.wrap(request.body().readNBytes(EpcisAdapter.MAX_BYTES + 1));
  }

  private Answer refused(Problem problem, Submission submission) {
    journal.notTaken(
        Inlet.EPCIS,
        "",
        "",
        submission.remote(),
        Outcome.REFUSED,
        problem.exception(),
        problem.pointer(),
        problem.detail());
    return problem.answer();
  }

  private Answer declined(
      Receipt.Declined declined, CanonicalRecord record, Submission submission) {
    journal.notTaken(
        Inlet.EPCIS,
        record.kind(),
        record.externalId(),
        submission.remote(),
        Outcome.DECLINED,
        declined.cause().name(),
        "",
        declined.reason());
    return Problem.of(declined.cause(), declined.reason()).answer();
  }

  private static Answer describe(CaptureJobs.Job job) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("captureID", job.captureId());
    body.put("createdAt", Instant.ofEpochMilli(job.createdAtMs()).toString());
    body.put("finishedAt", Instant.ofEpochMilli(job.finishedAtMs()).toString());
    body.put("running", false);
    body.put("success", true);
    body.put("captureErrorBehaviour", "rollback");
    body.putArray("errors");
    return new Answer(200, JSON, body.toString(), Optional.empty());
  }
}
