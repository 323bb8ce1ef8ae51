package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.caduceus.ledger.consensus.Standing.Cause;
import org.caduceus.ledger.consensus.Standing.Finding;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.ResumeStatement;

/**
 * Finds who and what keeps consensus from moving: who is silent and for how long, who is behind or
 * does not vote, which votes, reports and blocks are missing, and if the quorum lost its keys,
 * whose statement or approval is.
 */
final class Diagnosis {
  private static final long BEHIND = 2;

  /**
   * What a replica is doing.
   *
   * @param halted why it stopped
   * @param voting whether its voter votes
   * @param voterStatus why not
   * @param view current view
   * @param inNewView whether it came here by leaving another view, and nothing has happened since
   * @param proposed height of the block that waits for votes in this view
   * @param timerAtMs see {@link Standing}
   * @param timeoutMs see {@link Standing}
   * @param height see {@link Standing}
   * @param pool see {@link Standing}
   * @param pending whether something known here should become final
   * @param missing blocks whose bodies are not here
   * @param lastFinalMs see {@link Standing}
   */
  record Doing(
      Optional<String> halted,
      boolean voting,
      String voterStatus,
      long view,
      boolean inNewView,
      OptionalLong proposed,
      OptionalLong timerAtMs,
      long timeoutMs,
      long height,
      int pool,
      boolean pending,
      int missing,
      long lastFinalMs) {}

  private final Electorate electorate;
  private final EpochConfig config;
  private final int self;
  private final PeerTable peers;
  private final long nowMs;
  private final long silenceMs;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Looks at the members.
   *
   * @param self index of this member, negative without a seat
   * @param silenceMs after which a member counts as silent
   */
  Diagnosis(Electorate electorate, int self, PeerTable peers, long nowMs, long silenceMs) {
    this.electorate = electorate;
    this.config = electorate.config();
    this.self = self;
    this.peers = peers;
    this.nowMs = nowMs;
    this.silenceMs = silenceMs;
  }

  /** Everything there is to say. */
  Standing of(Doing doing, VoteBox votes, ViewSynchroniser views, ColdStartCeremony ceremony) {
    findings.clear();
    if (doing.halted().isPresent()) {
      // It takes nothing in any more: whatever it knew of the others, it would say of the past.
      add(Cause.HALTED, List.of(), doing.halted().get());
    } else {
      if (!doing.voting()) {
        add(Cause.DOES_NOT_VOTE, List.of(), doing.voterStatus());
      }
      quorum();
      coldStart(ceremony);
      members(doing.height());
      movement(doing, votes, views);
    }
    return new Standing(
        mood(doing, ceremony),
        doing.view(),
        electorate.name(electorate.leader(doing.view())),
        doing.timerAtMs(),
        doing.timeoutMs(),
        doing.height(),
        doing.pool(),
        doing.lastFinalMs(),
        IntStream.range(0, config.n()).mapToObj(member -> seat(member, doing)).toList(),
        findings);
  }

  private Standing.Mood mood(Doing doing, ColdStartCeremony ceremony) {
    if (doing.halted().isPresent()) {
      return Standing.Mood.HALTED;
    }
    if (furthest() > doing.height() + 1) {
      return Standing.Mood.CATCHES_UP;
    }
    long voters =
        IntStream.range(0, config.n())
            .filter(member -> stateOf(member, doing.voting()) == Standing.State.VOTES)
            .count();
    if (voters < config.quorum() || ceremony.quorumIsLost()) {
      return Standing.Mood.STUCK;
    }
    return doing.pending() ? Standing.Mood.MOVES : Standing.Mood.RESTS;
  }

  private Standing.Seat seat(int member, Doing doing) {
    long height = member == self ? doing.height() : peers.height(member);
    return new Standing.Seat(
        electorate.name(member),
        member == self,
        stateOf(member, doing.voting()),
        member == self ? nowMs : peers.lastHeardMs(member),
        height,
        Math.max(0, doing.height() - height),
        peers.complaint(member));
  }

  private Standing.State stateOf(int member, boolean selfVotes) {
    if (member != self && isSilent(member)) {
      return peers.lastHeardMs(member) == 0 ? Standing.State.NEVER_HEARD : Standing.State.SILENT;
    }
    boolean votes = member == self ? selfVotes : peers.votes(member);
    return votes ? Standing.State.VOTES : Standing.State.FOLLOWS;
  }

  private void quorum() {
    long alive = peers.alive(config.n(), nowMs, silenceMs);
    if (alive < config.quorum()) {
      add(Cause.NO_QUORUM, List.of(), "", alive, config.n(), config.quorum());
    }
  }

