package org.caduceus.ledger.ejb.peer;

import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import java.security.SecureRandom;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.LedgerLog;

/**
 * Sends to peers through this node's broker: one non-durable message a peer, best effort. Used by
 * the replica's thread and, now and then, by a timer.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class JmsPeerNetwork {
  /** What waits longer for a lost peer is stale; the protocol sends again. */
  private static final long LIFE_MS = 20_000;

  @EJB private Links links;

  private final SecureRandom random = new SecureRandom();
  private ActiveMQConnectionFactory factory;
  private JMSContext context;
  private JMSProducer producer;
  private long link;
  private long number;

  /**
   * Sends to one peer.
   *
   * @param toMember id; nothing happens if this node has no link to it
   */
  public void send(String toMember, PeerMessage message) {
    if (links.reaches(toMember)) {
      put(Set.of(toMember), message.encode());
    }
  }

  /** Sends to every peer that this node has a link to. */
  public void broadcast(PeerMessage message) {
    put(links.everybody(), message.encode());
  }

  @PreDestroy
  void close() {
    disconnect();
  }

  private synchronized void put(Set<String> members, Bytes bytes) {
    try {
      connect();
      for (String member : members) {
        BytesMessage message = context.createBytesMessage();
        message.writeBytes(bytes.unsafeArray());
        message.setLongProperty(LinkNumbers.LINK, link);
        message.setLongProperty(LinkNumbers.NUMBER, ++number);
        producer.send(ActiveMQDestination.createQueue(Addresses.outbox(member)), message);
      }
    } catch (JMSException | JMSRuntimeException e) {
      LedgerLog.PEER_SEND_FAILED.log(members, e.getMessage());
      disconnect();
    }
  }

  @SuppressWarnings("resource") // the context lives until disconnect
  private void connect() {
    if (context == null) {
      factory = new ActiveMQConnectionFactory("vm://0");
      factory.setBlockOnNonDurableSend(false);
      factory.setMinLargeMessageSize(BrokerConfiguration.WHOLE_MESSAGE_BYTES);
      factory.setProducerWindowSize(-1);
      context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
      producer =
          context
              .createProducer()
              .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
              .setTimeToLive(LIFE_MS)
              .setDisableMessageID(true);
      link = random.nextLong();
      number = 0;
    }
  }

  private void disconnect() {
    if (context != null) {
      context.close();
      factory.close();
      context = null;
    }
  }
}
