package org.caduceus.ledger.consensus;

import java.util.List;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;

/** A seeded mistake of all {@link SoftVoter}s, to show that the tests would see it. */
public enum SoftMistake {
  /** None. */
  NONE,
  /** Any reported certificate may name the parent, not only the highest (TLA+: noMax). */
  PARENT_NOT_HIGHEST,
  /** A view that was left may still be committed in (TLA+: lateCommit). */
  COMMITS_AFTER_NEW_VIEW,
  /** Half of the members are a quorum (TLA+: q = 2). */
  QUORUM_TOO_SMALL,
  /** Two proposals of a view may be prepared. */
  PREPARES_TWICE,
  /** A leader needs no reason. */
  JUSTIFICATION_NOT_VERIFIED;

  /** A voter with this mistake that goes on where its log ends. */
  public SoftVoter open(SoftVoter.Key key, VoterLog log, SignatureVerifier signatures) {
    return SoftVoter.open(key, log, signatures, grounds());
  }

  private Grounds grounds() {
    SoftMistake mistake = this;
    return new Grounds() {
      @Override
      Found find(Electorate voters, Parent anchor, BlockHeader header, Justification shown) {
        return mistake == JUSTIFICATION_NOT_VERIFIED
            ? new Found.Upon(
                new Parent(header.parentHash(), header.height() - 1, isSuffix(header)),
                java.util.Optional.empty())
            : super.find(voters, anchor, header, shown);
      }

      @Override
      boolean isHighest(List<NewView> reports, QuorumCertificate certificate) {
        return mistake == PARENT_NOT_HIGHEST || super.isHighest(reports, certificate);
      }

      @Override
      int quorum(Electorate voters) {
        return mistake == QUORUM_TOO_SMALL ? voters.config().n() / 2 : super.quorum(voters);
      }

      @Override
      boolean mayCommit(QuorumCertificate prepared, long view) {
        return mistake == COMMITS_AFTER_NEW_VIEW || super.mayCommit(prepared, view);
      }

      @Override
      boolean mayPrepare(BlockHeader header, long view, long last) {
        return mistake == PREPARES_TWICE
            ? header.view() >= view
            : super.mayPrepare(header, view, last);
      }
    };
  }
}
