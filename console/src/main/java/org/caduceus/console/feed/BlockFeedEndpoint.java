package org.caduceus.console.feed;

import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code /feed/blocks}: speaks only, and listens to nobody. Who may open it is decided before the
 * handshake, in {@link org.caduceus.console.security.SignInMechanism}.
 */
@ServerEndpoint("/feed/blocks")
public class BlockFeedEndpoint {
  private static final Logger LOG = Logger.getLogger(BlockFeedEndpoint.class.getName());

  /** Nobody has anything to say to us; a few bytes are borne for clients that send a keep-alive. */
  private static final int MAX_INCOMING = 64;

  @Inject BlockFeedListeners listeners;

  /** A client is there. */
  @OnOpen
  public void open(Session session) throws IOException {
    if (session.getUserPrincipal() == null) {
      session.close(
          new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "A token or session is needed"));
      return;
    }
    session.setMaxTextMessageBufferSize(MAX_INCOMING);
    session.setMaxBinaryMessageBufferSize(MAX_INCOMING);
    listeners.add(session);
  }

  /** What a client says is not for us. */
  @OnMessage
  public void hear(String text) {
    LOG.log(Level.FINEST, "Ignored {0} characters from a listener", text.length());
  }

  /** A client is gone. */
  @OnClose
  public void close(Session session) {
    listeners.remove(session);
  }

  /** A connection broke: nothing for an operator to do. */
  @OnError
  public void broken(Session session, Throwable cause) {
    LOG.log(Level.FINE, "A listener's connection broke", cause);
    listeners.remove(session);
  }
}
