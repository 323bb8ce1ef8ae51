package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
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
 *   statements ── enough, this member's turn ─────► own plan ─┐
 *              └─ plan of another, nothing against it ────────┴► plan ── governance ──► approval
 *   approvals of one plan by enough members ──► proof of the next epoch
 * </pre>
 *
 * Who approved a plan approves no other in this epoch: two plans that both get through would share
 * a member that approved both. So a plan that somebody approved must be one that the others can
 * still approve when enclaves were lost again meanwhile: a statement counts if its member made it,
 * whether its instance lives or not, and that it did is what the link showed or its approval says.
 */
final class ColdStartCeremony {
  /** What this host keeps of a member in an epoch, however often that loses its enclave. */
  private static final int MAX_INSTANCES = 64;

  /**
   * So many times the patience for statements a stated block is waited for that nobody shows. Long,
   * as a link may be slow: whoever has the block plans with it, and two plans split the approvals.
   */
  private static final int PATIENCE_FOR_BLOCK = 6;

  /** As often each member that may plan before this one is waited for. */
  private static final int PATIENCE_FOR_PLAN = 2;

  private record Stated(ResumeStatement statement, Bytes evidence) {}

  private record Instance(int member, Stated last) {}

  private record Early(Hash planHash, Bytes signature) {}

  private record Told(Hash planHash, long ms) {}

  /** Since when something has been so without a break. */
  private static final class Lasting {
    private long sinceMs = -1;

    /** How long, ms; negative if it is not so. A clock that was turned back begins anew. */
    long ms(boolean isSo, long nowMs) {
      if (!isSo) {
        sinceMs = -1;
        return -1;
      }
      sinceMs = sinceMs < 0 || sinceMs > nowMs ? nowMs : sinceMs;
      return nowMs - sinceMs;
    }
  }

  private final EpochChain.Beginning epoch;
  private final Electorate electorate;
  private final SignatureVerifier signatures;
  private final SeatEvidence evidence;
  private final int self;
  private final TreeMap<Integer, Stated> stated = new TreeMap<>();

  /** By voting key, who stated under it and what; the first evidence stays. */
  private final Map<Bytes, Instance> instances = new HashMap<>();

  /** The last approval of each member, of whatever plan. */
  private final TreeMap<Integer, Early> early = new TreeMap<>();

  /** The last plan that each member told, whether this one could go by it or not. */
  private final Map<Integer, Told> told = new HashMap<>();

  private final Map<Integer, ColdStart.Approval> approvals = new TreeMap<>();
  private Optional<ColdStartPlan> plan = Optional.empty();
  private List<ResumeStatement> blockless = List.of();
  private final Lasting enough = new Lasting();
  private final Lasting looking = new Lasting();
  private final Lasting noneTold = new Lasting();

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
   * Takes a member's statement.
   *
   * @param current whether the instance is the member's present one; else the statement counts in
   *     plans that have it, but makes none
   * @return why it is none, or its instance may not have the seat
   */
  Optional<String> note(ResumeStatement statement, Bytes shown, boolean current) {
    if (!instances.containsKey(statement.votingKey())
        && instancesOf(statement.member()) == MAX_INSTANCES) {
      return Optional.of("Expected " + MAX_INSTANCES + " instances at most in an epoch, but more");
    }
    Optional<String> violation =
        EpochChain.statementsViolation(epoch, List.of(statement), signatures)
            .or(
                () ->
                    evidence.instanceViolation(
                        shown,
                        epoch.config(),
                        epoch.config().members().get(statement.member()).id(),
                        statement.votingKey()));
    if (violation.isEmpty()) {
      remember(statement, shown);
      if (current) {
        stated.put(statement.member(), instances.get(statement.votingKey()).last());
      }
    }
    return violation;
  }

  private long instancesOf(int member) {
    return instances.values().stream().filter(each -> each.member() == member).count();
  }

  /**
   * One that was noted in an earlier life of this host, or now. What is said again is signed again;
   * the first signature stays, so that whoever plans with the same words makes the same plan.
   */
  void remember(ResumeStatement statement, Bytes shown) {
    Stated last =
        Optional.ofNullable(instances.get(statement.votingKey()))
            .map(Instance::last)
            .map(
                before ->
                    before.statement().signedBytes().equals(statement.signedBytes())
                        ? before
                        : new Stated(statement, before.evidence()))
            .orElseGet(() -> new Stated(statement, shown));
    instances.put(statement.votingKey(), new Instance(statement.member(), last));
  }

