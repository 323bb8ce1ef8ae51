package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.CandidateTree.Held;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * What this member says and asks in an epoch whose quorum lost its keys, around the {@link
 * ColdStartCeremony} that keeps what is said. Whatever completes a plan returns the proof of the
 * next epoch, which the replica follows.
 */
final class ColdStartDialogue {
  private final Voter voter;
  private final SeatEvidence evidence;
  private final ReplicaSettings settings;
  private final CandidateTree tree;
  private final CandidateDisk disk;
  private final Outbox out;
  private final VotingRight right;

  ColdStartDialogue(
      Voter voter,
      SeatEvidence evidence,
      ReplicaSettings settings,
      CandidateTree tree,
      CandidateDisk disk,
      Outbox out,
      VotingRight right) {
    this.voter = voter;
    this.evidence = evidence;
    this.settings = settings;
    this.tree = tree;
    this.disk = disk;
    this.out = out;
    this.right = right;
  }

  /** Says again what this member has to say about an epoch that cannot go on. */
  Optional<EpochProof.ColdStarted> tell(RunningEpoch epoch, long nowMs) {
    boolean planned = epoch.ceremony.plan().isPresent();
    if (!right.voting() && right.begun() && epoch.hasSeat() && !planned) {
      // A key that is there and may not be used any more only keeps the others from going on.
      boolean gaveUp = epoch.barred.isPresent() && state(epoch, new Voter.Basis.GivenUp());
      if (!gaveUp) {
        state(epoch, basis(epoch));
      }
    }
    if (!right.voting()) {
      epoch.ceremony.own().forEach(out::broadcast);
    }
    epoch.ceremony.plan().ifPresent(plan -> tellPlan(epoch, plan));
    return composePlan(epoch, nowMs);
  }

  private void tellPlan(RunningEpoch epoch, ColdStartPlan plan) {
    out.broadcast(new PeerMessage.PlanColdStart(plan));
    ColdStart.Approval own = epoch.ceremony.approvals().get(epoch.self);
    if (own == null) {
      askForApproval(epoch, plan);
    } else {
      out.broadcast(new PeerMessage.ApproveColdStart(plan.hash(), own.signature()));
    }
  }

  /** What this member may have voted for, by its disk: a block is stored before it is voted for. */
  private Voter.Basis basis(RunningEpoch epoch) {
    Optional<Held> highest = tree.highest(epoch.config.epoch(), block -> disk.has(block.hash()));
    Optional<QuorumCertificate> certified = epoch.awaited.or(() -> epoch.tipCertificate);
    long certifiedView = certified.map(QuorumCertificate::view).orElse(0L);
    if (highest.isPresent() && highest.get().view() > certifiedView) {
      return new Voter.Basis.Proposed(highest.get().header(), highest.get().candidate().proposal());
    }
    return certified.isPresent()
        ? new Voter.Basis.Certified(certified.get())
        : new Voter.Basis.Nothing();
  }

  private boolean state(RunningEpoch epoch, Voter.Basis basis) {
    if (!(voter.resume(basis) instanceof Voter.Resumed.Yes(ResumeStatement statement))) {
      return false;
    }
    epoch
        .ceremony
        .evidenceOf(statement.votingKey())
        .or(() -> evidence.own(tree.tip().hash()))
        .ifPresent(shown -> note(epoch, epoch.self, statement, shown, true));
    return true;
  }

  private boolean note(
      RunningEpoch epoch, int from, ResumeStatement statement, Bytes shown, boolean current) {
    boolean news = epoch.ceremony.evidenceOf(statement.votingKey()).isEmpty();
    Optional<String> violation = epoch.ceremony.note(statement, shown, current);
    violation.ifPresent(reason -> epoch.peers.complain(from, reason));
    if (news && violation.isEmpty()) {
      out.add(new ConsensusOutput.KeepStatement(epoch.config.epoch(), statement, shown));
    }
    return violation.isEmpty();
  }

  /** A peer states where it stood. */
  Optional<EpochProof.ColdStarted> stated(
      RunningEpoch epoch,
      int from,
      ResumeStatement statement,
      Bytes shown,
      boolean current,
      long nowMs) {
    boolean ofThisEpoch = statement.configHash().equals(epoch.electorate.configHash());
    if (!ofThisEpoch
        || statement.member() != from
        || !note(epoch, from, statement, shown, current)) {
      return Optional.empty();
    }
    if (right.voting() && !epoch.ceremony.hasStated(epoch.self) && epoch.ceremony.quorumIsLost()) {
      // Without them no quorum is left: this member's key is of no use, but its word is.
      right.lost("gave up its key for a cold start");
      epoch.toVote = Optional.empty();
      state(epoch, new Voter.Basis.GivenUp());
    }
    // With some missing each plans in its own time: else what one says before its plan would have
    // another one plan at the same moment.
    boolean all = epoch.ceremony.count() == epoch.config.n();
    return all ? composePlan(epoch, nowMs) : Optional.empty();
  }

