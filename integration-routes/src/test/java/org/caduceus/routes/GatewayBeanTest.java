package org.caduceus.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.adapters.epcis.EpcisAdapter;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.caduceus.ledger.intake.InletGateway.CaptureLimits;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.routes.epcis.CaptureRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leaves the door of the web module when a route or its body fails. */
class GatewayBeanTest {
  private static final Submission SUBMISSION = new Submission("somebody", "192.0.2.1");

  private final GatewayBean gateway = new GatewayBean();
  private DefaultCamelContext context;

  @BeforeEach
  void start() throws Exception {
    context = new DefaultCamelContext();
    context.disableJMX();
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:epcis-capture")
                .process(
                    exchange -> {
                      InputStream body = exchange.getMessage().getBody(CaptureRequest.class).body();
                      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                      exchange.getMessage().setBody(new Answer(202, "", text, Optional.empty()));
                    });
          }
        });
    context.start();
    ProducerTemplate producer = context.createProducerTemplate();
    gateway.camel =
        new CamelStartup() {
          @Override
          public ProducerTemplate producer() {
            return producer;
          }
        };
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void theAnswerOfTheRouteIsPassedOn() throws IOException {
    InputStream body = new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8));
    assertEquals("hello", gateway.captureDocument("text/plain", body, SUBMISSION).body());
  }

  @Test
  void theFailureOfABodyIsTheCallersOwnAndIsNotWrapped() {
    for (IOException failure : new IOException[] {new IOException("gone"), new BodyTooLarge(7)}) {
      assertSame(
          failure,
          assertThrows(
              IOException.class,
              () -> gateway.captureDocument("text/plain", failing(failure), SUBMISSION)));
    }
  }

  @Test
  void theFailureOfARouteIsThrownAsItWas() {
    RuntimeException failure = new IllegalStateException("broken");
    InputStream body =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public byte[] readAllBytes() {
            throw failure;
          }
        };
    assertSame(
        failure,
        assertThrows(
            RuntimeException.class, () -> gateway.captureDocument("text/plain", body, SUBMISSION)));
  }

  @Test
  void theLimitsAreThoseOfTheAdapter() {
    assertEquals(
        new CaptureLimits(EpcisAdapter.MAX_EVENTS, EpcisAdapter.MAX_BYTES),
        gateway.captureLimits());
  }

  private static InputStream failing(IOException failure) {
    return new FilterInputStream(InputStream.nullInputStream()) {
      @Override
      public byte[] readAllBytes() throws IOException {
        throw failure;
      }
    };
  }
}
