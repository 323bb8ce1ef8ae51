package org.caduceus.deploy.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.load.SampleMessages;

/** A program at another machine that listens to final blocks; runs outside the server. */
final class FeedClient {
  private static final int ANSWER_MS = 30_000;

  private FeedClient() {}

  static void assertHearsTheBlockOfANewMessage(MemberHome home)
      throws IOException, DeploymentException, InterruptedException {
    assertThrows(
        DeploymentException.class, () -> listen(home, "nobody's", new LinkedBlockingQueue<>()));
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    NodeClient client = new NodeClient(home);
    String id = Inside.newId();
    try (Session session = listen(home, client.token(), heard)) {
      assertTrue(session.isOpen());
      byte[] message = new SampleMessages(new Random(2)).admission(id);
      try (MllpClient mllp = new MllpClient(home.ports().mllp(), ANSWER_MS)) {
        assertTrue(mllp.exchange(message).isPositive());
      }
      JsonNode block;
      do {
        String text = heard.poll(ANSWER_MS, TimeUnit.MILLISECONDS);
        assertNotNull(text, "a block on the feed");
        block = new ObjectMapper().readTree(text);
      } while (block.path("entryCount").asInt() == 0);
      JsonNode entry = client.entries(id).getFirst();
      assertEquals(entry.path("height").asLong(), block.path("height").asLong());
      assertEquals(entry.path("blockHash").asText(), block.path("hash").asText());
    }
  }

  private static Session listen(MemberHome home, String token, BlockingQueue<String> heard)
      throws IOException, DeploymentException {
    URI feed = URI.create("ws://127.0.0.1:" + home.ports().http() + "/feed/blocks?token=" + token);
    return ContainerProvider.getWebSocketContainer()
        .connectToServer(new Listener(heard), ClientEndpointConfig.Builder.create().build(), feed);
  }

  /** Keeps what it hears. */
  static final class Listener extends Endpoint {
    private final BlockingQueue<String> heard;

    Listener(BlockingQueue<String> heard) {
      this.heard = heard;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.addMessageHandler(String.class, (MessageHandler.Whole<String>) heard::add);
    }
  }
}