  /** The evidence that came with an instance's first statement. */
  Optional<Bytes> evidenceOf(Bytes votingKey) {
    return Optional.ofNullable(instances.get(votingKey)).map(each -> each.last().evidence());
  }

  /** Everything that this member's instances stated: plans may have any of it. */
  List<PeerMessage.Resume> own() {
    Optional<Bytes> present =
        Optional.ofNullable(stated.get(self)).map(own -> own.statement().votingKey());
    return instances.values().stream()
        .filter(each -> each.member() == self)
        .map(Instance::last)
        .map(
            own ->
                new PeerMessage.Resume(
                    own.statement(),
                    own.evidence(),
                    present.filter(own.statement().votingKey()::equals).isPresent()))
        .toList();
  }

  /** What each member's present instance stated, ascending by member. */
  List<PeerMessage.Resume> present() {
    return stated.values().stream()
        .map(each -> new PeerMessage.Resume(each.statement(), each.evidence(), true))
        .toList();
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
   * The statements that a plan of this member would be of, ascending by member; empty while it
   * waits. All of them, if the highest block among them is here. Among any that are enough is an
   * honest one of whoever made a block final, which shows it. So of more than enough, those of a
   * block that does not come are left out: else one host could stop all the others for good, with a
   * block that its enclave proposed and nobody else ever saw. Just enough are never made fewer.
   *
   * @param isHere whether the block that a statement names is held with all below it
   */
  List<ResumeStatement> chosen(long nowMs, long patienceMs, Predicate<ResumeStatement> isHere) {
    boolean waited = enoughMs(nowMs) >= patienceMs * PATIENCE_FOR_BLOCK;
    List<ResumeStatement> all = statements();
    ResumeStatement best = ColdStart.best(all);
    if (isHere.test(best)) {
      blockless = List.of();
      return all;
    }
    blockless = all.stream().filter(each -> each.votedView() == best.votedView()).toList();
    List<ResumeStatement> others = waited ? withBlock(all, isHere) : List.of();
    if (others.isEmpty()) {
      noneTold.ms(false, nowMs);
    }
    return others;
  }

  /** Without those of the highest blocks that are missing; empty if the rest are not enough. */
  private List<ResumeStatement> withBlock(
      List<ResumeStatement> all, Predicate<ResumeStatement> isHere) {
    List<ResumeStatement> rest = new ArrayList<>(all);
    while (rest.size() >= needed()) {
      ResumeStatement best = ColdStart.best(rest);
      if (isHere.test(best)) {
        return rest;
      }
      rest.removeIf(each -> each.votedView() == best.votedView());
    }
    return List.of();
  }

  /** A member told a plan of this epoch. */
  void told(int member, ColdStartPlan proposed, long nowMs) {
    told.put(member, new Told(proposed.hash(), nowMs));
  }

  /**
   * The plan that a member goes by: it tells it again and again, but if it starts again before it
   * approved.
   */
  private Optional<Hash> planOf(int member, long nowMs, long patienceMs) {
    return Optional.ofNullable(told.get(member))
        .filter(it -> it.ms() <= nowMs && nowMs - it.ms() <= patienceMs)
        .map(Told::planHash);
  }

  private int needed() {
    return ColdStart.membersNeeded(epoch.config());
  }

  private long enoughMs(long nowMs) {
    return enough.ms(stated.size() >= needed(), nowMs);
  }

  /** What members state of the highest block, if it is not here. */
  List<ResumeStatement> blockless() {
    return blockless;
  }

  /**
   * Makes this member's plan if it is its turn: the lowest of those whose statements are chosen
   * makes it, when all have stated or enough have for a while. If none comes, as that one died or
   * does nothing, the next one does, and so on.
   *
   * @param chosen the statements
   * @param end of the highest block on the way to it that ends the epoch, with its suffix; empty if
   *     none does
   * @param base the configuration that block names
   * @param isHeard whether a member is not silent
   */
  Optional<ColdStartPlan> compose(
      long nowMs,
      long patienceMs,
      List<ResumeStatement> chosen,
      List<BlockHeader> end,
      Optional<EpochConfig> base,
      IntPredicate isHeard) {
    EpochConfig config = epoch.config();
    List<Integer> members = chosen.stream().map(ResumeStatement::member).toList();
    if (plan.isPresent() || !members.contains(self)) {
      return Optional.empty();
    }
    if (looking.ms(true, nowMs) < patienceMs / 2) {
      return Optional.empty(); // a plan that others approved before this node came is told again
    }
    int needed = end.isEmpty() ? needed() : config.n();
    boolean all = chosen.size() == config.n();
    boolean ready = all || (chosen.size() >= needed && enoughMs(nowMs) >= patienceMs);
    // Two plans that split the approvals would stop everybody. While enough are heard that tell
    // none, what the others go by cannot get through.
    long free =
        members.stream()
            .filter(each -> each == self || isHeard.test(each))
            .filter(each -> planOf(each, nowMs, patienceMs).isEmpty())
            .count();
    long noneMs = noneTold.ms(ready && free >= needed, nowMs);
    int before = members.indexOf(self);
    if (noneMs < patienceMs * PATIENCE_FOR_PLAN * before) {
      return Optional.empty();
    }
    EpochConfig next =
        EpochChain.resumed(config, base.orElse(config), chosen, withEvidence(config));
    return Optional.of(new ColdStartPlan(end, base, chosen, next));
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
      if (!isVouchedFor(statement, proposed)) {
        return Optional.of("Expected statements that their members made, but one is not known");
      }
    }
    return EpochChain.planViolation(epoch, proposed.approved(List.of()), signatures);
  }

