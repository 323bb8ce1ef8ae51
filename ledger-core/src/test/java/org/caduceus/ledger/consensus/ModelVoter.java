package org.caduceus.ledger.consensus;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * The enclave's checker in Java, rule for rule and status for status as the formats page orders
 * them. Seeded mistakes show that the tests would see them.
 */
public final class ModelVoter implements Voter {

  /** A seeded mistake of the checker. */
  public enum Mutant {
    /** None: the checker as it should be. */
    NONE,
    /** Half of the members make a quorum: two quorums of an even number need not meet. */
    QUORUM_TOO_SMALL,
    /** A new view does not bar votes below it. */
    NEW_VIEW_KEEPS_V,
    /** Any report may name the parent, not only the highest. */
    ACCUMULATOR_NOT_MAX,
    /** The same member's report counts twice. */
    DUPLICATE_SIGNER_COUNTED,
    /** Blocks may extend the last of an epoch. */
    PLAST_IGNORED,
    /** A leader may propose twice in a view. */
    PROPOSES_TWICE,
    /** A certificate of any older view justifies a proposal. */
    OLD_CERTIFICATE_ACCEPTED
  }

  /** Told of everything that is signed, before it leaves the checker. */
  public interface Witness {
    /** A proposal was signed. */
    void proposed(ModelVoter voter, BlockHeader header);

    /** A vote was signed. */
    void voted(ModelVoter voter, BlockHeader header);

    /** A report was signed. */
    void moved(ModelVoter voter, NewView report);
  }

  private static final String CONFLICT = "E_CONFLICT";
  private static final String STALE = "E_STALE_VIEW";
  private static final String BAD_QUORUM = "E_QC";

  private enum State {
    NEW,
    ACTIVE,
    RETIRED,
    FOLLOWER,
    HALTED
  }

  private record Parent(Hash hash, long height, boolean last) {}

  private final SampleSigner signer;
  private final SampleSigner.Scheme scheme;
  private final Mutant mutant;
  private final Optional<Witness> witness;
  private State state = State.NEW;
  private Optional<Electorate> electorate = Optional.empty();
  private int me = -1;
  private Parent anchor = new Parent(Hash.ZERO, 0, false);
  private long v;
  private long prop;
  private long pv;
  private Parent voted = anchor;

  /** A checker that signs everything as it should. */
  public ModelVoter(SampleSigner.Scheme scheme, String keyName) {
    this(scheme, keyName, Mutant.NONE, Optional.empty());
  }

  /** A checker with a mistake, or a witness. */
  public ModelVoter(
      SampleSigner.Scheme scheme, String keyName, Mutant mutant, Optional<Witness> witness) {
    this.scheme = scheme;
    this.signer = scheme.signer(keyName);
    this.mutant = mutant;
    this.witness = witness;
  }

  /** Public half of the key that only this instance has. */
  public Bytes votingKey() {
    return signer.publicKey();
  }

  /** Current view of the checker. */
  public long v() {
    return v;
  }

  /** View of the last vote. */
  public long pv() {
    return pv;
  }

  /** Highest view proposed in. */
  public long prop() {
    return prop;
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    long current = electorate.map(each -> each.config().epoch()).orElse(0L);
    if (state == State.RETIRED || state == State.HALTED) {
      return false;
    }
    for (EpochProof proof : chain) {
      EpochConfig config = proof.config();
      if (config.epoch() <= current) {
        continue;
      }
      if (config.epoch() != current + 1 || !follows(proof)) {
        return false;
      }
      enter(proof);
      current = config.epoch();
    }
    return state == State.ACTIVE;
  }

  private boolean follows(EpochProof proof) {
    if (electorate.isEmpty()) {
      return proof.finalHeader().isEmpty() && proof.certificate().isEmpty();
    }
    if (proof.finalHeader().isEmpty() || proof.certificate().isEmpty()) {
      return false;
    }
    BlockHeader header = proof.finalHeader().get();
    QuorumCertificate certificate = proof.certificate().get();
    return header.lastInEpoch()
        && header.nextConfigHash().equals(proof.config().hash())
        && certificate.lastInEpoch()
        && certificate.view() == header.view()
        && certificate.height() == header.height()
        && certificate.blockHash().equals(header.hash())
        && certified(certificate);
  }

