package org.caduceus.deploy.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.api.core.client.SessionFailureListener;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.Project;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Statements;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Register;

/**
 * A member of a real consortium whose node a test plays, badly, with the member's own keys: that of
 * its links from its home folder, and its voting key.
 *
 * <p>It speaks as bridges do (docs/reference/formats.md): the broker's protocol over mutual TLS,
 * numbered messages into the others' inboxes. It has no broker, so it hears nothing, and it takes
 * no part in consensus: to the others it is a member that is silent or misbehaves. It does not look
 * at the keys of whom it speaks to, which only an honest member has reason to.
 */
final class HostileMember {
  private static final String INBOX = "caduceus.consensus.in";
  private static final String LINK = "CADUCEUS_LINK";
  private static final String NUMBER = "CADUCEUS_NUMBER";
  private static final String STORE_TYPE = "PKCS12";
  private static final Duration CALL = Duration.ofSeconds(20);
  private static final int WINDOW_BYTES = 1 << 20;

  private final Installation installation;
  private final MemberHome home;
  private final SigningKey votingKey;

  /** This member, whose node does not run. */
  HostileMember(Installation installation, String id, SigningKey votingKey) {
    this.installation = installation;
    this.home = installation.memberHome(id);
    this.votingKey = votingKey;
  }

  /**
   * A member of a BFT-2P consortium: its enclave, which runs, opens its voting key as it would for
   * its node.
   */
  static HostileMember ofProcess(Installation installation, String id) throws IOException {
    MemberHome home = installation.memberHome(id);
    Bytes sealed = Bytes.wrap(Files.readAllBytes(home.voterKey()));
    try (EnclaveProcess process = enclave(installation, id)) {
      Bytes secret = new EnclaveClient(process).open(SigningKey.VOTER_CONTEXT, sealed);
      return new HostileMember(installation, id, SigningKey.ofSecret(installation.suite(), secret));
    }
  }

  /** The member's running enclave. */
  static EnclaveProcess enclave(Installation installation, String id) {
    Project project = Project.locate();
    return EnclaveProcess.open(
        new EnclaveSettings(
            project.enclaveExecutable(),
            project.enclaveLibrary(),
            installation.memberHome(id).enclave(),
            Hash.fromHex(installation.chainId()),
            id,
            installation.suite()));
  }

  /**
   * Its signed vote of the first phase for a block, whatever it signed before.
   *
   * @param config of the epoch, in which it has a seat with its voting key
   */
  Vote vote(EpochConfig config, long view, long height, Hash block) {
    int seat = seat(config);
    Bytes statement = Statements.vote(config.hash(), 1, config.epoch(), view, height, block, false);
    return new Vote(seat, 1, config.epoch(), view, height, block, false, votingKey.sign(statement));
  }

  /**
   * Its signed proposal for a view, whatever it proposed before.
   *
   * @param config of the epoch, in which it has a seat with its voting key, and whose institutions
   *     are those of the epoch
   * @param view that it leads
   */
  BlockStore.Candidate propose(
      EpochConfig config, long view, long height, Hash parent, List<SignedEntry> entries) {
    BlockHeader header =
        new BlockHeader(
            config.chainId(),
            config.epoch(),
            view,
            height,
            parent,
            MerkleTree.ofEntries(entries).root(),
            Register.of(config).root(),
            System.currentTimeMillis(),
            seat(config),
            false,
            Hash.ZERO,
            entries.size(),
            entries.stream().mapToInt(entry -> entry.cose().length()).sum());
    Bytes statement = Statements.proposal(config.hash(), header, header.hash());
    return new BlockStore.Candidate(new Block(header, entries), votingKey.sign(statement));
  }

  /** An entry in another institution's name, as this member can make it: with its own signature. */
  SignedEntry forge(EpochConfig config, String institution) {
    LedgerEntry entry =
        new LedgerEntry(
            config.chainId(),
            institution,
            "hl7v2.adt",
            "record/1",
            "inlet-hl7v2",
            System.currentTimeMillis(),
            Hash.sha256(institution.getBytes(StandardCharsets.US_ASCII)),
            new TreeMap<>(),
            new TreeMap<>());
    Bytes key = votingKey.publicKey();
    Bytes signature = votingKey.sign(SignedEntry.bytesToSign(config.suite(), entry, key));
    return SignedEntry.of(config.suite(), entry, key, signature);
  }

