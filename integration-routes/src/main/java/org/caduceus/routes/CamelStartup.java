package org.caduceus.routes;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.routes.dicom.DicomStorageRoute;
import org.caduceus.routes.epcis.EpcisCaptureRoute;

/**
 * Starts the one Camel context with a route for each inlet, and stops it before the beans behind it
 * go. The context is light: no JMX, no message history, no error handler that would log a message's
 * content.
 */
@Startup
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CamelStartup {
  @EJB private RecordIntake intake;
  @EJB private MessageJournal journal;

  private DefaultCamelContext context;
  private ProducerTemplate producer;

  @PostConstruct
  void start() {
    context = new DefaultCamelContext(false);
    context.disableJMX();
    context.getCamelContextExtension().setName("caduceus");
    context.setApplicationContextClassLoader(CamelStartup.class.getClassLoader());
    context.setMessageHistory(false);
    context.setLogExhaustedMessageBody(false);
    context.setTypeConverterStatisticsEnabled(false);
    context.getRegistry().bind("intake", intake);
    context.getRegistry().bind("journal", journal);
    context.build();
    add(new DicomStorageRoute(intake, journal));
    add(new EpcisCaptureRoute(intake, journal));
    context.start();
    producer = context.createProducerTemplate();
  }

  /** Sends into {@code direct:} endpoints and waits for the answer; thread-safe. */
  public ProducerTemplate producer() {
    return producer;
  }

  @PreDestroy
  void stop() {
    context.stop();
  }

  private void add(RouteBuilder route) {
    try {
      context.addRoutes(route);
    } catch (Exception e) {
      throw new IllegalStateException(
          "Expected the route " + route.getClass().getSimpleName() + " to be well-formed", e);
    }
  }
}
