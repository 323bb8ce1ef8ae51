package org.caduceus.routes.mllp;

import java.util.concurrent.ThreadFactory;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One listener as a Camel endpoint; for consumers only. */
final class MllpEndpoint extends DefaultEndpoint {
  private final String name;
  private final MllpSettings settings;
  private final ThreadFactory threads;

  MllpEndpoint(
      String uri,
      MllpComponent component,
      String name,
      MllpSettings settings,
      ThreadFactory threads) {
    super(uri, component);
    this.name = name;
    this.settings = settings;
    this.threads = threads;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException("Expected mllp: in from(), but it stands in to()");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    MllpConsumer consumer = new MllpConsumer(this, processor, name, settings, threads);
    configureConsumer(consumer);
    return consumer;
  }
}