  private Optional<EpochProof.ColdStarted> composePlan(RunningEpoch epoch, long nowMs) {
    if (!right.begun() || epoch.ceremony.plan().isPresent() || !epoch.ceremony.quorumIsLost()) {
      return Optional.empty();
    }
    askForStated(epoch);
    List<ResumeStatement> chosen =
        epoch.ceremony.chosen(nowMs, settings.coldStartPatienceMs(), this::isHere);
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    Hash best = ColdStart.best(chosen).votedHash();
    List<Held> path = tree.path(best);
    // The block that ends this epoch, and its suffix.
    List<BlockHeader> end = path.stream().map(Held::header).filter(epoch::isEndedBy).toList();
    Optional<EpochConfig> base =
        end.isEmpty()
            ? Optional.empty()
            : epoch.way(path).ballots().next(end.getFirst().height()).map(Constitution::config);
    return epoch
        .ceremony
        .compose(
            nowMs,
            settings.coldStartPatienceMs(),
            chosen,
            end,
            base,
            member -> nowMs - epoch.peers.lastHeardMs(member) <= settings.silenceMs())
        .flatMap(plan -> planned(epoch, epoch.self, plan, nowMs));
  }

  /** Of all, not the highest only: that one may be shown to nobody. */
  private void askForStated(RunningEpoch epoch) {
    epoch.ceremony.statements().stream()
        .filter(each -> each.votedView() >= tree.tipView() && !isHere(each))
        .map(ResumeStatement::votedHash)
        .distinct()
        .forEach(hash -> out.broadcast(new PeerMessage.CandidateRequest(hash)));
  }

  private boolean isHere(ResumeStatement statement) {
    return tree.parent(statement.votedHash()).isPresent();
  }

  /** Somebody, perhaps this member, would go on like this. */
  Optional<EpochProof.ColdStarted> planned(
      RunningEpoch epoch, int from, ColdStartPlan plan, long nowMs) {
    if (!right.begun() || epoch.ceremony.plan().isPresent()) {
      return Optional.empty();
    }
    if (from != epoch.self && plan.isOf(epoch.config)) {
      epoch.ceremony.told(from, plan, nowMs);
    }
    Optional<String> violation = epoch.ceremony.violation(plan);
    if (violation.isPresent()) {
      epoch.peers.complain(from, violation.get());
      return Optional.empty();
    }
    if (!epoch.ceremony.isPossible(plan, nowMs, settings.coldStartPatienceMs())) {
      return Optional.empty(); // this member's approval is of more use for another
    }
    Hash best = plan.best().votedHash();
    boolean known = plan.best().votedView() < tree.tipView() || tree.parent(best).isPresent();
    if (!known) {
      out.broadcast(new PeerMessage.CandidateRequest(best));
      return Optional.empty(); // the plan comes again
    }
    Optional<EpochProof.ColdStarted> proof = epoch.ceremony.adopt(plan);
    tellPlan(epoch, plan);
    return proof;
  }

  /** A block that a plan goes on from may be safe here now. */
  void candidateStored(RunningEpoch epoch) {
    epoch
        .ceremony
        .plan()
        .filter(plan -> !epoch.ceremony.approvals().containsKey(epoch.self))
        .ifPresent(plan -> askForApproval(epoch, plan));
  }

  /** Approving makes the block it goes on from final: it must be safe here first. */
  private void askForApproval(RunningEpoch epoch, ColdStartPlan plan) {
    if (!plan.members().contains(epoch.self)) {
      return;
    }
    Hash best = plan.best().votedHash();
    List<Held> way = tree.parent(best).isPresent() ? tree.path(best) : List.of();
    if (disk.store(way)) {
      out.add(new ConsensusOutput.ApproveColdStart(epoch.config.epoch(), plan));
    }
  }

  /** This member's officers approved a plan. */
  Optional<EpochProof.ColdStarted> approvedHere(
      RunningEpoch epoch, Hash planHash, Bytes signature) {
    Optional<EpochProof.ColdStarted> proof =
        epoch.ceremony.approved(epoch.self, planHash, signature);
    epoch.ceremony.plan().ifPresent(plan -> tellPlan(epoch, plan));
    return proof;
  }

  /** An earlier life of this host approved: whatever happened since, it approves nothing else. */
  Optional<EpochProof.ColdStarted> approvedBefore(
      RunningEpoch epoch, ColdStartPlan.Approved approved) {
    epoch.ceremony.adopt(approved.plan());
    return epoch.ceremony.approved(epoch.self, approved.plan().hash(), approved.signature());
  }
}
