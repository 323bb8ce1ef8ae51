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
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;

/**
 * Gets this member's seat back after its enclave was lost: a new instance has a new voting key, and
 * a ballot of the institution's own is enough to give the seat to it at the end of an epoch. Asks
 * once for each key and epoch: the members, or where the governance key is not here, the officers.
 * If no quorum is left to decide, the ballot waits and counts for nothing later; the replica then
 * sees to a cold start.
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

  private record Asked(Hash configHash, Bytes votingKey) {}

  /** Looks whether the seat is there, and asks for it if not. */
  @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false)
  public void look() {
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
    return governance
        .request(config.hash())
        .map(request -> attestations.ageOf(Evidence.decode(request.evidence()).nonce()))
        .filter(age -> age.isPresent() && config.maxEvidenceAge() > 0)
        .filter(age -> age.getAsLong() > config.maxEvidenceAge() / 2)
        .isPresent();
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
