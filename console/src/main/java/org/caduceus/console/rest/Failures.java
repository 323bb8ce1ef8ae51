package org.caduceus.console.rest;

import jakarta.ejb.EJBException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import org.caduceus.console.ConsoleLog;
import org.caduceus.console.Problem;
import org.caduceus.ledger.enclave.EnclaveUnavailable;

/**
 * Turns whatever goes wrong into problem details. A client gets our sentence and, for what we did
 * not expect, a number under which the log has the rest.
 */
@Provider
public final class Failures implements ExceptionMapper<Throwable> {
  @Override
  public Response toResponse(Throwable failure) {
    return switch (failure) {
      case ProblemException expected -> answer(expected.problem()).build();
      case WebApplicationException refused -> refusal(refused);
      case EJBException wrapped when wrapped.getCause() instanceof EnclaveUnavailable ->
          enclaveAway();
      case EnclaveUnavailable away -> enclaveAway();
      default -> unexpected(failure);
    };
  }

  private static Response refusal(WebApplicationException refused) {
    int status = refused.getResponse().getStatus();
    if (status >= 500) {
      return unexpected(refused);
    }
    Response.ResponseBuilder answer = answer(Problem.of(status, sentence(status)));
    if (refused instanceof NotAllowedException) {
      answer.header("Allow", refused.getResponse().getHeaderString("Allow"));
    }
    return answer.build();
  }

  private static String sentence(int status) {
    return switch (status) {
      case 400 -> "The request could not be read. Nothing was changed.";
      case 404 -> "There is nothing under this address.";
      case 405 -> "This address does not take this method. Nothing was changed.";
      case 406 -> "This address answers with application/json only.";
      case 415 -> "This address does not take this media type. Nothing was changed.";
      default -> "The request was refused. Nothing was changed.";
    };
  }

  private static Response enclaveAway() {
    return answer(
            Problem.of(
                503, "The enclave does not answer. Nothing was changed. Try again in a moment."))
        .header("Retry-After", "5")
        .build();
  }

  private static Response unexpected(Throwable failure) {
    String number = UUID.randomUUID().toString();
    ConsoleLog.REQUEST_FAILED.log(failure, number);
    return answer(
            Problem.of(
                500,
                "The request failed for a reason on our side. Give the operator this number: "
                    + number
                    + "."))
        .build();
  }

  private static Response.ResponseBuilder answer(Problem problem) {
    return Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .entity(problem.toJson().toString());
  }
}
