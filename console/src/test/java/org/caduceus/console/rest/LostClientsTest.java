package org.caduceus.console.rest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** A connection that is gone, and who hears of it. */
class LostClientsTest {
  private final IOException gone = new IOException("Connection is closed");
  private boolean lost;

  @Test
  void aFailureToAnswerAClientThatHungUpIsNone() {
    lost = true;
    assertDoesNotThrow(this::answer);
  }

  @Test
  void anyOtherFailureToAnswerIsReported() {
    assertSame(gone, assertThrows(IOException.class, this::answer));
  }

  private void answer() throws Exception {
    new LostClients()
        .doFilter(
            stub(HttpServletRequest.class),
            stub(HttpServletResponse.class),
            (request, response) -> {
              response.getOutputStream().write(new byte[3]);
              response.getOutputStream().write(1);
              response.getOutputStream().flush();
              response.flushBuffer();
              response.getOutputStream().close();
            });
  }

  private <T> T stub(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            LostClientsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getAttribute" -> lost ? arguments[0] : null;
                  case "getOutputStream" -> new Closed();
                  case "flushBuffer" -> throw gone;
                  default -> throw new UnsupportedOperationException(method.getName());
                }));
  }

  private final class Closed extends ServletOutputStream {
    @Override
    public void write(int value) throws IOException {
      throw gone;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      throw gone;
    }

    @Override
    public void flush() throws IOException {
      throw gone;
    }

    @Override
    public void close() throws IOException {
      throw gone;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("Expected no listener");
    }
  }
}
