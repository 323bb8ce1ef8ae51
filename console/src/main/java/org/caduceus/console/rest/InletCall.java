package org.caduceus.console.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.caduceus.console.ConsoleLog;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.caduceus.ledger.intake.Submission;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * One request to an inlet: bounds its body, names its author, sends the route's answer as it is.
 */
@RequestScoped
public class InletCall {
  private HttpServletRequest request;
  private long maxBodyBytes;

  /** For the container's proxy. */
  protected InletCall() {}

  @Inject
  InletCall(
      HttpServletRequest request,
      @ConfigProperty(name = "caduceus.http.max.body.bytes", defaultValue = "67108864")
          long maxBodyBytes) {
    this.request = request;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Who hands the record in. */
  Submission submission() {
    return new Submission(request.getUserPrincipal().getName(), request.getRemoteAddr());
  }

  /** Largest body this node takes, in bytes. */
  long maxBodyBytes() {
    return maxBodyBytes;
  }

  /** A header of the request, empty when it is absent. */
  String header(String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }

  /** A route that reads a body. */
  @FunctionalInterface
  interface Route {
    /** Its answer, unless the body breaks off. */
    Answer take(InputStream body) throws IOException;
  }

  /** Hands the body to a route, unless it is larger than this node takes. */
  Response hand(InputStream body, Route route) {
    if (request.getContentLengthLong() > maxBodyBytes) {
      return tooLarge();
    }
    BoundedBody bounded = new BoundedBody(body, maxBodyBytes);
    try {
      Response answer = response(route.take(bounded));
      if (bounded.exceeded()) {
        answer.getHeaders().putSingle("Connection", "close");
      }
      return answer;
    } catch (BodyTooLarge e) {
      return tooLarge();
    } catch (IOException e) {
      request.setAttribute(LostClients.LOST, true);
      ConsoleLog.BODY_BROKE_OFF.log(
          request.getRemoteAddr(), request.getRequestURI(), e.getClass().getName());
      return problem(400, "Expected the whole body, but it broke off. Send the request again.");
    }
  }

  static Response response(Answer answer) {
    Response.ResponseBuilder response = Response.status(answer.status());
    if (!answer.contentType().isEmpty()) {
      response.type(answer.contentType()).entity(answer.body());
    }
    answer.location().map(URI::create).ifPresent(response::location);
    return response.build();
  }

  private Response tooLarge() {
    return problem(
        413, "Expected a body of at most " + maxBodyBytes + " bytes. Nothing of it was stored.");
  }

  /** The rest of the body is not read: the connection is of no use any more. */
  private static Response problem(int status, String detail) {
    return Response.status(status)
        .type(Problem.MEDIA_TYPE)
        .header("Connection", "close")
        .entity(Problem.of(status, detail).toJson().toString())
        .build();
  }
}
