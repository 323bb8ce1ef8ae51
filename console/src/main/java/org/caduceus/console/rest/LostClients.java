package org.caduceus.console.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Lets an answer to a client that is known to have hung up fail in silence. The server would log
 * two stack traces and an incident for it, though {@link InletCall} has said all there is to say.
 */
@WebFilter(urlPatterns = {"/dicomweb/*", "/epcis/*"})
public class LostClients extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** Attribute of a request whose body broke off. */
  static final String LOST = LostClients.class.getName();

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(
        request,
        new HttpServletResponseWrapper(response) {
          @Override
          public ServletOutputStream getOutputStream() throws IOException {
            return new Output(request, super.getOutputStream());
          }

          @Override
          public void flushBuffer() throws IOException {
            attempt(request, super::flushBuffer);
          }
        });
  }

  /** Something that fails when nobody listens. */
  private interface Sending {
    void send() throws IOException;
  }

  private static void attempt(HttpServletRequest request, Sending sending) throws IOException {
    try {
      sending.send();
    } catch (IOException e) {
      if (request.getAttribute(LOST) == null) {
        throw e;
      }
    }
  }

  private static final class Output extends ServletOutputStream {
    private final HttpServletRequest request;
    private final ServletOutputStream out;

    Output(HttpServletRequest request, ServletOutputStream out) {
      this.request = request;
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      attempt(request, () -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      attempt(request, () -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
      attempt(request, out::flush);
    }

    @Override
    public void close() throws IOException {
      attempt(request, out::close);
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