  private int seat(EpochConfig config) {
    int seat = config.indexOf(home.id()).orElseThrow();
    if (!config.members().get(seat).votingKey().equals(votingKey.publicKey())) {
      throw new IllegalArgumentException("Expected a seat for its voting key, but there is none");
    }
    return seat;
  }

  /** A TLS connection to a member's broker on which nothing was said yet. */
  SSLSocket socket(String member) throws IOException, GeneralSecurityException {
    char[] password = password().toCharArray();
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load(home.trustStore(), password));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(home.keyStore(), password), password);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port(member));
  }

  private static KeyStore load(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(STORE_TYPE);
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }

  /**
   * A link to a member's broker, which does not connect again by itself.
   *
   * @throws ActiveMQException if the broker does not let it in
   */
  Link link(String member) throws ActiveMQException {
    return link(member, CALL);
  }

  /** The same for who does not want to wait longer for the broker's answers. */
  Link link(String member, Duration call) throws ActiveMQException {
    return new Link(parameters(member), home.id(), call);
  }

  private Map<String, Object> parameters(String member) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put(TransportConstants.HOST_PROP_NAME, "127.0.0.1");
    parameters.put(TransportConstants.PORT_PROP_NAME, port(member));
    parameters.put(TransportConstants.USE_EPOLL_PROP_NAME, false);
    parameters.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
    parameters.put(TransportConstants.FORCE_SSL_PARAMETERS, true);
    parameters.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, STORE_TYPE);
    parameters.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, home.keyStore().toString());
    parameters.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, password());
    parameters.put(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME, STORE_TYPE);
    parameters.put(TransportConstants.TRUSTSTORE_PATH_PROP_NAME, home.trustStore().toString());
    parameters.put(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME, password());
    return parameters;
  }

  private int port(String member) {
    return installation.memberHome(member).ports().broker();
  }

  private String password() {
    return home.secretValues().getProperty("tls.password");
  }

  /** A link of its own numbers to one member's broker. */
  static final class Link implements AutoCloseable {
    private final ServerLocator locator;
    private final ClientSession session;
    private final ClientProducer producer;
    private final long link = ThreadLocalRandom.current().nextLong();
    private long number;
    private volatile boolean ended;

    private Link(Map<String, Object> parameters, String member, Duration call)
        throws ActiveMQException {
      locator =
          ActiveMQClient.createServerLocatorWithoutHA(
              new TransportConfiguration(NettyConnectorFactory.class.getName(), parameters));
      locator.setInitialConnectAttempts(1);
      locator.setReconnectAttempts(0);
      locator.setCallTimeout(call.toMillis());
      // Else what it says faster than the broker hears would fill this machine's memory, not
      // theirs.
      locator.setProducerWindowSize(WINDOW_BYTES);
      try {
        ClientSessionFactory factory = locator.createSessionFactory();
        session = factory.createSession(member, "", false, true, true, false, 0);
        session.addFailureListener(new Ending());
        producer = session.createProducer(INBOX);
      } catch (ActiveMQException e) {
        locator.close();
        throw e;
      } catch (Exception e) {
        locator.close();
        throw new IllegalStateException("Expected a session or a refusal, but it failed", e);
      }
    }

    /** Sends a message under the next number. */
    void send(PeerMessage message) throws ActiveMQException {
      send(message.encode().toArray());
    }

    /** Sends these bytes, a message or not, under the next number. */
    void send(byte[] bytes) throws ActiveMQException {
      send(bytes, ++number);
    }

    /** Sends these bytes under the number of the message before. */
    void sendAgain(byte[] bytes) throws ActiveMQException {
      send(bytes, number);
    }

    private void send(byte[] bytes, long itsNumber) throws ActiveMQException {
      ClientMessage message = session.createMessage(ClientMessage.BYTES_TYPE, false);
      message.getBodyBuffer().writeBytes(bytes);
      message.putLongProperty(LINK, link);
      message.putLongProperty(NUMBER, itsNumber);
      producer.send(message);
    }

    /** Whether the broker ended it. */
    boolean isEnded() {
      return session.isClosed() || ended;
    }

    @Override
    public void close() throws ActiveMQException {
      session.close();
      locator.close();
    }

    private final class Ending implements SessionFailureListener {
      @Override
      public void connectionFailed(ActiveMQException why, boolean failedOver) {
        ended = true;
      }

      @Override
      public void connectionFailed(ActiveMQException why, boolean failedOver, String scaledTo) {
        ended = true;
      }

      @Override
      public void beforeReconnect(ActiveMQException why) {}
    }
  }
}
