package org.caduceus.routes.mllp;

import java.util.concurrent.ThreadFactory;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Runs a listener while its route is started and sends every frame down the route. */
final class MllpConsumer extends DefaultConsumer {
  private final String name;
  private final MllpSettings settings;
  private final ThreadFactory threads;
  private MllpListener listener;

  MllpConsumer(
      MllpEndpoint endpoint,
      Processor processor,
      String name,
      MllpSettings settings,
      ThreadFactory threads) {
    super(endpoint, processor);
    this.name = name;
    this.settings = settings;
    this.threads = threads;
  }

  /** The port it listens on. */
  int port() {
    return listener.port();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    listener = new MllpListener(name, settings, threads, this::handle);
    listener.start();
  }

  @Override
  protected void doStop() throws Exception {
    if (listener != null) {
      listener.stop();
      listener = null;
    }
    super.doStop();
  }

  private MllpReply handle(MllpFrame frame) {
    Exchange exchange = createExchange(false);
    try {
      exchange.getMessage().setBody(frame);
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
      return exchange.getMessage().getBody() instanceof MllpReply reply ? reply : MllpReply.NONE;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Expected the route to answer, but it failed", e);
    } finally {
      releaseExchange(exchange, false);
    }
  }
}
