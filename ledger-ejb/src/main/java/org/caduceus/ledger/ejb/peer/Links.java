package org.caduceus.ledger.ejb.peer;

import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.store.PeerAddresses;
import org.caduceus.ledger.peers.PeerDirectory;

/**
 * This node's links follow the members: the replica says who takes part, operators say where they
 * are, and the broker is changed while it runs. Who may send changes at once; bridges follow on
 * another thread, since ending one takes its time.
 *
 * <pre>
 *   SerialReplica ── follow ──► admitted now ──► connections of others end
 *   operator ────── set ─────►      │
 *                                   └── another thread ──► bridges and outboxes
 * </pre>
 */
@Singleton
@Local(PeerDirectory.class)
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Links implements PeerDirectory {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  /**
   * Who takes part.
   *
   * @param id of the institution
   * @param linkKey SHA-256 of the key of its links, as the members decided
   */
  public record Peer(String id, Hash linkKey) {}

  @EJB private EmbeddedBroker broker;
  @EJB private PeerAddresses addresses;
  @Inject private Node node;
  @Resource private ManagedExecutorService executor;

  private final InstantSource clock = InstantSource.system();
  private final Object linking = new Object();
  private final Queue<String> cutOff = new ConcurrentLinkedQueue<>();
  private volatile Neighbours neighbours = Neighbours.NONE;
  private volatile List<PeerAddresses.Said> said = List.of();

  /** Peers that a log line named for having no address. */
  private Set<String> named = Set.of();

  /**
   * These take part from now on, and nobody else.
   *
   * @param peers with or without this node
   * @param takesPart whether this institution is registered
   * @param leaving who was just expelled: it is still told, but not heard
   */
  public void follow(List<Peer> peers, boolean takesPart, List<Peer> leaving) {
    neighbours = new Neighbours(node.member(), takesPart, peers, leaving);
    admit();
    lookSoon();
  }

  private void lookSoon() {
    try {
      executor.execute(this::look);
    } catch (RejectedExecutionException e) {
      LedgerLog.LINKS_FAILED.log(e, e.getClass().getSimpleName()); // the timer looks again
    }
  }

  /** Brings the links to what they should be, also after something failed. */
  @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
  public void look() {
    if (neighbours.self().isEmpty()) {
      return; // the replica says who takes part first
    }
    synchronized (linking) {
      try {
        said = addresses.all();
        admit();
        disconnect();
        Map<String, NodeSettings.Address> settings = node.settings().peers();
        broker.link(neighbours.links(settings, said));
        name(neighbours.homeless(settings, said));
      } catch (RuntimeException e) {
        LedgerLog.LINKS_FAILED.log(e, e.getClass().getSimpleName());
      }
    }
  }

  private synchronized void admit() {
    Map<String, Hash> now = neighbours.admitted(said);
    Map<String, Hash> before = broker.admitted();
    if (now.equals(before)) {
      return;
    }
    broker.admit(now);
    before.forEach(
        (id, pin) -> {
          if (!pin.equals(now.get(id))) {
            cutOff.add(id);
          }
        });
  }

  private void disconnect() {
    for (String id = cutOff.poll(); id != null; id = cutOff.poll()) {
      LedgerLog.PEER_LEFT.log(id, broker.disconnect(id));
    }
  }

  private void name(Set<String> homeless) {
    homeless.stream().filter(id -> !named.contains(id)).forEach(LedgerLog.PEER_NOWHERE::log);
    named = homeless;
  }

  /** Whether messages of this institution are taken. */
  public boolean isPeer(String id) {
    return broker.admitted().containsKey(id);
  }

  /** Whether there is a way to send to this institution. */
  public boolean reaches(String id) {
    return broker.open().contains(id);
  }

  /** To whom a message for everybody goes. */
  public Set<String> everybody() {
    Set<String> ids = new HashSet<>(broker.open());
    ids.retainAll(broker.admitted().keySet());
    return ids;
  }

  @Override
  public List<PeerDirectory.Peer> peers() {
    Map<String, PeerAddresses.Said> bySaying = new HashMap<>();
    addresses.all().forEach(each -> bySaying.put(each.id(), each));
    Map<String, NodeSettings.Address> settings = node.settings().peers();
    Set<String> ids = new TreeSet<>(broker.admitted().keySet());
    ids.addAll(bySaying.keySet());
    ids.addAll(settings.keySet());
    return ids.stream()
        .map(id -> peer(id, Optional.ofNullable(bySaying.get(id)), settings.get(id)))
        .toList();
  }

  private PeerDirectory.Peer peer(
      String id, Optional<PeerAddresses.Said> byOperator, NodeSettings.Address setting) {
    Source source =
        byOperator.isPresent()
            ? Source.OPERATOR
            : setting == null ? Source.NOBODY : Source.SETTINGS;
    Optional<String> address =
        byOperator
            .map(each -> each.host() + ":" + each.port())
            .or(() -> Optional.ofNullable(setting).map(each -> each.host() + ":" + each.port()));
    return new PeerDirectory.Peer(
        id,
        address,
        source,
        byOperator.flatMap(PeerAddresses.Said::linkKey),
        isPeer(id),
        broker.connected(id));
  }

  @Override
  public void set(String id, String address, Optional<Hash> linkKey, String who) {
    if (!ID.matcher(id).matches() || id.equals(node.member())) {
      throw new IllegalArgumentException(
          "Expected the id of another institution, but it is not one");
    }
    NodeSettings.Address parsed = NodeSettings.Address.parse(address);
    addresses.keep(
        new PeerAddresses.Said(id, parsed.host(), parsed.port(), linkKey), who, clock.millis());
    LedgerLog.PEER_ADDRESS_SET.log(id, parsed.host(), parsed.port(), who);
    lookSoon();
  }

  @Override
  public boolean remove(String id, String who) {
    boolean removed = addresses.forget(id);
    if (removed) {
      LedgerLog.PEER_ADDRESS_REMOVED.log(id, who);
      lookSoon();
    }
    return removed;
  }
}
