package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.caduceus.ledger.LedgerViolation;

/**
 * The latest verified new-view report of each member, and what follows from them together: when to
 * join a later view, whether a quorum has come as far as this node, and what a new leader may show
 * its voter.
 */
final class ViewSynchroniser {
  private final Electorate electorate;
  private final int self;
  private final boolean trusting;
  private final TreeMap<Integer, NewView> latest = new TreeMap<>();

  ViewSynchroniser(Electorate electorate, int self) {
    this.electorate = electorate;
    this.self = self;
    this.trusting = Rules.of(electorate.config()).trustsVoters();
  }

  /** Whether the report says more than the member's last one; does not check the signature. */
  boolean isNews(NewView report) {
    NewView before = latest.get(report.member());
    return before == null || report.newView() > before.newView();
  }

  /**
   * Takes a verified report.
   *
   * @throws LedgerViolation if it and another prove that an enclave is broken
   */
  void note(NewView report) {
    if (trusting) {
      compare(report);
    }
    if (isNews(report)) {
      latest.put(report.member(), report);
    }
  }

  private void compare(NewView report) {
    for (NewView other : latest.values()) {
      if (VoterFault.differ(other, report)) {
        throw BrokenVoter.of(electorate, new VoterFault.Proof.TwoReports(other, report));
      }
    }
  }

  /**
   * Compares what voters reported with what they are known to have voted for.
   *
   * @throws LedgerViolation if an enclave hid its vote
   */
  void confront(QuorumCertificate certificate) {
    if (!trusting) {
      return; // up to f of them may, and no quorum of reports rests on one
    }
    for (NewView report : latest.values()) {
      if (VoterFault.hides(report, certificate)) {
        throw BrokenVoter.of(electorate, new VoterFault.Proof.HiddenVote(report, certificate));
      }
    }
  }

  /** The view to join when more members than may be faulty have left {@code view}. */
  OptionalLong viewToJoin(long view) {
    List<Long> above = new ArrayList<>();
    for (NewView report : latest.values()) {
      if (report.member() != self && report.newView() > view) {
        above.add(report.newView());
      }
    }
    int faults = electorate.config().faults();
    if (above.size() <= faults) {
      return OptionalLong.empty();
    }
    above.sort(Comparator.reverseOrder());
    return OptionalLong.of(above.get(faults));
  }

  /**
   * Whether a quorum, this node included, has left all views below {@code view}. A node that is
   * ahead waits for that before it goes further (PBFT 4.5.2), else two nodes could chase each other
   * for ever.
   */
  boolean sharedByQuorum(long view) {
    long there = latest.values().stream().filter(report -> report.newView() >= view).count();
    return there >= electorate.config().quorum();
  }

  /** Reports for exactly this view, ascending by member. */
  List<NewView> reportsFor(long view) {
    return latest.values().stream().filter(report -> report.newView() == view).toList();
  }

  /** This node's own latest report. */
  Optional<NewView> own() {
    return Optional.ofNullable(latest.get(self));
  }

  /** Other members' reports for this view or later ones: worth passing on. */
  List<NewView> othersFrom(long view) {
    return latest.values().stream()
        .filter(report -> report.member() != self && report.newView() >= view)
        .toList();
  }
}
