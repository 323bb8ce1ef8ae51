package org.caduceus.console.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.junit.jupiter.api.Test;

/** What a client hears when its body is too large, or breaks off. */
class InletCallTest {
  private static final int MAX_BYTES = 10;

  private static final Answer STORED =
      new Answer(202, "application/dicom+json", "{}", Optional.empty());

  private final List<String> attributes = new ArrayList<>();
  private final InletCall call = new InletCall(request(-1), MAX_BYTES);

  @Test
  void theAnswerOfTheRouteIsSentAsItIs() {
    Response answer = call.hand(body(MAX_BYTES), InletCallTest::readAll);
    assertEquals(202, answer.getStatus());
    assertEquals("{}", answer.getEntity());
    assertFalse(answer.getHeaders().containsKey("Connection"));
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsNotHandedOn() {
    InletCall large = new InletCall(request(MAX_BYTES + 1L), MAX_BYTES);
    AtomicBoolean handed = new AtomicBoolean();
    Response answer =
        large.hand(
            body(MAX_BYTES + 1),
            body -> {
              handed.set(true);
              return STORED;
            });
    assertTooLarge(answer);
    assertFalse(handed.get());
  }

  @Test
  void aRouteThatStoredNothingOfATooLargeBodyLetsUsSaySo() {
    assertTooLarge(call.hand(body(MAX_BYTES + 1), InletCallTest::readAll));
  }

  @Test
  void aRouteThatStoredSomethingOfATooLargeBodyAnswersItself() {
    Response answer =
        call.hand(
            body(MAX_BYTES + 1),
            body -> {
              assertThrows(BodyTooLarge.class, () -> readAll(body));
              return STORED;
            });
    assertEquals(202, answer.getStatus());
    assertEquals("close", answer.getHeaderString("Connection"));
  }

  @Test
  void aBodyThatBreaksOffIsNoFailureOfOurs() {
    Response answer =
        call.hand(
            body(1),
            body -> {
              throw new IOException("Connection reset");
            });
    assertEquals(400, answer.getStatus());
    assertFalse(answer.getEntity().toString().contains("reset"));
    assertEquals("close", answer.getHeaderString("Connection"));
    assertEquals(List.of(LostClients.LOST), attributes);
  }

  @Test
  void aFailureOfTheRouteFlies() {
    RuntimeException failure = new IllegalStateException("broken");
    assertSame(
        failure,
        assertThrows(
            RuntimeException.class,
            () ->
                call.hand(
                    body(1),
                    body -> {
                      throw failure;
                    })));
  }

  private static void assertTooLarge(Response answer) {
    assertEquals(413, answer.getStatus());
    assertTrue(answer.getEntity().toString().contains("Nothing of it was stored"));
    assertEquals("close", answer.getHeaderString("Connection"));
  }

  private static Answer readAll(InputStream body) throws IOException {
    body.transferTo(java.io.OutputStream.nullOutputStream());
    return STORED;
  }

  private static InputStream body(int bytes) {
    return new ByteArrayInputStream(new byte[bytes]);
  }

  private HttpServletRequest request(long contentLength) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            InletCallTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getContentLengthLong" -> contentLength;
                  case "getRemoteAddr" -> "192.0.2.1";
                  case "getRequestURI" -> "/dicomweb/studies";
                  case "setAttribute" -> {
                    attributes.add(arguments[0].toString());
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
