package org.caduceus.ledger.ejb.consensus;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.caduceus.enclave.attestation.PlatformVerifiers;
import org.caduceus.enclave.attestation.TrustedRoots;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.peer.JmsPeerNetwork;
import org.caduceus.ledger.ejb.peer.Links;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.query.LedgerQuery;

/**
 * What the members' enclaves say of themselves, exchanged every ten seconds. The nonce is the hash
 * of the sender's last final block, so evidence is no older than a block that this node knows; one
 * whose block it does not know yet is left for the next. What a member is worth is what the policy
 * of the epoch accepts and this node can verify, not what its enclave says. This member's own
 * evidence is judged as a peer would judge it.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PeerAttestations {
  @EJB private EnclaveBean enclave;
  @EJB private SerialReplica replica;
  @EJB private JmsPeerNetwork network;
  @EJB private Links links;
  @EJB private LedgerQuery ledger;
  @Inject private Node node;

  private AttestationExchange exchange;

  @PostConstruct
  void prepare() {
    NodeSettings.Roots roots = node.settings().roots();
    TrustedRoots tpm = read(roots.tpm());
    TrustedRoots amd = read(roots.amd());
    TrustedRoots intel = read(roots.intel());
    exchange =
        new AttestationExchange(
            () -> replica.state().config(),
            activated -> PlatformVerifiers.trusting(tpm, amd, intel, activated),
            enclave.verifier(),
            InstantSource.system());
  }

  private static TrustedRoots read(Optional<Path> file) {
    if (file.isEmpty()) {
      return TrustedRoots.none();
    }
    try {
      return TrustedRoots.of(file.get());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Expected root certificates at " + file.get() + ", but reading failed", e);
    }
  }

  /** What this node believes of an institution's platform, whether it has a seat or not. */
  public EvidencePolicy policy(String member) {
    return exchange.policy(member);
  }

  /** Tells the peers what this member's enclave is; nothing while its seat has no answer. */
  @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
  public void announce() {
    exchange.keepOnly(member -> member.equals(node.member()) || links.isPeer(member));
    ReplicaState state = replica.state();
    if (!state.voting() && state.config().indexOf(node.member()).isPresent()) {
      return;
    }
    try {
      PeerMessage own = new PeerMessage.Attestation(enclave.evidence(state.tip()));
      received(node.member(), own);
      network.broadcast(own);
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      // EnclaveBean says so; the peers see this member's tier expire.
    }
  }

  /** Has this node's TPM answer the peers that asked; it takes a second, so not on their thread. */
  @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false)
  public void answer() {
    exchange.answers(enclave::activate).forEach(this::send);
  }

  /** A member's message, from an authenticated link; what is not about attestation is not heard. */
  public void received(String sender, PeerMessage message) {
    switch (message) {
      case PeerMessage.Attestation(Bytes evidence) ->
          exchange.shown(sender, evidence, this::ageOf).ifPresent(this::send);
      case PeerMessage.CredentialChallenge(Bytes challenge) ->
          exchange.challenged(sender, challenge);
      case PeerMessage.CredentialAnswer(Bytes secret) -> exchange.answered(sender, secret);
      default -> {}
    }
  }

  private void send(AttestationExchange.Outgoing outgoing) {
    if (outgoing.member().equals(node.member())) {
      received(outgoing.member(), outgoing.message());
    } else {
      network.send(outgoing.member(), outgoing.message());
    }
  }

  /** The tier of a member's enclave, if it showed evidence within the last minute. */
  public Optional<AssuranceTier> tier(String member) {
    return exchange.of(member).tier();
  }

  /** Whether this member's own evidence is worth what the consortium asks. */
  public AttestationCondition condition() {
    return AttestationCondition.of(
        replica.state().config().minimumTier(),
        exchange.of(node.member()),
        enclave.attestationFailure());
  }

  /** Blocks since the one whose hash is the nonce; the configuration's stands at 0. */
  public OptionalLong ageOf(Hash nonce) {
    Optional<Long> height =
        nonce.equals(node.genesis().hash())
            ? Optional.of(0L)
            : ledger.block(nonce).map(block -> block.block().header().height());
    return height
        .map(known -> OptionalLong.of(Math.max(0, replica.state().height() - known)))
        .orElseGet(OptionalLong::empty);
  }
}
