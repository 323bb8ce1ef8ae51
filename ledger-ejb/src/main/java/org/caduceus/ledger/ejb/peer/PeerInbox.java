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
      if (sender == null) {
        LedgerLog.PEER_UNKNOWN.log(sender);
        return;
      }
      long position = message.getLongProperty(PeerGate.POSITION);
      if (!deliver(sender, message, position)) {
        broker.taken(sender, position);
        broker.refused(sender);
      }
    } catch (JMSException e) {
      throw new IllegalStateException("Expected to read a message of the inbox, but failed", e);
    }
  }

  /** Whether the replica has it now. */
  private boolean deliver(String sender, Message message, long position) throws JMSException {
    if (!links.isPeer(sender)) {
      LedgerLog.PEER_UNKNOWN.log(sender);
      return false;
    }
    if (broker.cutOff(sender).isPresent()) {
      return false;
    }
    if (!(message instanceof BytesMessage content)) {
      return malformed(sender, "no bytes");
    }
    if (content.getBodyLength() > PeerMessage.MAX_BYTES) {
      return malformed(sender, "too long");
    }
    byte[] bytes = new byte[(int) content.getBodyLength()];
    content.readBytes(bytes);
    try {
      PeerMessage said = PeerMessage.decode(Bytes.wrap(bytes));
      attestations.received(sender, said);
      replica.received(sender, said, position);
      return true;
    } catch (IllegalArgumentException e) {
      return malformed(sender, e.getMessage());
    }
  }

  private boolean malformed(String sender, String why) {
    LedgerLog.PEER_MESSAGE_MALFORMED.log(sender, why);
    broker.malformed(sender);
    return false;
  }
}