  /** Whether enough may still approve it: who goes by another plan does not. */
  boolean isPossible(ColdStartPlan proposed, long nowMs, long patienceMs) {
    Optional<Hash> same = Optional.of(proposed.hash());
    long open =
        proposed.members().stream()
            .map(each -> planOf(each, nowMs, patienceMs))
            .filter(other -> other.isEmpty() || other.equals(same))
            .count();
    return open >= (proposed.best().votedLast() ? epoch.config().n() : needed());
  }

  private boolean isVouchedFor(ResumeStatement statement, ColdStartPlan proposed) {
    int member = statement.member();
    Instance seen = instances.get(statement.votingKey());
    if (seen != null) {
      return seen.member() == member
          && showsEvidence(
              proposed.next(), member, Hash.sha256(seen.last().evidence().unsafeArray()));
    }
    Early approval = early.get(member);
    return approval != null
        && approval.planHash().equals(proposed.hash())
        && signs(member, proposed, approval.signature());
  }

  private boolean showsEvidence(EpochConfig next, int member, Hash shown) {
    OptionalInt seat = next.indexOf(epoch.config().members().get(member).id());
    return seat.isEmpty() || next.members().get(seat.getAsInt()).evidence().equals(shown);
  }

  private boolean signs(int member, ColdStartPlan approved, Bytes signature) {
    return member < epoch.config().n()
        && signatures.verifies(
            epoch.config().members().get(member).governanceKey(),
            approved.approvalBytes(),
            signature);
  }

  /**
   * Goes by this plan from now on.
   *
   * @return the proof of the next epoch, if enough have approved already
   */
  Optional<EpochProof.ColdStarted> adopt(ColdStartPlan adopted) {
    plan = Optional.of(adopted);
    approvals.clear();
    Optional<EpochProof.ColdStarted> proof = Optional.empty();
    for (Map.Entry<Integer, Early> each : List.copyOf(early.entrySet())) {
      Early it = each.getValue();
      Optional<EpochProof.ColdStarted> complete =
          approved(each.getKey(), it.planHash(), it.signature());
      proof = proof.or(() -> complete);
    }
    return proof;
  }

  /**
   * Takes a member's approval of the plan.
   *
   * @return the proof of the next epoch, once enough approve
   */
  Optional<EpochProof.ColdStarted> approved(int member, Hash planHash, Bytes signature) {
    early.put(member, new Early(planHash, signature));
    if (plan.isEmpty()
        || !plan.get().hash().equals(planHash)
        || !plan.get().members().contains(member)
        || !signs(member, plan.get(), signature)) {
      return Optional.empty();
    }
    approvals.put(member, new ColdStart.Approval(member, signature));
    EpochProof.ColdStarted proof = plan.get().approved(List.copyOf(approvals.values()));
    return EpochChain.next(epoch, proof, signatures) instanceof EpochChain.Step.Into
        ? Optional.of(proof)
        : Optional.empty();
  }
}
