package org.caduceus.ledger.ejb.fanout;

import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.caduceus.ledger.ejb.peer.Addresses;

/** The topic of final blocks. Used by the feed's thread only. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class BlockTopic {
  private ActiveMQConnectionFactory factory;
  private JMSContext context;

  /**
   * Writes one block; when this returns, the broker has it on disk for each durable subscriber.
   *
   * @throws JMSRuntimeException if the broker does not take it
   */
  public void publish(long height, String json) {
    try {
      connect();
      context
          .createProducer()
          .setDeliveryMode(DeliveryMode.PERSISTENT)
          .setProperty("height", height)
          .send(context.createTopic(Addresses.BLOCKS), json);
    } catch (JMSRuntimeException e) {
      close();
      throw e;
    }
  }

  @PreDestroy
  void close() {
    if (context != null) {
      context.close();
      factory.close();
      context = null;
    }
  }

  private void connect() {
    if (context == null) {
      factory = new ActiveMQConnectionFactory("vm://0");
      context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
    }
  }
}
