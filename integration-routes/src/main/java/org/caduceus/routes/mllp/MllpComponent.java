package org.caduceus.routes.mllp;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code mllp:NAME} consumes frames from the listener of that name: the exchange body is an {@link
 * MllpFrame} on the way in and an {@link MllpReply} on the way out. Settings come by name and not
 * by URI, because they hold keys.
 */
public final class MllpComponent extends DefaultComponent {
  private final Map<String, MllpSettings> listeners;
  private final ThreadFactory threads;

  /**
   * A component.
   *
   * @param listeners settings by name
   * @param threads makes one thread for each listener and each connection
   */
  public MllpComponent(Map<String, MllpSettings> listeners, ThreadFactory threads) {
    this.listeners = Map.copyOf(listeners);
    this.threads = threads;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    MllpSettings settings = listeners.get(name);
    if (settings == null) {
      throw new IllegalArgumentException(
          "Expected a listener of " + listeners.keySet() + ", but got " + name);
    }
    return new MllpEndpoint(uri, this, name, settings, threads);
  }
}
