package org.caduceus.console.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.function.Function;
import org.caduceus.console.Problem;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.Submission;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * One request to an inlet: bounds its body, names its author, sends the route's answer as it is.
 */
@RequestScoped
public class InletCall {
  @Inject HttpServletRequest request;

  @Inject
  @ConfigProperty(name = "caduceus.http.max.body.bytes", defaultValue = "67108864")
  long maxBodyBytes;

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

  /** Hands the body to a route, unless it is larger than this node takes. */
  Response hand(InputStream body, Function<InputStream, Answer> route) throws IOException {
    if (request.getContentLengthLong() > maxBodyBytes) {
      return tooLarge();
    }
    BoundedBody bounded = new BoundedBody(body, maxBodyBytes);
    try {
      Answer answer = route.apply(bounded);
      return bounded.exceeded() ? tooLarge() : response(answer);
    } catch (RuntimeException e) {
      if (bounded.exceeded()) {
        return tooLarge();
      }
      throw e;
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
    Problem problem =
        Problem.of(
            413,
            "Expected a body of at most " + maxBodyBytes + " bytes. Nothing of it was stored.");
    return Response.status(413)
        .type(Problem.MEDIA_TYPE)
        .header("Connection", "close")
        .entity(problem.toJson().toString())
        .build();
  }
}