  private void coldStart(ColdStartCeremony ceremony) {
    if (!ceremony.quorumIsLost()) {
      return;
    }
    add(Cause.KEYS_LOST, List.of(), "", ceremony.count(), config.n());
    int needed = ColdStart.membersNeeded(config);
    if (ceremony.plan().isEmpty()) {
      statements(ceremony, needed);
      return;
    }
    ColdStartPlan plan = ceremony.plan().get();
    add(
        Cause.APPROVALS_MISSING,
        named(
            member -> plan.members().contains(member) && !ceremony.approvals().containsKey(member)),
        "",
        ceremony.approvals().size(),
        plan.best().votedLast() ? config.n() : needed,
        plan.best().votedHeight());
  }

  private void statements(ColdStartCeremony ceremony, int least) {
    int needed = ColdStart.best(ceremony.statements()).votedLast() ? config.n() : least;
    if (ceremony.count() < config.n()) {
      add(
          Cause.STATEMENTS_MISSING,
          named(member -> !ceremony.hasStated(member)),
          "",
          ceremony.count(),
          needed);
    }
    List<ResumeStatement> blockless = ceremony.blockless();
    if (!blockless.isEmpty()) {
      add(
          Cause.STATED_BLOCK_MISSING,
          blockless.stream().map(each -> electorate.name(each.member())).toList(),
          "",
          blockless.getFirst().votedHeight(),
          ceremony.count() - blockless.size(),
          least);
    } else if (ceremony.count() >= needed) {
      add(Cause.PLAN_MISSING, named(ceremony::hasStated), "");
    }
  }

  private void members(long height) {
    for (int member = 0; member < config.n(); member++) {
      List<String> name = List.of(electorate.name(member));
      if (member == self) {
        continue;
      }
      if (!isSilent(member)) {
        if (peers.hasAnnounced(member) && peers.height(member) + BEHIND < height) {
          add(Cause.BEHIND, name, "", height - peers.height(member), peers.height(member));
        }
      } else if (peers.lastHeardMs(member) == 0) {
        add(Cause.NEVER_HEARD, name, "");
      } else {
        add(Cause.SILENT, name, "", (nowMs - peers.lastHeardMs(member)) / 1_000);
      }
    }
    List<String> idle =
        named(member -> member != self && !isSilent(member) && !peers.votes(member));
    if (!idle.isEmpty()) {
      add(Cause.PEERS_DO_NOT_VOTE, idle, "");
    }
  }

  private void movement(Doing doing, VoteBox votes, ViewSynchroniser views) {
    if (furthest() > doing.height() + 1) {
      add(Cause.CATCHING_UP, List.of(), "", doing.height(), furthest());
    }
    if (doing.missing() > 0) {
      add(Cause.BODIES_MISSING, List.of(), "", doing.missing());
    }
    if (!doing.pending()) {
      add(Cause.RESTS, List.of(), "", doing.height());
      return;
    }
    long still = Math.max(0, nowMs - doing.lastFinalMs()) / 1_000;
    add(Cause.WAITS, List.of(), "", doing.pool(), still);
    if (doing.inNewView()) {
      long there = views.reportsFor(doing.view()).size();
      if (there < config.quorum()) {
        add(
            Cause.REPORTS_MISSING,
            named(
                member ->
                    views.reportsFor(doing.view()).stream()
                        .noneMatch(report -> report.member() == member)),
            "",
            there,
            config.quorum());
      }
    }
    if (doing.proposed().isPresent()) {
      List<Integer> voters = votes.voters(doing.view());
      add(
          Cause.VOTES_MISSING,
          named(member -> !voters.contains(member)),
          "",
          voters.size(),
          config.quorum(),
          doing.proposed().getAsLong());
    }
    add(Cause.LED, List.of(electorate.name(electorate.leader(doing.view()))), "", doing.view());
    doing
        .timerAtMs()
        .ifPresent(at -> add(Cause.TIMER, List.of(), "", Math.max(0, at - nowMs + 999) / 1_000));
  }

  private void add(Cause cause, List<String> members, String text, long... numbers) {
    findings.add(
        new Finding(
            cause,
            members,
            IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList(),
            text));
  }

  private List<String> named(IntPredicate which) {
    return IntStream.range(0, config.n()).filter(which).mapToObj(electorate::name).toList();
  }

  /** The greatest height of a member that is heard: nobody catches up with one that is not. */
  private long furthest() {
    return IntStream.range(0, config.n())
        .filter(member -> member != self && !isSilent(member))
        .mapToLong(peers::height)
        .max()
        .orElse(0);
  }

  private boolean isSilent(int member) {
    return nowMs - peers.lastHeardMs(member) > silenceMs;
  }
}
