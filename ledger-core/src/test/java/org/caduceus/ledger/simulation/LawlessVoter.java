package org.caduceus.ledger.simulation;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SoftVoter;
import org.caduceus.ledger.consensus.Statements;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * A malicious member's voter where voters are ordinary processes: signs whatever it is asked, and
 * reports what it likes.
 */
final class LawlessVoter implements Voter {
  private final SoftVoter.Key key;
  private final SplittableRandom random;
  private final TreeMap<Long, QuorumCertificate> seen = new TreeMap<>();
  private Optional<EpochProof> entered = Optional.empty();
  private Optional<QuorumCertificate> reported = Optional.empty();
  private int me = -1;

  LawlessVoter(SoftVoter.Key key, SplittableRandom random) {
    this.key = key;
    this.random = random;
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    EpochConfig config = chain.getLast().config();
    if (entered.filter(it -> it.config().equals(config)).isEmpty()) {
      entered = Optional.of(chain.getLast());
      seen.clear();
      reported = Optional.empty();
    }
    me = -1;
    for (int i = 0; i < config.n(); i++) {
      if (config.members().get(i).votingKey().equals(key.publicKey())) {
        me = i;
      }
    }
    return me >= 0;
  }

  private Hash configHash() {
    return entered.orElseThrow().config().hash();
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    if (me < 0) {
      return new Signed.No("E_NOT_JOINED");
    }
    learn(justification);
    return new Signed.Yes(key.sign(Statements.proposal(configHash(), header, header.hash())));
  }

  private void learn(Justification justification) {
    switch (justification) {
      case Justification.Certified(QuorumCertificate certificate) ->
          seen.put(certificate.view(), certificate);
      case Justification.Reported(var reports, QuorumCertificate highest) ->
          seen.put(highest.view(), highest);
      default -> {}
    }
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    if (me < 0) {
      return new Signed.No("E_NOT_JOINED");
    }
    learn(justification);
    return new Signed.Yes(
        key.sign(
            Statements.vote(
                configHash(),
                phase,
                header.epoch(),
                header.view(),
                header.height(),
                header.hash(),
                header.lastInEpoch())));
  }

  /** Its last certificate, an older one, none, or one that does not exist. */
  @Override
  public Moved newView(long view) {
    if (me < 0) {
      return new Moved.No("E_NOT_JOINED");
    }
    reported =
        seen.isEmpty()
            ? Optional.empty()
            : switch (random.nextInt(4)) {
              case 0 -> Optional.empty();
              case 1 -> Optional.of(seen.firstEntry().getValue());
              default -> Optional.of(seen.lastEntry().getValue());
            };
    NewView says =
        random.nextInt(6) == 0
            ? invented(view)
            : reported
                .map(
                    each ->
                        report(
                            view, each.view(), each.height(), each.blockHash(), each.lastInEpoch()))
                .orElseGet(() -> report(view, 0, 0, configHash(), false));
    Bytes signature =
        key.sign(Statements.newView(configHash(), entered.orElseThrow().config().epoch(), says));
    return new Moved.Yes(
        new NewView(
            me,
            view,
            says.votedView(),
            says.votedHeight(),
            says.votedHash(),
            says.votedLast(),
            signature));
  }

  private NewView invented(long view) {
    return report(view, Math.max(0, view - 1), 7, SampleEntries.hashOf("nothing"), false);
  }

  private NewView report(long view, long voted, long height, Hash hash, boolean last) {
    return new NewView(me, view, voted, height, hash, last, Bytes.EMPTY);
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return reported;
  }

  @Override
  public Resumed resume(Basis basis) {
    return new Resumed.No("E_STATE");
  }

  @Override
  public void retire() {}
}
