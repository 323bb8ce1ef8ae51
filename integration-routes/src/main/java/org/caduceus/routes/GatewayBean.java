package org.caduceus.routes;

import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;
import org.caduceus.adapters.epcis.EpcisAdapter;
import org.caduceus.ledger.intake.InletGateway;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.routes.dicom.StoreRequest;
import org.caduceus.routes.epcis.CaptureRequest;
import org.caduceus.routes.epcis.JobRequest;

/**
 * The web module's door into the routes. Opens no transaction: reading a slow client's body must
 * not hold one, and the intake opens its own.
 */
@Stateless
@Local(InletGateway.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class GatewayBean implements InletGateway {
  @EJB CamelStartup camel;

  @Override
  public Answer storeInstances(
      Optional<String> study,
      String contentType,
      String accept,
      InputStream body,
      Submission submission)
      throws IOException {
    return askWithBody(
        "direct:dicom-stow", new StoreRequest(study, contentType, accept, body, submission));
  }

  @Override
  public Answer captureDocument(String contentType, InputStream body, Submission submission)
      throws IOException {
    return askWithBody("direct:epcis-capture", new CaptureRequest(contentType, body, submission));
  }

  @Override
  public Answer captureEvent(String contentType, InputStream body, Submission submission)
      throws IOException {
    return askWithBody("direct:epcis-event", new CaptureRequest(contentType, body, submission));
  }

  @Override
  public Answer captureJob(String id, Submission submission) {
    return ask("direct:epcis-job", new JobRequest(id, submission));
  }

  @Override
  public CaptureLimits captureLimits() {
    return new CaptureLimits(EpcisAdapter.MAX_EVENTS, EpcisAdapter.MAX_BYTES);
  }

  /**
   * A body that breaks off is a matter between the web module and its client: it gets the stream's
   * own exception, which the container neither wraps nor logs.
   */
  private Answer askWithBody(String endpoint, Object request) throws IOException {
    try {
      return ask(endpoint, request);
    } catch (CamelExecutionException e) {
      if (e.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw e;
    }
  }

  /** Blocks for the route's answer; a route's failure reaches the caller as it was thrown. */
  private Answer ask(String endpoint, Object request) {
    try {
      return camel.producer().requestBody(endpoint, request, Answer.class);
    } catch (CamelExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
