package org.caduceus.ledger.ejb.consensus;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.governance.Matter;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * What this node says and judges for its institution when seats change hands. With a governance key
 * it acts by itself, as trial networks do; without one, officers do.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Governance implements SeatEvidence {
  @EJB private EnclaveBean enclave;
  @EJB private BlockStore store;
  @EJB private PeerAttestations attestations;
  @Inject private Node node;

  private Optional<GovernanceKey> key = Optional.empty();
  private volatile Optional<ColdStartPlan> waiting = Optional.empty();
  private final Map<Matter.Kind, Request> requests = new ConcurrentHashMap<>();

  /** What the node asks for in an epoch. */
  private record Request(Hash configHash, MembershipChange change) {}

  @PostConstruct
  void read() {
    key =
        node.settings()
            .governanceKey()
            .map(file -> GovernanceKey.ofPem(node.genesis().suite(), text(file)));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Expected the governance key at " + file + ", but reading failed", e);
    }
  }

  /** Whether this node acts by itself. */
  public boolean actsByItself() {
    return key.isPresent();
  }

  /**
   * With which key this institution's officers sign, where no configuration says it.
   *
   * @throws IllegalStateException if the settings do not say it either
   */
  public Bytes publicKey() {
    return key.map(GovernanceKey::publicKey)
        .or(() -> node.settings().governancePublicKey())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Expected caduceus.governance.public.key of an institution that asks for its"
                        + " first seat, but it is not set"));
  }

  /** Has officers asked for this change, in place of any earlier one of its kind. */
  public void request(Hash configHash, MembershipChange change) {
    requests.put(Matter.Kind.of(change), new Request(configHash, change));
  }

  /** What officers are asked for in the epoch of this configuration. */
  public List<MembershipChange> requests(Hash configHash) {
    return requests.values().stream()
        .filter(it -> it.configHash().equals(configHash))
        .map(Request::change)
        .toList();
  }

  /** A ballot of this institution, if this node acts for it. */
  public Optional<Ballot> ballot(Hash configHash, MembershipChange change) {
    return key.map(
        signer ->
            new Ballot(configHash, change, signer.sign(Ballot.signedBytes(configHash, change))));
  }

  /**
   * Approves a plan, once in an epoch, and keeps that it did before it says so.
   *
   * @return the signature; empty if officers have to, or approved another plan before
   */
  public Optional<Bytes> approve(long epoch, ColdStartPlan plan) {
    Optional<ColdStartPlan.Approved> before =
        store.approval(epoch).map(bytes -> ColdStartPlan.Approved.decode(bytes.toArray()));
    if (before.isPresent()) {
      return before
          .filter(approved -> approved.plan().equals(plan))
          .map(ColdStartPlan.Approved::signature);
    }
    if (key.isEmpty()) {
      if (waiting.filter(plan::equals).isEmpty()) {
        LedgerLog.COLD_START_NEEDS_OFFICERS.log(epoch, plan.hash());
        waiting = Optional.of(plan);
      }
      return Optional.empty();
    }
    Bytes signature = key.get().sign(plan.approvalBytes());
    keepApproval(epoch, plan, signature);
    return Optional.of(signature);
  }

  /** The plan that officers have to approve, whose block is safe here. */
  public Optional<ColdStartPlan> waiting() {
    return waiting;
  }

  /**
   * Keeps for good that the institution approved this plan.
   *
   * @throws org.caduceus.ledger.LedgerViolation if it approved another one in this epoch
   */
  public void keepApproval(long epoch, ColdStartPlan plan, Bytes signature) {
    store.keepApproval(epoch, new ColdStartPlan.Approved(plan, signature).encode());
    waiting = Optional.empty();
    LedgerLog.COLD_START_APPROVED.log(epoch, plan.best().votedHeight());
  }

  @Override
  public Optional<Bytes> own(Hash nonce) {
    try {
      return Optional.of(enclave.evidence(nonce));
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return Optional.empty(); // EnclaveBean says so
    }
  }

  @Override
  public Optional<String> instanceViolation(
      Bytes bytes, EpochConfig config, String member, Bytes votingKey) {
    return judged(bytes, config, member, votingKey) instanceof EvidencePolicy.Refused(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /**
   * What evidence of an instance that asks for a seat is worth here.
   *
   * @param config of the running epoch, whose policy decides
   */
  public EvidencePolicy.Verdict judged(
      Bytes bytes, EpochConfig config, String member, Bytes votingKey) {
    Evidence evidence;
    try {
      evidence = Evidence.decode(bytes);
    } catch (IllegalArgumentException e) {
      return new EvidencePolicy.Refused(e.getMessage());
    }
    OptionalInt seat = config.indexOf(member);
    if (!evidence.votingKey().equals(votingKey)
        || (seat.isPresent()
            && !evidence.signingKey().equals(config.members().get(seat.getAsInt()).signingKey()))) {
      return new EvidencePolicy.Refused(
          "Expected evidence of the keys that ask for the seat, but no");
    }
    OptionalLong age = attestations.ageOf(evidence.nonce());
    if (age.isEmpty()) {
      return new EvidencePolicy.Refused(
          "Expected evidence bound to a block that is final here, but it is not");
    }
    Optional<String> tooOld = EvidencePolicy.ageViolation(config, age.getAsLong());
    if (tooOld.isPresent()) {
      return new EvidencePolicy.Refused(tooOld.get());
    }
    return attestations.policy(member).ofFollower(evidence, config, member);
  }
}
