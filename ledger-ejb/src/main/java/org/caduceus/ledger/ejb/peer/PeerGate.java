package org.caduceus.ledger.ejb.peer;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionSendLargeMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionSendMessage;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.protocol.SessionCallback;
import org.caduceus.ledger.ejb.peer.LinkNumbers.Judgement;
import org.caduceus.ledger.query.CutOff;
import org.caduceus.ledger.query.CutOff.Offence;

/**
 * Stands where peers' bytes enter this node's broker, before anything of them is queued or written
 * to disk: counts what each sends, knows what came before, and refuses what says it is longer than
 * a message may be.
 *
 * <p>A message that is not to be heard is marked, and the inbox does not take it, rather than
 * refused: a bridge would repeat what was refused, and an honest one must be able to repeat.
 */
final class PeerGate implements ActiveMQServerPlugin, Interceptor {
  /** Property of a message that nobody is to hear. */
  static final String UNHEARD = "CADUCEUS_UNHEARD";

  /** Property of a message in the inbox, a long: its position among its sender's. */
  static final String POSITION = "CADUCEUS_POSITION";

  private static final SimpleString LINK = SimpleString.of(LinkNumbers.LINK);
  private static final SimpleString NUMBER = SimpleString.of(LinkNumbers.NUMBER);
  private static final String DECODER = "activemq-decoder";

  private final CertificateSecurity security;
  private final Conduct conduct;
  private final Consumer<String> sever;
  private final LinkNumbers numbers = new LinkNumbers();
  private final PeerShares shares = new PeerShares();

  /**
   * The gate of one broker.
   *
   * @param sever closes all connections of a member, on another thread
   */
  PeerGate(CertificateSecurity security, Conduct conduct, Consumer<String> sever) {
    this.security = security;
    this.conduct = conduct;
    this.sever = sever;
  }

  /** Notes what a peer did, and cuts it off if that was too much. */
  void note(String peer, Offence offence, long amount) {
    if (conduct.note(peer, offence, amount).isPresent()) {
      sever.accept(peer);
    }
  }

  /** How much of each peer's messages waits. */
  PeerShares shares() {
    return shares;
  }

  /** Why and until when a peer is cut off now, if it is. */
  Optional<CutOff> cutOff(String peer) {
    return conduct.cutOff(peer);
  }

  @Override
  public void afterCreateConnection(RemotingConnection connection) {
    if (connection.getTransportConnection() instanceof NettyConnection netty) {
      Channel channel = netty.getNettyChannel();
      if (security.peer(connection).flatMap(conduct::cutOff).isPresent()) {
        // Once the broker knows the connection.
        channel.eventLoop().execute(netty::close);
      }
      channel
          .pipeline()
          .replace(DECODER, DECODER, new BoundedFrameDecoder(() -> oversized(connection)));
    }
  }

  @Override
  public void beforeCreateSession(
      String name,
      String user,
      int minLargeMessageSize,
      RemotingConnection connection,
      boolean autoCommitSends,
      boolean autoCommitAcks,
      boolean preAcknowledge,
      boolean xa,
      String defaultAddress,
      SessionCallback callback,
      boolean autoCreateQueues,
      OperationContext context,
      Map<SimpleString, RoutingType> prefixes)
      throws ActiveMQSecurityException {
    // Why a peer is cut off was said once; its bridge asks every few seconds.
    if (security.peer(connection).flatMap(conduct::cutOff).isPresent()) {
      throw new ActiveMQSecurityException("Expected a peer that is not cut off, but it is");
    }
  }

  /**
   * Whether the packet goes on. Messages are counted here, before they wait for their session's
   * thread, and those that the broker would refuse go no further: it would write each of them to
   * its log with a stack trace, and what was on its way when a peer was cut off can be thousands.
   * Whoever waits for an answer still gets one.
   */
  @Override
  public boolean intercept(Packet packet, RemotingConnection connection) {
    if (packet instanceof SessionSendLargeMessage && security.peer(connection).isPresent()) {
      oversized(connection);
      return false;
    }
    if (!(packet instanceof SessionSendMessage sent)
        || connection.getTransportConnection() instanceof InVMConnection) {
      return true;
    }
    Optional<String> peer = security.peer(connection);
    boolean toInbox = Addresses.INBOX.equals(sent.getMessage().getAddress());
    peer.ifPresent(
        sender -> {
          note(sender, Offence.MANY_MESSAGES, 1);
          note(sender, Offence.MANY_BYTES, sent.getPacketSize());
          if (!toInbox) {
            note(sender, Offence.MALFORMED, 1);
          }
        });
    boolean isTaken =
        toInbox && peer.filter(sender -> conduct.cutOff(sender).isEmpty()).isPresent();
    return isTaken || sent.isRequiresResponse();
  }

  private void oversized(RemotingConnection connection) {
    security.peer(connection).ifPresent(peer -> note(peer, Offence.OVERSIZED, 1));
  }

  @Override
  public void beforeSend(
      ServerSession session,
      Transaction transaction,
      Message message,
      boolean direct,
      boolean noAutoCreateQueue) {
    String user = session.getValidatedUser();
    if (user == null || user.equals(security.self())) {
      return;
    }
    OptionalLong position = position(user, session.getRemotingConnection(), message);
    if (position.isPresent()) {
      message.putLongProperty(SimpleString.of(POSITION), position.getAsLong());
    } else {
      message.putBooleanProperty(SimpleString.of(UNHEARD), true);
    }
  }

  private OptionalLong position(String peer, RemotingConnection connection, Message message) {
    if (isHeard(peer, connection, message)) {
      return shares.admit(peer, message.getEncodeSize());
    }
    shares.refused(peer);
    return OptionalLong.empty();
  }

  private boolean isHeard(String peer, RemotingConnection connection, Message message) {
    if (conduct.cutOff(peer).isPresent()) {
      return false;
    }
    if (!(message.getObjectProperty(LINK) instanceof Long link)
        || !(message.getObjectProperty(NUMBER) instanceof Long number)) {
      note(peer, Offence.MALFORMED, 1);
      return false;
    }
    Judgement judgement = numbers.judge(peer, connection.getID(), link, number);
    if (judgement == Judgement.REPLAYED) {
      note(peer, Offence.REPLAYED, 1);
    }
    return judgement == Judgement.NEW;
  }
}
