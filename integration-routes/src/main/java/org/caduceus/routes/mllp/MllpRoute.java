package org.caduceus.routes.mllp;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.caduceus.adapters.hl7v2.ErrorCode;
import org.caduceus.adapters.hl7v2.Hl7v2Adapter;
import org.caduceus.adapters.hl7v2.Interchange;
import org.caduceus.adapters.hl7v2.MessageHeader;
import org.caduceus.adapters.hl7v2.Reading;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
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
 * Where an HL7 message's way begins: frame, adapter, intake, acknowledgement. A batch is cut into
 * its messages, each submitted and answered by itself, in order. The answer leaves only when the
 * intake has said what became of the message: AA and CA mean "durable here".
 */
public final class MllpRoute extends RouteBuilder {
  /** Author of every record that comes this way: a connection has no person. */
  static final String AUTHOR = "inlet:mllp";

  private final List<String> listeners;
  private final Hl7v2Adapter adapter;
  private final RecordIntake intake;
  private final MessageJournal journal;
  private final InstantSource clock;

  /**
   * A route.
   *
   * @param listeners names of the {@code mllp:} listeners to consume from
   * @param journal gets a note on every message that is not taken
   * @param clock dates the answers to those
   */
  public MllpRoute(
      List<String> listeners,
      Hl7v2Adapter adapter,
      RecordIntake intake,
      MessageJournal journal,
      InstantSource clock) {
    this.listeners = List.copyOf(listeners);
    this.adapter = adapter;
    this.intake = intake;
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    for (String listener : listeners) {
      from("mllp:" + listener).routeId("mllp-" + listener).process(this::process);
    }
  }

  private void process(Exchange exchange) {
    exchange.getMessage().setBody(answer(exchange.getMessage().getBody(MllpFrame.class)));
  }

  /** The answer to one frame, once everything in it is durable or refused. */
  MllpReply answer(MllpFrame frame) {
    if (frame.tooLarge()) {
      MessageHeader header = read(frame.content(), frame.remote()).header();
      return refuse(
          header,
          new Refused(
              ErrorCode.VALUE_TOO_LONG.code(),
              "MSH^1",
              "Expected a message within the listener's limit, but it is longer"),
          frame.content(),
          frame.remote());
    }
    Interchange interchange = Interchange.of(frame.content());
    if (interchange.messages().size() == 1 && interchange.fault().isEmpty()) {
      return take(interchange.messages().get(0), frame.remote());
    }
    List<Bytes> replies = new ArrayList<>();
    for (Bytes message : interchange.messages()) {
      replies.addAll(
          interchange
              .fault()
              .map(
                  fault ->
                      refuse(
                          read(message, frame.remote()).header(), fault, message, frame.remote()))
              .orElseGet(() -> take(message, frame.remote()))
              .messages());
    }
    if (interchange.messages().isEmpty()) {
      Reading reading = read(frame.content(), frame.remote());
      replies.addAll(
          refuse(
                  reading.header(),
                  interchange.fault().orElseThrow(),
                  frame.content(),
                  frame.remote())
              .messages());
    }
    return new MllpReply(replies);
  }

  private Reading read(Bytes message, String remote) {
    return adapter.read(new RawMessage(Inlet.HL7V2, message, remote));
  }

  private MllpReply take(Bytes message, String remote) {
    Reading reading = read(message, remote);
    MessageHeader header = reading.header();
    if (header.acknowledgement()) {
      // An acknowledgement is not acknowledged (HL7 v2.5.1 section 2.9), and nothing to keep.
      return MllpReply.NONE;
    }
    return switch (reading.outcome()) {
      case Canonical(CanonicalRecord record) -> submit(header, record, remote);
      case Refused refused -> refuse(header, refused, message, remote);
    };
  }

  private MllpReply submit(MessageHeader header, CanonicalRecord record, String remote) {
    Receipt receipt;
    try {
      receipt = intake.submit(record, new Submission(AUTHOR, remote));
    } catch (RuntimeException e) {
      // Whether the record was stored is not known, so the sender must repeat it; the intake is
      // idempotent and will then say.
      MllpLog.INTAKE_FAILED.log(remote, e.getClass().getName());
      receipt =
          new Receipt.Declined(
              Receipt.Cause.STORAGE_UNAVAILABLE,
              "Expected the message to be stored, but the node failed");
    }
    if (receipt instanceof Receipt.Declined declined) {
      journal.notTaken(
          Inlet.HL7V2,
          record.kind(),
          record.externalId(),
          remote,
          Outcome.DECLINED,
          declined.cause().name(),
          "",
          declined.reason());
    }
    return Acknowledgement.to(header, receipt, record.contentHash(), clock.instant());
  }

  private MllpReply refuse(MessageHeader header, Refused refused, Bytes message, String remote) {
    String controlId = header.controlId();
    journal.notTaken(
        Inlet.HL7V2,
        header.messageType(),
        controlId.length() > CanonicalRecord.MAX_EXTERNAL_ID ? "" : controlId,
        remote,
        Outcome.REFUSED,
        refused.code(),
        refused.location(),
        refused.reason());
    return Acknowledgement.to(header, refused, Hash.sha256(message.unsafeArray()), clock.instant());
  }
}
