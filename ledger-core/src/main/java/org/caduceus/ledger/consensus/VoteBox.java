package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * Votes on their way to a quorum, one per member, view and phase. Signatures are checked only when
 * a quorum seems to be there, so that a busy leader checks no more than it needs.
 */
final class VoteBox {
  private record Subject(long height, Hash blockHash, boolean lastInEpoch) {
    static Subject of(Vote vote) {
      return new Subject(vote.height(), vote.blockHash(), vote.lastInEpoch());
    }
  }

  private record Ballot(Vote vote, boolean verified) {}

  private final Electorate electorate;
  private final BiConsumer<Integer, String> complain;
  private final List<VoterFault.Proof> misdeeds = new ArrayList<>();

  /** By view, then phase, then member. */
  private final TreeMap<Long, TreeMap<Integer, TreeMap<Integer, Ballot>>> byView = new TreeMap<>();

  /**
   * An empty box.
   *
   * @param complain told of a member whose vote was bad
   */
  VoteBox(Electorate electorate, BiConsumer<Integer, String> complain) {
    this.electorate = electorate;
    this.complain = complain;
  }

  /**
   * Adds a vote.
   *
   * @param trusted whether this node's own voter made it just now
   * @return the certificate, if the vote completes one
   */
  Optional<QuorumCertificate> add(Vote vote, boolean trusted) {
    TreeMap<Integer, Ballot> ballots =
        byView
            .computeIfAbsent(vote.view(), view -> new TreeMap<>())
            .computeIfAbsent(vote.phase(), phase -> new TreeMap<>());
    Ballot before = ballots.get(vote.member());
    if (before == null) {
      ballots.put(vote.member(), new Ballot(vote, trusted));
    } else if (!Subject.of(before.vote()).equals(Subject.of(vote))) {
      settleConflict(ballots, before, new Ballot(vote, trusted));
    } else if (!before.verified() && !before.vote().signature().equals(vote.signature())) {
      // Anybody on the link may have sent a bad first signature; a better second one may heal it.
      ballots.put(vote.member(), better(before, vote));
    }
    return certificate(ballots, vote);
  }

  /** Two votes of one member, view and phase for different blocks, found since the last call. */
  List<VoterFault.Proof> takeMisdeeds() {
    List<VoterFault.Proof> taken = List.copyOf(misdeeds);
    misdeeds.clear();
    return taken;
  }

  /** Members whose votes of the first phase of this view are here, verified or not, ascending. */
  List<Integer> voters(long view) {
    return byView.containsKey(view)
        ? List.copyOf(byView.get(view).getOrDefault(1, new TreeMap<>()).keySet())
        : List.of();
  }

  /** Forgets views at or below this one. */
  void forgetUpTo(long view) {
    byView.headMap(view, true).clear();
  }

  private Ballot better(Ballot before, Vote vote) {
    return electorate.voted(before.vote())
        ? new Ballot(before.vote(), true)
        : new Ballot(vote, false);
  }

  private void settleConflict(Map<Integer, Ballot> ballots, Ballot first, Ballot second) {
    boolean firstGood = first.verified() || electorate.voted(first.vote());
    boolean secondGood = second.verified() || electorate.voted(second.vote());
    int member = first.vote().member();
    if (firstGood && secondGood) {
      misdeeds.add(new VoterFault.Proof.TwoVotes(first.vote(), second.vote()));
    } else {
      complain.accept(member, "Expected a signed vote, but the signature does not verify");
    }
    if (firstGood) {
      ballots.put(member, new Ballot(first.vote(), true));
    } else if (secondGood) {
      ballots.put(member, new Ballot(second.vote(), true));
    } else {
      ballots.remove(member);
    }
  }

  private Optional<QuorumCertificate> certificate(Map<Integer, Ballot> ballots, Vote last) {
    Subject subject = Subject.of(last);
    int quorum = electorate.config().quorum();
    List<Ballot> alike =
        ballots.values().stream()
            .filter(ballot -> Subject.of(ballot.vote()).equals(subject))
            .toList();
    if (alike.size() < quorum) {
      return Optional.empty();
    }
    long signers = 0;
    List<Bytes> signatures = new ArrayList<>();
    for (Ballot ballot : alike) {
      if (signatures.size() < quorum && verify(ballots, ballot)) {
        signers |= 1L << ballot.vote().member();
        signatures.add(ballot.vote().signature());
      }
    }
    if (signatures.size() < quorum) {
      return Optional.empty();
    }
    return Optional.of(
        new QuorumCertificate(
            electorate.config().epoch(),
            last.view(),
            subject.height(),
            subject.blockHash(),
            subject.lastInEpoch(),
            last.phase(),
            signers,
            signatures));
  }

  private boolean verify(Map<Integer, Ballot> ballots, Ballot ballot) {
    int member = ballot.vote().member();
    if (ballot.verified()) {
      return true;
    }
    if (electorate.voted(ballot.vote())) {
      ballots.put(member, new Ballot(ballot.vote(), true));
      return true;
    }
    ballots.remove(member);
    complain.accept(member, "Expected a signed vote, but the signature does not verify");
    return false;
  }
}
