package org.caduceus.ledger.ejb.peer;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.consensus.PeerAttestations;
import org.caduceus.ledger.ejb.consensus.SerialReplica;

/**
 * Peers' consensus messages, in order. The sender is the user that the broker validated from the
 * certificate of the link and wrote on the message ({@code JMSXUserID}), replacing whatever the
 * peer put there.
 */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(propertyName = "destination", propertyValue = Addresses.INBOX),
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(propertyName = "useJNDI", propertyValue = "false"),
      @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1"),
      @ActivationConfigProperty(propertyName = "setupAttempts", propertyValue = "-1"),
      @ActivationConfigProperty(propertyName = "setupInterval", propertyValue = "500")
    })
@TransactionManagement(TransactionManagementType.BEAN)
public class PeerInbox implements MessageListener {
  @EJB private SerialReplica replica;
  @EJB private PeerAttestations attestations;
  @EJB private Links links;
  @EJB private EmbeddedBroker broker;

  @Override
  public void onMessage(Message message) {
    try {
      String sender = message.getStringProperty("JMSXUserID");
      if (sender == null || !links.isPeer(sender)) {
        LedgerLog.PEER_UNKNOWN.log(sender);
        return;
      }
      if (message.propertyExists(PeerGate.UNHEARD) || broker.cutOff(sender).isPresent()) {
        replica.traffic().refused(sender);
      } else if (message instanceof BytesMessage content) {
        deliver(sender, content);
      } else {
        refused(sender, "no bytes");
      }
    } catch (JMSException e) {
      throw new IllegalStateException("Expected to read a message of the inbox, but failed", e);
    }
  }

  private void deliver(String sender, BytesMessage content) throws JMSException {
    if (content.getBodyLength() > PeerMessage.MAX_BYTES) {
      refused(sender, "too long");
      return;
    }
    byte[] bytes = new byte[(int) content.getBodyLength()];
    content.readBytes(bytes);
    try {
      PeerMessage message = PeerMessage.decode(Bytes.wrap(bytes));
      attestations.received(sender, message);
      replica.received(sender, message, bytes.length);
    } catch (IllegalArgumentException e) {
      refused(sender, e.getMessage());
    }
  }

  private void refused(String sender, String why) {
    replica.traffic().refused(sender);
    LedgerLog.PEER_MESSAGE_MALFORMED.log(sender, why);
    broker.malformed(sender);
  }
}
