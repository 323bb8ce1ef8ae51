package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;

/**
 * Gets this member's seat back after its enclave was lost: a new instance has a new voting key, and
 * a ballot of the institution's own is enough to give the seat to it at the end of an epoch. Asks
 * once for each key and epoch: the members, or where the governance key is not here, the officers.
 * If no quorum is left to decide, the ballot waits and counts for nothing later; the replica then
 * sees to a cold start.
 *
 * <p>In the same way it announces the key with which this member would vote in another mode, as
 * soon as a ballot for that mode is seen. It never votes for a mode: that is for people.
 */
@Singleton
@Startup
@DependsOn("SerialReplica")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SeatKeeper {
  private static final String AUTHOR = "governance";

  @EJB private SerialReplica replica;
  @EJB private EnclaveBean enclave;
  @EJB private Governance governance;
  @EJB private PeerAttestations attestations;
  @EJB private OwnEntries entries;
  @Inject private Node node;

  private volatile Optional<Asked> asked = Optional.empty();
  private volatile Optional<Asked> announced = Optional.empty();

  private record Asked(Hash configHash, Bytes votingKey) {}

  /** Looks whether the seat is there and another mode is wanted, and asks for what is missing. */
  @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false)
  public void look() {
    lookForSeat();
    lookForMode();
  }

  private void lookForMode() {
    ReplicaState state = replica.state();
    OpenMatters open = replica.openMatters();
    if (state.halted().isPresent() || !open.constitution().equals(state.constitution())) {
      return;
    }
    for (EpochConfig.Mode mode : wantedModes(open)) {
      try {
        keyFor(mode, state)
            .filter(key -> key.isPossibleIn(open.constitution()) && !open.isAnnounced(key))
            .ifPresent(key -> announce(state.config(), key));
      } catch (EnclaveUnavailable | EnclaveRefusal e) {
        return; // EnclaveBean says so; the next look may find it
      }
    }
  }

  /**
   * For which modes a key of this institution is wanted: another one that ballots ask for; and
   * where it has no seat and a committee is elected, the running one, so that it can be elected.
   */
  private Set<EpochConfig.Mode> wantedModes(OpenMatters open) {
    if (open.config().indexOf(node.member()).isPresent()) {
      return open.wantedModes();
    }
    Register register = open.constitution().register();
    boolean stands =
        register.elections().held()
            && register.institution(node.member()).filter(own -> !own.suspended()).isPresent();
    return stands ? Set.of(open.config().mode()) : Set.of();
  }

  /** With which key this member would vote in a mode; empty while it has none to show. */
  private Optional<MembershipChange.AnnounceKey> keyFor(EpochConfig.Mode mode, ReplicaState state) {
    return switch (mode) {
      case BFT_2P -> replica.announcedKey().map(key -> announcement(mode, key, Bytes.EMPTY));
      case TEE_1P -> {
        EnclaveInfo info = enclave.info();
        yield info.state() == EnclaveInfo.State.FOLLOWER
                && info.configHash().equals(state.config().hash())
            ? Optional.of(announcement(mode, info.votingKey(), enclave.evidence(state.tip())))
            : Optional.empty();
      }
    };
  }

  private MembershipChange.AnnounceKey announcement(
      EpochConfig.Mode mode, Bytes key, Bytes evidence) {
    return new MembershipChange.AnnounceKey(node.member(), mode, key, evidence);
  }

  /** Changes nothing by itself, so a node that may act alone does not wait for people. */
  private void announce(EpochConfig config, MembershipChange.AnnounceKey key) {
    Asked now = new Asked(config.hash(), key.votingKey());
    boolean again = announced.filter(now::equals).isPresent();
    if (again && (governance.actsByItself() || !isStale(config))) {
      return;
    }
    announced = Optional.of(now);
    if (governance.actsByItself()) {
      entries.cast(governance.ballot(config.hash(), key).orElseThrow(), AUTHOR);
      LedgerLog.KEY_ANNOUNCED.log(key.mode());
      return;
    }
    governance.request(config.hash(), key);
    if (!again) {
      LedgerLog.KEY_NEEDS_OFFICERS.log(key.mode());
    }
  }

  private void lookForSeat() {
    ReplicaState state = replica.state();
    EpochConfig config = state.config();
    if (state.voting() || state.halted().isPresent() || config.indexOf(node.member()).isEmpty()) {
      return;
    }
    if (config.mode() == EpochConfig.Mode.BFT_2P) {
      replica
          .processKey()
          .map(key -> new Asked(config.hash(), key))
          .filter(now -> !seatOf(config).votingKey().equals(now.votingKey()))
          .filter(now -> asked.filter(now::equals).isEmpty())
          .ifPresent(now -> ask(now, Bytes.EMPTY, false));
      return;
    }
    try {
      EnclaveInfo info = enclave.info();
      Asked now = new Asked(config.hash(), info.votingKey());
      // An instance that does not know this epoch yet cannot say so in its evidence.
      boolean follows =
          info.state() == EnclaveInfo.State.FOLLOWER && info.configHash().equals(now.configHash());
      boolean again = asked.filter(now::equals).isPresent();
      if (follows && (!again || isStale(config))) {
        ask(now, enclave.evidence(state.tip()), again);
      }
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      // EnclaveBean says so; the next look may find it.
      return;
    }
  }

  private Member seatOf(EpochConfig config) {
    return config.members().get(config.indexOf(node.member()).getAsInt());
  }

  /** Whether officers would sign a request whose evidence is soon too old to count. */
  private boolean isStale(EpochConfig config) {
    return config.maxEvidenceAge() > 0
        && governance.requests(config.hash()).stream()
            .flatMap(request -> evidenceOf(request).stream())
            .map(evidence -> attestations.ageOf(Evidence.decode(evidence).nonce()))
            .anyMatch(age -> age.isPresent() && age.getAsLong() > config.maxEvidenceAge() / 2);
  }

  private static Optional<Bytes> evidenceOf(MembershipChange request) {
    return switch (request) {
      case MembershipChange.ReplaceKey replaced -> Optional.of(replaced.evidence());
      case MembershipChange.AnnounceKey key ->
          Optional.of(key.evidence()).filter(shown -> shown.length() > 0);
      default -> Optional.empty();
    };
  }

  /** Evidence is empty for the key of a process. */
  private void ask(Asked now, Bytes evidence, boolean again) {
    asked = Optional.of(now);
    MembershipChange.ReplaceKey change =
        new MembershipChange.ReplaceKey(node.member(), now.votingKey(), evidence);
    if (governance.actsByItself()) {
      entries.cast(governance.ballot(now.configHash(), change).orElseThrow(), AUTHOR);
      LedgerLog.SEAT_ASKED.log();
      return;
    }
    governance.request(now.configHash(), change);
    if (!again) {
      LedgerLog.SEAT_NEEDS_OFFICERS.log();
    }
  }
}
