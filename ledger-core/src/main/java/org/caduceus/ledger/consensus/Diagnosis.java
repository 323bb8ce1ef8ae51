package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * Says in English who keeps consensus from moving: who is silent and for how long, who is behind,
 * and if the quorum lost its keys, whose statement or approval is missing.
 */
final class Diagnosis {
  private static final long BEHIND = 2;

  private final Electorate electorate;
  private final EpochConfig config;
  private final int self;
  private final PeerTable peers;
  private final long nowMs;
  private final long silenceMs;

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

  /** Everything there is to say of the members, each part after "; "; empty if all are well. */
  String ofMembers(long height) {
    List<String> parts = new ArrayList<>();
    int alive = peers.alive(nowMs, silenceMs);
    if (alive < config.quorum()) {
      parts.add(
          "heard from "
              + alive
              + " of "
              + config.n()
              + " members, but a quorum is "
              + config.quorum());
    }
    addNamed(parts, "silent: ", member -> isSilent(member), this::since);
    addNamed(
        parts,
        "behind: ",
        member -> !isSilent(member) && peers.height(member) + BEHIND < height,
        member -> " at height " + peers.height(member));
    return join(parts);
  }

  /** How far a cold start has come; empty if the quorum still has its keys. */
  String ofColdStart(ColdStartCeremony ceremony) {
    if (!ceremony.quorumIsLost()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    int needed = ColdStart.membersNeeded(config);
    parts.add(
        ceremony.count()
            + " of "
            + config.n()
            + " members have no voting key any more, so no quorum is left");
    if (ceremony.plan().isEmpty()) {
      parts.add("a cold start needs the statements of " + needed);
      addNamed(parts, "not stated: ", member -> !ceremony.hasStated(member), member -> "");
    } else {
      ColdStartPlan plan = ceremony.plan().get();
      Map<Integer, ColdStart.Approval> approvals = ceremony.approvals();
      parts.add(
          "the cold start at height "
              + plan.best().votedHeight()
              + " needs the approval of "
              + (plan.best().votedLast() ? config.n() : needed)
              + " governance keys");
      addNamed(
          parts,
          "not approved: ",
          member -> plan.members().contains(member) && !approvals.containsKey(member),
          member -> "");
    }
    return join(parts);
  }

  private boolean isSilent(int member) {
    return member != self && nowMs - peers.lastHeardMs(member) > silenceMs;
  }

  private String since(int member) {
    long heard = peers.lastHeardMs(member);
    return heard == 0 ? " (never heard)" : " for " + (nowMs - heard) / 1_000 + " s";
  }

  private interface Detail {
    String of(int member);
  }

  private void addNamed(List<String> parts, String what, IntPredicate which, Detail detail) {
    List<String> named =
        IntStream.range(0, config.n())
            .filter(member -> member != self || what.startsWith("not"))
            .filter(which)
            .mapToObj(member -> electorate.name(member) + detail.of(member))
            .toList();
    if (!named.isEmpty()) {
      parts.add(what + String.join(", ", named));
    }
  }

  private static String join(List<String> parts) {
    return parts.isEmpty() ? "" : "; " + String.join("; ", parts);
  }
}
