package org.caduceus.routes.mllp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.adapters.hl7v2.Hl7v2Adapter;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.RecordIntake;

/** The whole inlet on a free port of this machine: socket, Camel context, route, adapter. */
final class MllpServer implements AutoCloseable {
  private final DefaultCamelContext context = new DefaultCamelContext(false);

  MllpServer(RecordIntake intake, MessageJournal journal, MllpSettings settings) throws Exception {
    context.disableJMX();
    context.setMessageHistory(false);
    context.build();
    context.addComponent(
        "mllp", new MllpComponent(Map.of("plain", settings), Thread.ofVirtual().factory()));
    context.addRoutes(
        new MllpRoute(
            List.of("plain"),
            new Hl7v2Adapter(),
            intake,
            journal,
            () -> Instant.parse("2026-01-02T03:04:05Z")));
    context.start();
  }

  static MllpSettings settings(int port, int maxFrameBytes, int pauseMs, int maxConnections) {
    return new MllpSettings(
        "127.0.0.1",
        port,
        maxFrameBytes,
        Duration.ofMillis(pauseMs),
        maxConnections,
        Optional.empty());
  }

  static MllpSettings secure(SSLContext context) {
    return new MllpSettings(
        "127.0.0.1", 0, 1_000_000, Duration.ofSeconds(5), 16, Optional.of(context));
  }

  int port() {
    return ((MllpConsumer) context.getRoute("mllp-plain").getConsumer()).port();
  }

  @Override
  public void close() {
    context.stop();
  }
}
