package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * The way out of an epoch whose quorum lost its voting keys, as one member sees it: collects what
 * the members state under new keys, one plan for going on, and what governance signs for it.
 *
 * <pre>
 *   statements ── enough, this member is the lowest ──► own plan ─┐
 *              └─ plan of the lowest, nothing against it ─────────┴► plan ── governance ──► approval
 *   approvals of one plan by enough members ──► proof of the next epoch
 * </pre>
 *
 * Who approved a plan approves no other in this epoch: two plans that both get through would share
 * a member that approved both.
 */
final class ColdStartCeremony {
  private record Stated(ResumeStatement statement, Bytes evidence) {}

  private final EpochChain.Beginning epoch;
  private final Electorate electorate;
  private final SignatureVerifier signatures;
  private final SeatEvidence evidence;
  private final int self;
  private final TreeMap<Integer, Stated> stated = new TreeMap<>();
  private final Map<Integer, ColdStart.Approval> approvals = new TreeMap<>();
  private Optional<ColdStartPlan> plan = Optional.empty();
  private long enoughSinceMs = -1;

  ColdStartCeremony(
      EpochChain.Beginning epoch,
      Electorate electorate,
      SignatureVerifier signatures,
      SeatEvidence evidence,
      int self) {
    this.epoch = epoch;
    this.electorate = electorate;
    this.signatures = signatures;
    this.evidence = evidence;
    this.self = self;
  }

  /**
   * Takes a member's statement; a later one of another instance replaces it.
   *
   * @return why it is none, or its instance may not have the seat
   */
  Optional<String> note(ResumeStatement statement, Bytes shown) {
    Optional<String> violation =
        EpochChain.statementsViolation(epoch, List.of(statement), signatures)
            .or(
                () ->
                    evidence.violation(
                        shown,
                        epoch.config(),
                        epoch.config().members().get(statement.member()).id(),
                        statement.votingKey()));
    if (violation.isEmpty()) {
      stated.put(statement.member(), new Stated(statement, shown));
    }
    return violation;
  }

  /** This member's own statement. */
  Optional<ResumeStatement> own() {
    return Optional.ofNullable(stated.get(self)).map(Stated::statement);
  }

  /** Evidence that goes with {@link #own}. */
  Optional<Bytes> ownEvidence() {
    return Optional.ofNullable(stated.get(self)).map(Stated::evidence);
  }

  /** Members that stated. */
  int count() {
    return stated.size();
  }

  boolean hasStated(int member) {
    return stated.containsKey(member);
  }

  /** Whether so many lost their keys that the others are no quorum. */
  boolean quorumIsLost() {
    return stated.size() > electorate.config().faults();
  }

  /** The plan that this member goes by, if there is one. */
  Optional<ColdStartPlan> plan() {
    return plan;
  }

  Map<Integer, ColdStart.Approval> approvals() {
    return approvals;
  }

  /**
   * Makes this member's plan if it is its turn: the lowest that stated does it, when all have or
   * enough have for a while.
   *
   * @param end of the highest block on the way to it that ends the epoch, with its suffix; empty if
   *     none does
   * @param base the configuration that block names
   */
  Optional<ColdStartPlan> compose(
      long nowMs, long patienceMs, List<BlockHeader> end, Optional<EpochConfig> base) {
    EpochConfig config = epoch.config();
    if (plan.isPresent() || own().isEmpty() || stated.firstKey() != self) {
      return Optional.empty();
    }
    boolean all = stated.size() == config.n();
    if (!all && (!end.isEmpty() || stated.size() < ColdStart.membersNeeded(config))) {
      enoughSinceMs = -1;
      return Optional.empty();
    }
    enoughSinceMs = enoughSinceMs < 0 || enoughSinceMs > nowMs ? nowMs : enoughSinceMs;
    if (!all && nowMs - enoughSinceMs < patienceMs) {
      return Optional.empty();
    }
    List<ResumeStatement> statements = statements();
    EpochConfig next =
        EpochChain.resumed(config, base.orElse(config), statements, withEvidence(config));
    return Optional.of(new ColdStartPlan(end, base, statements, next));
  }

  /** All statements, ascending by member. */
  List<ResumeStatement> statements() {
    return stated.values().stream().map(Stated::statement).toList();
  }

  private EpochConfig withEvidence(EpochConfig config) {
    List<Member> members = new ArrayList<>(config.members());
    stated.forEach(
        (member, it) ->
            members.set(
                member,
                members
                    .get(member)
                    .withVotingKey(
                        it.statement().votingKey(), Hash.sha256(it.evidence().unsafeArray()))));
    return config.with(config.epoch(), members);
  }

  /**
   * Why this member must not approve a plan, apart from the block it goes on from; empty if it may.
   */
  Optional<String> violation(ColdStartPlan proposed) {
    for (ResumeStatement statement : proposed.statements()) {
      Stated known = stated.get(statement.member());
      if (known == null || !known.statement().votingKey().equals(statement.votingKey())) {
        return Optional.of("Expected statements that this member has seen, but one is another");
      }
    }
    EpochConfig config = epoch.config();
    EpochConfig expected =
        EpochChain.resumed(
            config, proposed.base().orElse(config), proposed.statements(), withEvidence(config));
    if (!expected.equals(proposed.next())) {
      return Optional.of("Expected nothing but the stated keys to change, but more does");
    }
    return EpochChain.planViolation(epoch, proposed.approved(List.of()), signatures);
  }

  /** Goes by this plan from now on. */
  void adopt(ColdStartPlan adopted) {
    plan = Optional.of(adopted);
    approvals.clear();
  }

  /**
   * Takes a member's approval of the plan.
   *
   * @return the proof of the next epoch, once enough approve
   */
  Optional<EpochProof.ColdStarted> approved(int member, Hash planHash, Bytes signature) {
    if (plan.isEmpty()
        || !plan.get().hash().equals(planHash)
        || !plan.get().members().contains(member)
        || !signatures.verifies(
            epoch.config().members().get(member).governanceKey(),
            plan.get().approvalBytes(),
            signature)) {
      return Optional.empty();
    }
    approvals.put(member, new ColdStart.Approval(member, signature));
    EpochProof.ColdStarted proof = plan.get().approved(List.copyOf(approvals.values()));
    return EpochChain.next(epoch, proof, signatures) instanceof EpochChain.Step.Into
        ? Optional.of(proof)
        : Optional.empty();
  }
}
