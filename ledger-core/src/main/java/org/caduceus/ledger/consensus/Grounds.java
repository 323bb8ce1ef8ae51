package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;

/**
 * What a BFT-2P voter asks of whoever proposes: a certificate of the view before, or the reports of
 * a quorum with the certificate of the highest block among them (Jolteon, FC 2022; HotStuff-2,
 * 2023; PBFT's view change, OSDI 1999). Every PREPARE rests on this check, as nothing else stops a
 * leader that lies. Not final for the sake of tests that seed mistakes.
 */
class Grounds {
  static final String CONFLICT = "E_CONFLICT";
  static final String BAD_QUORUM = "E_QC";

  /** What a proposal must stand upon. */
  record Parent(Hash hash, long height, boolean last) {
    static Parent of(QuorumCertificate certificate) {
      return new Parent(certificate.blockHash(), certificate.height(), certificate.lastInEpoch());
    }

    boolean carries(BlockHeader header) {
      return header.parentHash().equals(hash)
          && header.height() == height + 1
          && last == isSuffix(header);
    }
  }

  /** Upon an epoch's last block only its empty suffix; and what ends an epoch is not empty. */
  static boolean isSuffix(BlockHeader header) {
    return header.lastInEpoch() && header.entryCount() == 0;
  }

  /** The outcome of a check. */
  sealed interface Found {
    /**
     * The leader may propose upon this.
     *
     * @param certificate of the parent; empty for the anchor
     */
    record Upon(Parent parent, Optional<QuorumCertificate> certificate) implements Found {}

    /**
     * It may not.
     *
     * @param status as an enclave would name it
     */
    record Nothing(String status) implements Found {}
  }

  /** Whether the leader may propose this, by what it shows, and upon which certificate. */
  Found find(Electorate voters, Parent anchor, BlockHeader header, Justification justification) {
    Found found = parent(voters, anchor, header.view(), justification);
    return found instanceof Found.Upon upon && !upon.parent().carries(header)
        ? new Found.Nothing(CONFLICT)
        : found;
  }

  private Found parent(Electorate voters, Parent anchor, long view, Justification justification) {
    return switch (justification) {
      case Justification.Anchor() ->
          view == 1 ? new Found.Upon(anchor, Optional.empty()) : new Found.Nothing(CONFLICT);
      case Justification.Certified(QuorumCertificate certificate) ->
          certificate.view() == view - 1 ? upon(voters, certificate) : new Found.Nothing(CONFLICT);
      case Justification.NewViews(List<NewView> reports) ->
          highestView(reports) == 0
              ? ifReported(voters, view, reports, new Found.Upon(anchor, Optional.empty()))
              : new Found.Nothing(CONFLICT);
      case Justification.Reported(List<NewView> reports, QuorumCertificate highest) ->
          isHighest(reports, highest) && highest.view() < view
              ? ifReported(voters, view, reports, upon(voters, highest))
              : new Found.Nothing(CONFLICT);
    };
  }

  private Found upon(Electorate voters, QuorumCertificate certificate) {
    return isCertified(voters, certificate)
        ? new Found.Upon(Parent.of(certificate), Optional.of(certificate))
        : new Found.Nothing(BAD_QUORUM);
  }

  private Found ifReported(Electorate voters, long view, List<NewView> reports, Found found) {
    int above = -1;
    for (NewView report : reports) {
      if (report.member() <= above || report.newView() != view) {
        return new Found.Nothing(CONFLICT);
      }
      if (!voters.reported(report)) {
        return new Found.Nothing(BAD_QUORUM);
      }
      above = report.member();
    }
    return reports.size() >= quorum(voters) ? found : new Found.Nothing(BAD_QUORUM);
  }

  private static long highestView(List<NewView> reports) {
    return reports.stream().mapToLong(NewView::votedView).max().orElse(0);
  }

  /** Whether no reporter knows of a later certificate. */
  boolean isHighest(List<NewView> reports, QuorumCertificate certificate) {
    return certificate.view() == highestView(reports);
  }

  boolean isCertified(Electorate voters, QuorumCertificate certificate) {
    return voters.prepared(certificate);
  }

  int quorum(Electorate voters) {
    return voters.config().quorum();
  }

  /** Whether a vote of the second phase may still be cast by a voter that came to {@code view}. */
  boolean mayCommit(QuorumCertificate prepared, long view) {
    return prepared.view() >= view;
  }

  /** Whether a vote of the first phase may be cast by a voter whose last was in {@code last}. */
  boolean mayPrepare(BlockHeader header, long view, long last) {
    return header.view() >= view && header.view() > last;
  }
}
