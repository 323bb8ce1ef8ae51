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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.caduceus.enclave.attestation.PlatformVerifiers;
import org.caduceus.enclave.attestation.TrustedRoots;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.peer.JmsPeerNetwork;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.query.LedgerQuery;

/**
 * What the members' enclaves say of themselves, exchanged every ten seconds. The nonce is the hash
 * of the sender's last final block, so evidence is no older than a block that this node knows; one
 * whose block it does not know yet is left for the next. What a member is worth is what the policy
 * of the epoch accepts and this node can verify, not what its enclave says.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PeerAttestations {
  private static final long VALID_MS = TimeUnit.MINUTES.toMillis(1);

  @EJB private EnclaveBean enclave;
  @EJB private SerialReplica replica;
  @EJB private JmsPeerNetwork network;
  @EJB private LedgerQuery ledger;
  @Inject private Node node;

  private final InstantSource clock = InstantSource.system();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private EvidencePolicy policy;

  /** The last evidence of a member: its tier, or why it was refused. */
  private record Seen(Optional<AssuranceTier> tier, String refusal, long atMs) {}

  @PostConstruct
  void prepare() {
    NodeSettings.Roots roots = node.settings().roots();
    policy =
        new EvidencePolicy(
            PlatformVerifiers.trusting(read(roots.tpm()), read(roots.amd()), read(roots.intel())),
            enclave.verifier());
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

  /** What this node believes. */
  EvidencePolicy policy() {
    return policy;
  }

  /** Tells the peers what this member's enclave is; nothing while it has no seat or no answer. */
  @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
  public void announce() {
    if (!replica.state().voting()) {
      return;
    }
    try {
      network.broadcast(new PeerMessage.Attestation(enclave.evidence(replica.state().tip())));
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      // EnclaveBean says so; the peers see this member's tier expire.
      return;
    }
  }

  /** A member's evidence, from an authenticated link. */
  public void received(String member, Bytes bytes) {
    Evidence evidence;
    try {
      evidence = Evidence.decode(bytes);
    } catch (IllegalArgumentException e) {
      note(member, Optional.empty(), e.getMessage());
      return;
    }
    OptionalLong height = heightOf(evidence.nonce());
    if (height.isEmpty()) {
      return;
    }
    long age = Math.max(0, replica.state().height() - height.getAsLong());
    EpochConfig config = replica.state().config();
    OptionalInt seat = config.indexOf(member);
    if (seat.isEmpty()) {
      return;
    }
    switch (policy.ofSeat(evidence, config, seat.getAsInt(), age)) {
      case EvidencePolicy.Accepted accepted -> note(member, Optional.of(accepted.tier()), "");
      case EvidencePolicy.Refused refused -> note(member, Optional.empty(), refused.reason());
    }
  }

  /** The tier of a member's enclave, if it showed evidence within the last minute. */
  public Optional<AssuranceTier> tier(String member) {
    Seen last = seen.get(member);
    return last == null || clock.millis() - last.atMs() > VALID_MS ? Optional.empty() : last.tier();
  }

  private void note(String member, Optional<AssuranceTier> tier, String refusal) {
    Seen before = seen.put(member, new Seen(tier, refusal, clock.millis()));
    if (tier.isEmpty() && (before == null || !before.refusal().equals(refusal))) {
      LedgerLog.PEER_EVIDENCE_REFUSED.log(member, refusal);
    }
  }

  /** Height of the block whose hash is the nonce; the configuration's stands at 0. */
  OptionalLong heightOf(Hash nonce) {
    if (nonce.equals(node.genesis().hash())) {
      return OptionalLong.of(0);
    }
    return ledger
        .block(nonce)
        .map(block -> OptionalLong.of(block.block().header().height()))
        .orElseGet(OptionalLong::empty);
  }
}
