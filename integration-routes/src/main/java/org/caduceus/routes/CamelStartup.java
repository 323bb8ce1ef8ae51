package org.caduceus.routes;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.concurrent.ManagedThreadFactoryDefinition;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.adapters.hl7v2.Hl7v2Adapter;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.routes.dicom.DicomStorageRoute;
import org.caduceus.routes.epcis.EpcisCaptureRoute;
import org.caduceus.routes.mllp.MllpComponent;
import org.caduceus.routes.mllp.MllpRoute;
import org.caduceus.routes.mllp.MllpSettings;
import org.caduceus.routes.mllp.MllpTls;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Starts the one Camel context with a route for each inlet, and stops it before the beans behind it
 * go. The context is light: no JMX, no message history, no error handler that would log a message's
 * content.
 */
@ManagedThreadFactoryDefinition(name = CamelStartup.THREADS)
@Startup
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CamelStartup {
  static final String THREADS = "java:module/concurrent/MllpThreads";

  /** Names of the two HL7 listeners. */
  private static final String PLAIN = "plain";

  private static final String TLS = "tls";

  @EJB private RecordIntake intake;
  @EJB private MessageJournal journal;

  @Resource(lookup = THREADS)
  private ManagedThreadFactory threads;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.host", defaultValue = "127.0.0.1")
  private String mllpHost;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.port")
  private int mllpPort;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.tls.port", defaultValue = "0")
  private int mllpTlsPort;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.max.frame.bytes", defaultValue = "16777216")
  private int mllpMaxFrameBytes;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.frame.timeout.seconds", defaultValue = "30")
  private int mllpFrameTimeoutSeconds;

  @Inject
  @ConfigProperty(name = "caduceus.mllp.max.connections", defaultValue = "1024")
  private int mllpMaxConnections;

  @Inject
  @ConfigProperty(name = "caduceus.tls.keystore")
  private String keystore;

  @Inject
  @ConfigProperty(name = "caduceus.tls.keystore.password")
  private String keystorePassword;

  @Inject
  @ConfigProperty(name = "caduceus.tls.truststore")
  private String truststore;

  @Inject
  @ConfigProperty(name = "caduceus.tls.truststore.password")
  private String truststorePassword;

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
    MessageJournal notes = new BestEffortJournal(journal);
    add(new DicomStorageRoute(intake, notes));
    add(new EpcisCaptureRoute(intake, notes));
    addMllp(notes);
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

  private void addMllp(MessageJournal notes) {
    Map<String, MllpSettings> listeners = new LinkedHashMap<>();
    listeners.put(PLAIN, mllp(mllpPort, Optional.empty()));
    if (mllpTlsPort != 0) {
      SSLContext tls =
          MllpTls.context(
              Path.of(keystore), keystorePassword, Path.of(truststore), truststorePassword);
      listeners.put(TLS, mllp(mllpTlsPort, Optional.of(tls)));
    }
    context.addComponent("mllp", new MllpComponent(listeners, threads));
    add(
        new MllpRoute(
            List.copyOf(listeners.keySet()),
            new Hl7v2Adapter(),
            intake,
            notes,
            InstantSource.system()));
  }

  private MllpSettings mllp(int port, Optional<SSLContext> tls) {
    return new MllpSettings(
        mllpHost,
        port,
        mllpMaxFrameBytes,
        Duration.ofSeconds(mllpFrameTimeoutSeconds),
        mllpMaxConnections,
        tls);
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
