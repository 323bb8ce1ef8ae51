package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.peer.CertificateWatch;
import org.caduceus.ledger.ejb.peer.EmbeddedBroker;
import org.caduceus.ledger.ejb.store.RecordStore;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.query.NodeStatus;
import org.caduceus.ledger.query.Participation;
import org.caduceus.ledger.query.StatusQuery;

/** The node's state from what its parts last published. */
@Singleton
@Local(StatusQuery.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class NodeStatusBean implements StatusQuery {
  @EJB private SerialReplica replica;
  @EJB private EnclaveBean ownEnclave;
  @EJB private EmbeddedBroker broker;
  @EJB private PeerAttestations attestations;
  @EJB private RecordStore records;
  @EJB private CertificateWatch certificate;
  @Inject private Node node;

  @Override
  public NodeStatus status() {
    ReplicaState state = replica.state();
    EpochConfig config = state.config();
    Optional<EnclaveInfo> enclave = enclaveInfo();
    return new NodeStatus(
        node.member(),
        config.chainId(),
        config.epoch(),
        config.mode(),
        state.view(),
        config.members().get(state.leader()).id(),
        state.height(),
        state.tip(),
        state.tipAtMs(),
        records.waiting(),
        state.pool(),
        state.voting(),
        state.summary(),
        enclave,
        certificate.term().notAfter().toEpochMilli(),
        peers(state, config, enclave.map(EnclaveInfo::tier)));
  }

  @Override
  public Participation participation() {
    OpenMatters open = replica.openMatters();
    return new Participation(node.member(), open.constitution(), open.outlook());
  }

  @Override
  public Standing standing() {
    return replica.state().standing();
  }

  private Optional<EnclaveInfo> enclaveInfo() {
    try {
      return Optional.of(ownEnclave.info());
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return Optional.empty();
    }
  }

  private List<NodeStatus.Peer> peers(
      ReplicaState state, EpochConfig config, Optional<AssuranceTier> ownTier) {
    List<NodeStatus.Peer> peers = new ArrayList<>();
    for (int i = 0; i < config.n(); i++) {
      String id = config.members().get(i).id();
      boolean self = id.equals(node.member());
      peers.add(
          new NodeStatus.Peer(
              id,
              self,
              state.peers().get(i).lastHeardMs(),
              self ? state.height() : state.peers().get(i).height(),
              self || broker.connected(id),
              self ? attestations.tier(id).or(() -> ownTier) : attestations.tier(id),
              self ? 0 : broker.refusals(id),
              self ? Optional.empty() : broker.cutOff(id)));
    }
    return peers;
  }
}
