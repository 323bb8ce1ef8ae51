package org.caduceus.ledger.ejb.consensus;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.peer.CertificateWatch;
import org.caduceus.ledger.ejb.store.FaultStore;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.governance.Agenda;
import org.caduceus.ledger.governance.GovernanceDesk;
import org.caduceus.ledger.governance.Matter;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.query.LedgerQuery;

/**
 * What waits for this institution's officers, and what they hand in. Everything is checked again by
 * every member: what is refused here would be refused, or count for nothing, there as well.
 */
@Singleton
@Local(GovernanceDesk.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class OfficersDesk implements GovernanceDesk {
  @EJB private SerialReplica replica;
  @EJB private Governance governance;
  @EJB private PeerAttestations attestations;
  @EJB private EnclaveBean enclave;
  @EJB private BlockStore store;
  @EJB private OwnEntries entries;
  @EJB private FaultStore faults;
  @EJB private LedgerQuery ledger;
  @EJB private CertificateWatch certificate;
  @Inject private Node node;

  @Override
  public Agenda agenda() {
    OpenMatters open = replica.openMatters();
    EpochConfig config = open.config();
    boolean voting = replica.state().voting();
    List<MembershipChange> requests =
        governance.requests(config.hash()).stream()
            .filter(it -> !(it instanceof MembershipChange.ReplaceKey && voting))
            .filter(it -> !isAnnounced(it, open))
            .toList();
    return Agenda.of(
        node.member(),
        governance.actsByItself(),
        open,
        requests,
        new Agenda.Desk() {
          @Override
          public Matter.Shown shown(Bytes evidence, String member, Bytes votingKey) {
            return worth(evidence, config, member, votingKey);
          }

          @Override
          public boolean mayApprove(ColdStartPlan plan) {
            return governance.waiting().filter(plan::equals).isPresent();
          }
        });
  }

  /** Perhaps with other evidence: a request is made anew as its evidence grows old. */
  private static boolean isAnnounced(MembershipChange request, OpenMatters open) {
    return request instanceof MembershipChange.AnnounceKey key && open.isAnnounced(key);
  }

  private Matter.Shown worth(Bytes bytes, EpochConfig config, String member, Bytes votingKey) {
    Optional<AssuranceTier> tier = Optional.empty();
    Optional<String> refusal = Optional.empty();
    switch (governance.judged(bytes, config, member, votingKey)) {
      case EvidencePolicy.Accepted accepted -> tier = Optional.of(accepted.tier());
      case EvidencePolicy.Refused refused -> refusal = Optional.of(refused.reason());
    }
    Optional<Evidence> evidence = read(bytes);
    OptionalLong age =
        evidence.map(it -> attestations.ageOf(it.nonce())).orElseGet(OptionalLong::empty);
    return new Matter.Shown(
        votingKey,
        evidence.map(Evidence::measurement),
        tier,
        age.isPresent() ? Optional.of(age.getAsLong()) : Optional.empty(),
        refusal);
  }

  private static Optional<Evidence> read(Bytes bytes) {
    try {
      return Optional.of(Evidence.decode(bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the refusal says so
    }
  }

  @Override
  public List<KeptFault> faults() {
    return faults.all().stream().map(this::described).toList();
  }

  private KeptFault described(FaultStore.Kept kept) {
    Electorate electorate = new Electorate(ledger.config(kept.fault().epoch()), enclave.verifier());
    return new KeptFault(
        kept.fault(),
        kept.keptAtMs(),
        kept.fault().member(electorate).map(electorate::name),
        kept.fault().reason(electorate),
        kept.entry());
  }

  @Override
  public Candidate candidate() {
    EpochConfig config = replica.state().config();
    Optional<Institution> known =
        replica.state().constitution().register().institution(node.member());
    // Of one that was expelled the genesis may still know the keys that stay.
    OptionalInt seat = node.genesis().indexOf(node.member());
    Optional<Member> first =
        seat.isPresent()
            ? Optional.of(node.genesis().members().get(seat.getAsInt()))
            : Optional.empty();
    EnclaveInfo info = enclave.info();
    boolean votes = config.mode() == EpochConfig.Mode.TEE_1P;
    Bytes evidence = votes ? enclave.evidence(replica.state().tip()) : Bytes.EMPTY;
    Bytes votingKey =
        votes
            ? info.votingKey()
            : replica
                .announcedKey()
                .orElseThrow(() -> new EnclaveUnavailable("Expected a voting key, but no"));
    return new Candidate(
        new Member(
            node.member(),
            votingKey,
            info.signingKey(),
            known
                .map(Institution::governanceKey)
                .or(() -> first.map(Member::governanceKey))
                .orElseGet(governance::publicKey),
            known
                .map(Institution::linkKey)
                .or(() -> first.map(Member::linkKey))
                .orElseGet(certificate::pin),
            Hash.sha256(evidence.unsafeArray())),
        evidence);
  }

  @Override
  public HandedIn cast(Ballot ballot, String author) {
    OpenMatters open = replica.openMatters();
    Optional<HandedIn> refused = refusal(ballot, open);
    if (refused.isPresent()) {
      return refused.get();
    }
    Hash entry = entries.cast(ballot, author).id();
    LedgerLog.BALLOT_TAKEN.log(Matter.Kind.of(ballot.change()), author);
    return new HandedIn.Taken(Optional.of(entry));
  }

  private Optional<HandedIn> refusal(Ballot ballot, OpenMatters open) {
    Constitution constitution = replica.state().constitution();
    EpochConfig config = constitution.config();
    if (!ballot.configHash().equals(config.hash())) {
      return untimely(
          "Expected a ballot of the running epoch " + config.epoch() + ", but it is not");
    }
    Optional<Institution> own = constitution.register().institution(node.member());
    if (own.isEmpty() || own.get().suspended()) {
      return untimely("Expected this institution to be registered and in good standing, but no");
    }
    if (!ballot.isOf(own.get().governanceKey(), config.hash(), enclave.verifier())) {
      return Optional.of(
          new HandedIn.Unsigned(
              "Expected the signature of the governance key of "
                  + node.member()
                  + ", but it does not verify"));
    }
    return changeViolation(ballot.change(), constitution, open)
        .map(reason -> new HandedIn.Untimely(reason));
  }

  private static Optional<HandedIn> untimely(String reason) {
    return Optional.of(new HandedIn.Untimely(reason));
  }

  private Optional<String> changeViolation(
      MembershipChange change, Constitution constitution, OpenMatters open) {
    EpochConfig config = constitution.config();
    boolean twice =
        open.ballots().getOrDefault(change, List.of()).contains(node.member())
            || open.waiting().getOrDefault(change, List.of()).contains(node.member());
    if (twice) {
      return Optional.of("Expected one ballot of a member for a change, but this is the second");
    }
    if (!change.isPossibleIn(constitution)) {
      return Optional.of("Expected a change of the running epoch, but it would change nothing");
    }
    return foreignSeat(change).or(() -> governance.violation(change, config));
  }

  private Optional<String> foreignSeat(MembershipChange change) {
    return change
        .owner()
        .filter(member -> !member.equals(node.member()))
        .map(it -> "Expected a seat of " + node.member() + ", whose officers sign here, but no");
  }

  // One at a time: the second of two would find the first one's approval only after it was stored.
  @Override
  public synchronized HandedIn approve(Hash planHash, Bytes signature) {
    EpochConfig config = replica.state().config();
    Optional<ColdStartPlan> plan =
        governance.waiting().filter(waiting -> waiting.hash().equals(planHash));
    if (store.approval(config.epoch()).isPresent()) {
      return new HandedIn.Untimely(
          "Expected one approval in an epoch, but this institution has given it");
    }
    if (plan.isEmpty() || !plan.get().isOf(config)) {
      return new HandedIn.Untimely(
          "Expected a plan that waits for approval here, but there is no such plan");
    }
    OptionalInt seat = config.indexOf(node.member());
    if (seat.isEmpty()
        || !enclave
            .verifier()
            .verifies(
                config.members().get(seat.getAsInt()).governanceKey(),
                plan.get().approvalBytes(),
                signature)) {
      return new HandedIn.Unsigned(
          "Expected the signature of this institution's governance key, but it does not verify");
    }
    governance.keepApproval(config.epoch(), plan.get(), signature);
    replica.approved(planHash, signature);
    return new HandedIn.Taken(Optional.empty());
  }
}