  private void enter(EpochProof proof) {
    Electorate next = new Electorate(proof.config(), scheme.verifier());
    electorate = Optional.of(next);
    anchor =
        proof
            .finalHeader()
            .map(header -> new Parent(header.hash(), header.height(), false))
            .orElse(new Parent(next.configHash(), 0, false));
    me = -1;
    for (int i = 0; i < proof.config().n(); i++) {
      if (proof.config().members().get(i).votingKey().equals(votingKey())) {
        me = i;
      }
    }
    boolean wasActive = state == State.ACTIVE;
    state = me >= 0 ? State.ACTIVE : wasActive ? State.RETIRED : State.FOLLOWER;
    v = 0;
    prop = 0;
    pv = 0;
    voted = anchor;
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    if (state != State.ACTIVE) {
      return new Signed.No(inactive());
    }
    if (!belongs(header) || header.proposer() != me) {
      return new Signed.No(CONFLICT);
    }
    boolean again = mutant == Mutant.PROPOSES_TWICE ? header.view() < prop : header.view() <= prop;
    if (header.view() < v || header.view() < 1 || again) {
      return new Signed.No(STALE);
    }
    Found found = parent(header.view(), justification);
    if (!found.problem().isEmpty()) {
      return new Signed.No(found.problem());
    }
    Parent parent = found.parent();
    if (!header.parentHash().equals(parent.hash())
        || header.height() != parent.height() + 1
        || (parent.last() && mutant != Mutant.PLAST_IGNORED)) {
      return new Signed.No(CONFLICT);
    }
    prop = header.view();
    witness.ifPresent(each -> each.proposed(this, header));
    return new Signed.Yes(signer.sign(Statements.proposal(configHash(), header, header.hash())));
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    if (state != State.ACTIVE) {
      return new Signed.No(inactive());
    }
    if (!belongs(header)) {
      return new Signed.No(CONFLICT);
    }
    if (header.view() < v || header.view() <= pv) {
      return new Signed.No(STALE);
    }
    if (!members().proposed(header, header.hash(), proposal)) {
      return new Signed.No(BAD_QUORUM);
    }
    v = header.view();
    pv = header.view();
    voted = new Parent(header.hash(), header.height(), header.lastInEpoch());
    witness.ifPresent(each -> each.voted(this, header));
    return new Signed.Yes(
        signer.sign(
            Statements.vote(
                configHash(),
                1,
                header.epoch(),
                header.view(),
                header.height(),
                header.hash(),
                header.lastInEpoch())));
  }

  @Override
  public Moved newView(long view) {
    if (state != State.ACTIVE) {
      return new Moved.No(inactive());
    }
    if (view <= v) {
      return new Moved.No(STALE);
    }
    if (mutant != Mutant.NEW_VIEW_KEEPS_V) {
      v = view;
    }
    NewView unsigned =
        new NewView(me, view, pv, voted.height(), voted.hash(), voted.last(), Bytes.EMPTY);
    Bytes signature =
        signer.sign(Statements.newView(configHash(), members().config().epoch(), unsigned));
    NewView report =
        new NewView(me, view, pv, voted.height(), voted.hash(), voted.last(), signature);
    witness.ifPresent(each -> each.moved(this, report));
    return new Moved.Yes(report);
  }

  @Override
  public void retire() {
    state = State.RETIRED;
  }

  /** Quorum as this checker counts it. */
  public int quorum(int members) {
    return mutant == Mutant.QUORUM_TOO_SMALL ? (members + 1) / 2 : members / 2 + 1;
  }

  private record Found(Parent parent, String problem) {}

  private Found refuse(String status) {
    return new Found(anchor, status);
  }

  private Found parent(long view, Justification justification) {
    return switch (justification) {
      case Justification.Anchor() -> view == 1 ? new Found(anchor, "") : refuse(CONFLICT);
      case Justification.Certified(QuorumCertificate certificate) -> {
        boolean rightView =
            mutant == Mutant.OLD_CERTIFICATE_ACCEPTED
                ? certificate.view() < view
                : certificate.view() == view - 1;
        if (certificate.epoch() != members().config().epoch() || !rightView) {
          yield refuse(CONFLICT);
        }
        yield certified(certificate)
            ? new Found(
                new Parent(
                    certificate.blockHash(), certificate.height(), certificate.lastInEpoch()),
                "")
            : refuse(BAD_QUORUM);
      }
      case Justification.NewViews(List<NewView> reports) -> highest(view, reports);
    };
  }

  private Found highest(long view, List<NewView> reports) {
    Set<Integer> distinct = new HashSet<>();
    reports.forEach(report -> distinct.add(report.member()));
    int counted = mutant == Mutant.DUPLICATE_SIGNER_COUNTED ? reports.size() : distinct.size();
    if (counted != reports.size()) {
      return refuse("E_PARAM");
    }
    if (counted < quorum(members().config().n())) {
      return refuse(BAD_QUORUM);
    }
    for (NewView report : reports) {
      if (!members().isMember(report.member())) {
        return refuse(BAD_QUORUM);
      }
      if (report.newView() != view || report.votedView() >= view) {
        return refuse(CONFLICT);
      }
      if (!members().reported(report)) {
        return refuse(BAD_QUORUM);
      }
    }
    NewView best =
        mutant == Mutant.ACCUMULATOR_NOT_MAX
            ? reports.get(0)
            : reports.stream()
                .max((a, b) -> Long.compare(a.votedView(), b.votedView()))
                .orElseThrow();
    for (NewView report : reports) {
      if (report.votedView() == best.votedView() && !report.votedHash().equals(best.votedHash())) {
        state = State.HALTED;
        return refuse(CONFLICT);
      }
    }
    return new Found(new Parent(best.votedHash(), best.votedHeight(), best.votedLast()), "");
  }

  private boolean certified(QuorumCertificate certificate) {
    if (mutant != Mutant.QUORUM_TOO_SMALL) {
      return members().certified(certificate);
    }
    return Long.bitCount(certificate.signers()) >= quorum(members().config().n());
  }

  private boolean belongs(BlockHeader header) {
    return header.chainId().equals(members().config().chainId())
        && header.epoch() == members().config().epoch()
        && header.proposer() == members().leader(header.view());
  }

  private String inactive() {
    return state == State.FOLLOWER ? "E_NOT_JOINED" : "E_STATE";
  }

  private Electorate members() {
    return electorate.orElseThrow();
  }

  private Hash configHash() {
    return members().configHash();
  }
}
