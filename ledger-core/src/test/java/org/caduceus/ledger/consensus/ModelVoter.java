package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;

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
    OLD_CERTIFICATE_ACCEPTED,
    /** The anchor justifies a proposal in any view. */
    ANCHOR_IN_ANY_VIEW,
    /** A checker may vote twice in a view. */
    VOTES_TWICE,
    /** A vote does not raise the view below which there are no votes any more. */
    VOTE_KEEPS_V,
    /** A vote needs no leader's signature. */
    PROPOSAL_NOT_VERIFIED,
    /** Whoever asks may propose, leader or not. */
    LEADER_NOT_CHECKED,
    /** Reports need no signatures. */
    REPORT_NOT_VERIFIED,
    /** A report for another view counts. */
    REPORT_OF_ANY_VIEW,
    /** A report says that there was no vote. */
    REPORT_HIDES_VOTE,
    /** The key survives its instance: a second one continues from wherever the host likes. */
    KEY_OUTLIVES_INSTANCE;

    /** Quorum as a checker with this mistake counts it. */
    public int quorum(int members) {
      return this == QUORUM_TOO_SMALL ? (members + 1) / 2 : members / 2 + 1;
    }
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

  /** Where a checker stands, as the enclave's INFO tells it. */
  public record Standing(
      State state,
      long epoch,
      int me,
      long v,
      long prop,
      long pv,
      long votedHeight,
      Hash votedHash,
      boolean votedLast) {}

  private static final String OK = "OK";
  private static final String FORMAT = "E_PARAM";
  private static final String WRONG_STATE = "E_STATE";
  private static final String CONFLICT = "E_CONFLICT";
  private static final String STALE = "E_STALE_VIEW";
  private static final String BAD_QUORUM = "E_QC";

  /** Life of the voting key. */
  public enum State {
    /** Has a key, knows no epoch. */
    NEW,
    /** Has a seat. */
    ACTIVE,
    /** The key was destroyed. */
    RETIRED,
    /** Knows an epoch in which its key has no seat. */
    FOLLOWER,
    /** Saw that a checker is broken. */
    HALTED
  }

  private static final int SIGNATURE_LENGTH = QuorumCertificate.SIGNATURE_LENGTH;
  private static final long MAX_NUMBER = 1L << 62;
  private static final int MAX_REPORTS = 64;
  private static final int MAX_CHAIN = 4096;

  private record Parent(Hash hash, long height, boolean last) {}

  private record Seat(State state, Optional<Electorate> electorate, int me, Parent anchor) {}

  private SampleSigner signer;
  private String member = "";
  private long resumedView;
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
    this(scheme, scheme.signer(keyName), mutant, witness);
  }

  /** A checker that signs with this key, whoever holds it. */
  public ModelVoter(SampleSigner.Scheme scheme, SampleSigner signer) {
    this(scheme, signer, Mutant.NONE, Optional.empty());
  }

  private ModelVoter(
      SampleSigner.Scheme scheme, SampleSigner signer, Mutant mutant, Optional<Witness> witness) {
    this.scheme = scheme;
    this.signer = signer;
    this.mutant = mutant;
    this.witness = witness;
  }

  /** The institution that this instance was started for; else it cannot say where it stood. */
  public ModelVoter of(String institution) {
    member = institution;
    return this;
  }

  /**
   * What a host gets that starts this enclave a second time, beside this instance or after it.
   *
   * @param keyName of the fresh key that the second instance makes
   */
  public ModelVoter startedAgain(String keyName) {
    if (mutant != Mutant.KEY_OUTLIVES_INSTANCE) {
      return new ModelVoter(scheme, keyName, mutant, witness).of(member);
    }
    ModelVoter copy = new ModelVoter(scheme, signer, mutant, witness).of(member);
    copy.state = state;
    copy.electorate = electorate;
    copy.me = me;
    copy.anchor = anchor;
    copy.v = v;
    copy.prop = prop;
    copy.pv = pv;
    copy.voted = voted;
    return copy;
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

  /** Everything that decides what it does next. */
  public Standing standing() {
    return new Standing(
        state,
        electorate.map(each -> each.config().epoch()).orElse(0L),
        me,
        v,
        prop,
        pv,
        voted.height(),
        voted.hash(),
        voted.last());
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    long current = standing().epoch();
    List<EpochProof> missing =
        chain.stream().filter(proof -> proof.config().epoch() > current).toList();
    return (missing.isEmpty() || enter(SampleEntries.CHAIN, missing).equals(OK))
        && state == State.ACTIVE;
  }

  /** ENTER_EPOCH itself, for an instance that was started for this chain: the status's name. */
  public String enter(Hash chainId, List<EpochProof> chain) {
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      return FORMAT;
    }
    if (state == State.RETIRED || state == State.HALTED) {
      return WRONG_STATE;
    }
    // As a whole or not at all.
    Seat walked = new Seat(state, electorate, me, anchor);
    for (EpochProof proof : chain) {
      String problem = problem(chainId, walked, proof);
      if (!problem.isEmpty()) {
        return problem;
      }
      walked = next(walked, proof);
    }
    if (chain.getLast().config().suite() != scheme.suite()) {
      return "E_ALG_UNSUPPORTED"; // passed through perhaps, but never entered
    }
    state = walked.state();
    electorate = walked.electorate();
    me = walked.me();
    anchor = walked.anchor();
    v = 0;
    prop = 0;
    pv = 0;
    resumedView = 0;
    voted = anchor;
    return OK;
  }

  private String problem(Hash chainId, Seat before, EpochProof proof) {
    EpochConfig config = proof.config();
    boolean genesis = config.epoch() == 1;
    if (config.epoch() > MAX_NUMBER || proof instanceof EpochProof.Genesis != genesis) {
      return FORMAT;
    }
    if (!config.chainId().equals(chainId)) {
      return CONFLICT;
    }
    long current = before.electorate().map(each -> each.config().epoch()).orElse(0L);
    if (config.epoch() <= current) {
      return "E_ROLLBACK";
    }
    if (config.epoch() != current + 1) {
      return CONFLICT;
    }
    return switch (proof) {
      case EpochProof.Genesis first -> "";
      case EpochProof.Ended ended -> endProblem(chainId, before.electorate().orElseThrow(), ended);
      case EpochProof.ColdStarted started ->
          EpochChain.next(beginning(before), started, scheme.verifier())
                  instanceof EpochChain.Step.Into
              ? ""
              : CONFLICT;
    };
  }

  private static EpochChain.Beginning beginning(Seat seat) {
    return new EpochChain.Beginning(
        seat.electorate().orElseThrow().config(), seat.anchor().hash(), seat.anchor().height());
  }

  private String endProblem(Hash chainId, Electorate before, EpochProof.Ended proof) {
    QuorumCertificate certificate = proof.certificate();
    if (!proof.headers().stream().allMatch(ModelVoter::wellFormed) || !wellFormed(certificate)) {
      return FORMAT;
    }
    BlockHeader end = proof.headers().getFirst();
    BlockHeader below = end;
    boolean matches =
        end.chainId().equals(chainId)
            && end.epoch() == before.config().epoch()
            && end.lastInEpoch()
            && end.entryCount() > 0
            && end.nextConfigHash().equals(proof.config().hash());
    for (BlockHeader header : proof.headers().subList(1, proof.headers().size())) {
      matches = matches && header.isSuffixOf(below) && header.view() > below.view();
      below = header;
    }
    if (!matches || !certificate.isFor(below, below.hash())) {
      return CONFLICT;
    }
    return certified(before, certificate) ? "" : BAD_QUORUM;
  }

  private Seat next(Seat before, EpochProof proof) {
    Suite suite = proof.config().suite();
    Electorate members =
        new Electorate(
            proof.config(),
            suite == scheme.suite() ? scheme.verifier() : SignatureVerifier.of(suite));
    Parent start = start(before, proof, members);
    boolean votes = proof.config().mode() == EpochConfig.Mode.TEE_1P;
    int seat = -1;
    for (int i = 0; votes && i < proof.config().n(); i++) {
      if (proof.config().members().get(i).votingKey().equals(votingKey())) {
        seat = i;
      }
    }
    State after =
        switch (before.state()) {
          case ACTIVE -> seat >= 0 ? State.ACTIVE : votes ? State.RETIRED : State.FOLLOWER;
          case NEW, FOLLOWER -> seat >= 0 ? State.ACTIVE : State.FOLLOWER;
          // Lost its seat further down this chain; a key never comes back.
          case RETIRED, HALTED -> before.state();
        };
    return new Seat(after, Optional.of(members), seat, start);
  }

  private Parent start(Seat before, EpochProof proof, Electorate members) {
    return switch (proof) {
      case EpochProof.Genesis genesis -> new Parent(members.configHash(), 0, false);
      case EpochProof.Ended ended ->
          new Parent(ended.headers().getFirst().hash(), ended.headers().getFirst().height(), false);
      case EpochProof.ColdStarted started -> {
        EpochChain.Step step = EpochChain.next(beginning(before), started, scheme.verifier());
        EpochChain.Beginning next = ((EpochChain.Step.Into) step).next();
        yield new Parent(next.anchor(), next.anchorHeight(), false);
      }
    };
  }

  private static boolean wellFormed(BlockHeader header) {
    return isFrom1(header.epoch())
        && isFrom1(header.view())
        && isFrom1(header.height())
        && isNumber(header.timeMs())
        && (header.lastInEpoch() || header.nextConfigHash().equals(Hash.ZERO));
  }

  private static boolean wellFormed(QuorumCertificate certificate) {
    return isNumber(certificate.epoch())
        && isNumber(certificate.view())
        && isNumber(certificate.height())
        && (certificate.phase() == 1 || certificate.phase() == 2);
  }

  private boolean wellFormed(Justification justification) {
    return switch (justification) {
      case Justification.Anchor() -> true;
      case Justification.Certified(QuorumCertificate certificate) -> wellFormed(certificate);
      case Justification.NewViews(List<NewView> reports) -> wellFormed(reports);
      case Justification.Reported reported -> false; // of BFT-2P
    };
  }

  private boolean wellFormed(List<NewView> reports) {
    for (int i = 0; i < reports.size(); i++) {
      NewView report = reports.get(i);
      boolean ascends = i == 0 || reports.get(i - 1).member() < report.member();
      if (!isNumber(report.newView())
          || !isNumber(report.votedView())
          || !isNumber(report.votedHeight())
          || !(ascends || mutant == Mutant.DUPLICATE_SIGNER_COUNTED)) {
        return false;
      }
    }
    return reports.size() <= MAX_REPORTS;
  }

  private static boolean isNumber(long value) {
    return value >= 0 && value <= MAX_NUMBER;
  }

  private static boolean isFrom1(long value) {
    return value >= 1 && value <= MAX_NUMBER;
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    if (!wellFormed(header) || !wellFormed(justification)) {
      return new Signed.No(FORMAT);
    }
    if (state != State.ACTIVE) {
      return new Signed.No(inactive());
    }
    if (!belongs(header) || (header.proposer() != me && mutant != Mutant.LEADER_NOT_CHECKED)) {
      return new Signed.No(CONFLICT);
    }
    boolean again = mutant == Mutant.PROPOSES_TWICE ? header.view() < prop : header.view() <= prop;
    if (header.view() < v || again) {
      return new Signed.No(STALE);
    }
    Found found = parent(header.view(), justification);
    if (!found.problem().isEmpty()) {
      return new Signed.No(found.problem());
    }
    Parent parent = found.parent();
    if (!header.parentHash().equals(parent.hash())
        || header.height() != parent.height() + 1
        || breaksEnd(header, parent)) {
      return new Signed.No(CONFLICT);
    }
    prop = header.view();
    witness.ifPresent(each -> each.proposed(this, header));
    return new Signed.Yes(signer.sign(Statements.proposal(configHash(), header, header.hash())));
  }

  /** Upon an epoch's last block only its empty suffix; and what ends an epoch is not empty. */
  private boolean breaksEnd(BlockHeader header, Parent parent) {
    boolean suffix = header.lastInEpoch() && header.entryCount() == 0;
    return mutant != Mutant.PLAST_IGNORED && parent.last() != suffix;
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    if (!wellFormed(header) || proposal.length() != SIGNATURE_LENGTH) {
      return new Signed.No(FORMAT);
    }
    if (state != State.ACTIVE) {
      return new Signed.No(inactive());
    }
    if (!belongs(header)) {
      return new Signed.No(CONFLICT);
    }
    boolean again = mutant == Mutant.VOTES_TWICE ? header.view() < pv : header.view() <= pv;
    if (header.view() < v || again) {
      return new Signed.No(STALE);
    }
    if (!members().proposed(header, header.hash(), proposal)
        && mutant != Mutant.PROPOSAL_NOT_VERIFIED) {
      return new Signed.No(BAD_QUORUM);
    }
    if (mutant != Mutant.VOTE_KEEPS_V) {
      v = header.view();
    }
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
    if (!isFrom1(view)) {
      return new Moved.No(FORMAT);
    }
    if (state != State.ACTIVE) {
      return new Moved.No(inactive());
    }
    if (view <= v) {
      return new Moved.No(STALE);
    }
    if (mutant != Mutant.NEW_VIEW_KEEPS_V) {
      v = view;
    }
    boolean hides = mutant == Mutant.REPORT_HIDES_VOTE;
    Parent last = hides ? anchor : voted;
    long lastView = hides ? 0 : pv;
    NewView unsigned =
        new NewView(me, view, lastView, last.height(), last.hash(), last.last(), Bytes.EMPTY);
    Bytes signature =
        signer.sign(Statements.newView(configHash(), members().config().epoch(), unsigned));
    NewView report =
        new NewView(me, view, lastView, last.height(), last.hash(), last.last(), signature);
    witness.ifPresent(each -> each.moved(this, report));
    return new Moved.Yes(report);
  }

  @Override
  public Resumed resume(Basis basis) {
    boolean givesUp = basis instanceof Basis.GivenUp;
    if (state != (givesUp ? State.ACTIVE : State.FOLLOWER)) {
      return new Resumed.No(WRONG_STATE);
    }
    if (givesUp) {
      int seat = me;
      Bytes former = votingKey();
      signer = scheme.signer("after " + Hash.sha256(former.unsafeArray()).toHex());
      state = State.FOLLOWER;
      me = -1;
      return stated(seat, former, pv, voted);
    }
    int seat = members().indexOf(member).orElse(-1);
    if (seat < 0) {
      return new Resumed.No("E_NOT_JOINED");
    }
    Bytes former = members().config().members().get(seat).votingKey();
    return switch (basis) {
      case Basis.Nothing nothing -> resumed(seat, former, 0, anchor);
      case Basis.Proposed(BlockHeader header, Bytes proposal) -> {
        if (!belongs(header)) {
          yield new Resumed.No(CONFLICT);
        }
        yield members().proposed(header, header.hash(), proposal)
            ? resumed(
                seat,
                former,
                header.view(),
                new Parent(header.hash(), header.height(), header.lastInEpoch()))
            : new Resumed.No(BAD_QUORUM);
      }
      case Basis.Certified(QuorumCertificate qc) ->
          members().certified(qc)
              ? resumed(
                  seat,
                  former,
                  qc.view(),
                  new Parent(qc.blockHash(), qc.height(), qc.lastInEpoch()))
              : new Resumed.No(BAD_QUORUM);
      case Basis.GivenUp givenUp -> throw new AssertionError("Handled above");
    };
  }

  private Resumed resumed(int seat, Bytes former, long view, Parent stood) {
    if (view < resumedView) {
      return new Resumed.No("E_ROLLBACK");
    }
    resumedView = view;
    return stated(seat, former, view, stood);
  }

  private Resumed stated(int seat, Bytes former, long view, Parent stood) {
    ResumeStatement unsigned =
        new ResumeStatement(
            configHash(),
            members().config().epoch(),
            seat,
            former,
            view,
            stood.height(),
            stood.hash(),
            stood.last(),
            votingKey(),
            Bytes.wrap(new byte[SIGNATURE_LENGTH]));
    return new Resumed.Yes(unsigned.withSignature(signer.sign(unsigned.signedBytes())));
  }

  @Override
  public void retire() {
    state = state == State.HALTED ? State.HALTED : State.RETIRED;
  }

  /** Quorum as this checker counts it. */
  public int quorum(int members) {
    return mutant.quorum(members);
  }

  private record Found(Parent parent, String problem) {}

  private Found refuse(String status) {
    return new Found(anchor, status);
  }

  private Found parent(long view, Justification justification) {
    return switch (justification) {
      case Justification.Anchor() ->
          view == 1 || mutant == Mutant.ANCHOR_IN_ANY_VIEW
              ? new Found(anchor, "")
              : refuse(CONFLICT);
      case Justification.Certified(QuorumCertificate certificate) -> {
        boolean rightView =
            mutant == Mutant.OLD_CERTIFICATE_ACCEPTED
                ? certificate.view() < view
                : certificate.view() == view - 1;
        if (certificate.epoch() != members().config().epoch() || !rightView) {
          yield refuse(CONFLICT);
        }
        yield certified(members(), certificate)
            ? new Found(
                new Parent(
                    certificate.blockHash(), certificate.height(), certificate.lastInEpoch()),
                "")
            : refuse(BAD_QUORUM);
      }
      case Justification.NewViews(List<NewView> reports) -> highest(view, reports);
      case Justification.Reported reported -> refuse(FORMAT);
    };
  }

  private Found highest(long view, List<NewView> reports) {
    if (reports.size() < quorum(members().config().n())) {
      return refuse(BAD_QUORUM);
    }
    for (NewView report : reports) {
      if (!members().isMember(report.member())) {
        return refuse(BAD_QUORUM);
      }
      boolean otherView = report.newView() != view && mutant != Mutant.REPORT_OF_ANY_VIEW;
      if (otherView || report.votedView() >= view) {
        return refuse(CONFLICT);
      }
      if (!members().reported(report) && mutant != Mutant.REPORT_NOT_VERIFIED) {
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
      if (report.votedView() == best.votedView() && !sameTip(report, best)) {
        state = State.HALTED;
        return refuse(CONFLICT);
      }
    }
    return new Found(new Parent(best.votedHash(), best.votedHeight(), best.votedLast()), "");
  }

  private static boolean sameTip(NewView one, NewView other) {
    return one.votedHash().equals(other.votedHash())
        && one.votedHeight() == other.votedHeight()
        && one.votedLast() == other.votedLast();
  }

  private boolean certified(Electorate voters, QuorumCertificate certificate) {
    if (mutant != Mutant.QUORUM_TOO_SMALL || voters.config().mode() != EpochConfig.Mode.TEE_1P) {
      return voters.certified(certificate);
    }
    int next = 0;
    for (int member = 0; member < voters.config().n(); member++) {
      if ((certificate.signers() >>> member & 1) == 1
          && !voters.voted(vote(certificate, member, certificate.signatures().get(next++)))) {
        return false;
      }
    }
    return next == certificate.signatures().size() && next >= quorum(voters.config().n());
  }

  private static Vote vote(QuorumCertificate certificate, int member, Bytes signature) {
    return new Vote(
        member,
        certificate.phase(),
        certificate.epoch(),
        certificate.view(),
        certificate.height(),
        certificate.blockHash(),
        certificate.lastInEpoch(),
        signature);
  }

  private boolean belongs(BlockHeader header) {
    return header.chainId().equals(members().config().chainId())
        && header.epoch() == members().config().epoch()
        && (header.proposer() == members().leader(header.view())
            || mutant == Mutant.LEADER_NOT_CHECKED);
  }

  private String inactive() {
    return state == State.FOLLOWER ? "E_NOT_JOINED" : WRONG_STATE;
  }

  private Electorate members() {
    return electorate.orElseThrow();
  }

  private Hash configHash() {
    return members().configHash();
  }
}
