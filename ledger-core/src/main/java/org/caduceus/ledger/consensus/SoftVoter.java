package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * The voter of BFT-2P: an ordinary process that may crash, and whose word counts only with that of
 * two thirds. What it must not forget stands in its {@link VoterLog} before a signature leaves:
 *
 * <pre>
 *   view       no signature for an earlier one
 *   prepared   one PREPARE in a view
 *   highest    certificate reported by NEWV; of a block that it committed, or of a later one
 * </pre>
 *
 * <p>A PREPARE follows from a proposal whose justification it verified completely, a COMMIT from a
 * certificate of phase 1, a NEWV from the wish to leave a view. Restarted, it reads the log and
 * goes on. A voter without its log must not sign: it gets a new key, and the seat by a ballot.
 *
 * <p>Refusals have the names that an enclave gives them. Not thread-safe, as its replica is not.
 */
public final class SoftVoter implements Voter {
  private static final String UNAVAILABLE = "UNAVAILABLE";
  private static final String WRONG_STATE = "E_STATE";
  private static final String NOT_JOINED = "E_NOT_JOINED";
  private static final String STALE = "E_STALE_VIEW";

  /** A key pair in this process. */
  public interface Key {
    /** Uncompressed SEC 1 point, 65 bytes. */
    Bytes publicKey();

    /** Raw r || s, 64 bytes. */
    Bytes sign(Bytes message);
  }

  private record Seat(Electorate electorate, int member, Grounds.Parent anchor) {}

  private record Looked(Hash blockHash, Justification justification, Grounds.Found found) {}

  private final Key key;
  private final VoterLog log;
  private final SignatureVerifier signatures;
  private final Grounds grounds;

  /** Empty after a write that failed, until the log was read again. */
  private Optional<VoterRecord> last;

  private Optional<Seat> seat = Optional.empty();
  private boolean retired;

  /** What was looked at last: the vote for it follows. */
  private Optional<Looked> looked = Optional.empty();

  private SoftVoter(
      Key key, VoterLog log, SignatureVerifier signatures, Grounds grounds, VoterRecord last) {
    this.key = key;
    this.log = log;
    this.signatures = signatures;
    this.grounds = grounds;
    this.last = Optional.of(last);
  }

  /**
   * A voter whose key was never used.
   *
   * @param log of this key, empty
   * @param signatures of the suite of the key
   * @throws IllegalStateException if the log has records, or takes none
   */
  public static SoftVoter create(Key key, VoterLog log, SignatureVerifier signatures) {
    VoterRecord birth = VoterRecord.birth(key.publicKey());
    if (!log.records().isEmpty() || !log.append(birth.encode())) {
      throw new IllegalStateException(
          "Expected an empty voter's log that takes a record, but it is not so");
    }
    return new SoftVoter(key, log, signatures, new Grounds(), birth);
  }

  /**
   * A voter that goes on where its log ends.
   *
   * @param signatures of the suite of the key
   * @throws MalformedException if the log is empty, another key's, altered or has a gap: then the
   *     key must never sign again
   */
  public static SoftVoter open(Key key, VoterLog log, SignatureVerifier signatures) {
    return open(key, log, signatures, new Grounds());
  }

  /** Same, with other rules. */
  static SoftVoter open(Key key, VoterLog log, SignatureVerifier signatures, Grounds grounds) {
    return new SoftVoter(key, log, signatures, grounds, lastOf(log, key.publicKey()));
  }

  private static VoterRecord lastOf(VoterLog log, Bytes votingKey) {
    VoterRecord last = null;
    for (Bytes bytes : log.records()) {
      VoterRecord record = VoterRecord.decode(bytes);
      if (last != null && !record.follows(last)) {
        throw new MalformedException(
            "Expected record "
                + (last.sequence() + 1)
                + " of the voter's log after "
                + last.sequence()
                + ", but it is missing or another");
      }
      last = record;
    }
    if (last == null || !last.votingKey().equals(votingKey)) {
      throw new MalformedException(
          "Expected the log of this voting key, but it is "
              + (last == null ? "empty" : "another key's"));
    }
    return last;
  }

  /** Public half of the key. */
  public Bytes votingKey() {
    return key.publicKey();
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    if (retired || !readAgain()) {
      return false;
    }
    EpochConfig config = chain.getLast().config();
    boolean entered =
        seat.filter(it -> it.electorate().config().epoch() == config.epoch()).isPresent();
    if (!entered) {
      seat = config.mode() == EpochConfig.Mode.BFT_2P ? walk(chain) : Optional.empty();
    }
    return seat.isPresent();
  }

  private boolean readAgain() {
    if (last.isEmpty()) {
      try {
        last = Optional.of(lastOf(log, votingKey()));
      } catch (MalformedException broken) {
        retired = true; // a key whose log is broken signs nothing
      }
    }
    return last.isPresent();
  }

  private Optional<Seat> walk(List<EpochProof> chain) {
    EpochChain.Beginning at = EpochChain.Beginning.genesis(chain.getFirst().config());
    VoterRecord known = last.orElseThrow();
    for (EpochProof proof : chain.subList(1, chain.size())) {
      SignatureVerifier ofSuite = SignatureVerifier.of(at.config().suite());
      boolean same = at.config().suite() == chain.getLast().config().suite();
      if (!(EpochChain.next(at, proof, same ? signatures : ofSuite)
          instanceof EpochChain.Step.Into(EpochChain.Beginning next))) {
        return Optional.empty();
      }
      at = next;
    }
    Electorate electorate = new Electorate(at.config(), signatures);
    long epoch = at.config().epoch();
    int member = seatOf(at.config());
    boolean again = known.epoch() == epoch;
    if (member < 0
        || known.epoch() > epoch
        || (again && !known.configHash().equals(electorate.configHash()))
        || (!again && !kept(known.entered(epoch, electorate.configHash())))) {
      return Optional.empty();
    }
    Grounds.Parent anchor = new Grounds.Parent(at.anchor(), at.anchorHeight(), false);
    return Optional.of(new Seat(electorate, member, anchor));
  }

  private int seatOf(EpochConfig config) {
    for (int i = 0; i < config.n(); i++) {
      if (config.members().get(i).votingKey().equals(votingKey())) {
        return i;
      }
    }
    return -1;
  }

  /** Writes where the voter stands from now on; only then it may sign what brought it there. */
  private boolean kept(VoterRecord next) {
    boolean safe = log.append(next.encode());
    last = safe ? Optional.of(next) : Optional.empty();
    return safe;
  }

  private Signed signed(VoterRecord next, Bytes statement) {
    return kept(next) ? new Signed.Yes(key.sign(statement)) : new Signed.No(UNAVAILABLE);
  }

  private Optional<String> inactive() {
    if (retired) {
      return Optional.of(WRONG_STATE);
    }
    if (last.isEmpty()) {
      return Optional.of(UNAVAILABLE);
    }
    return seat.isEmpty() ? Optional.of(NOT_JOINED) : Optional.empty();
  }

  private static boolean belongs(Seat in, BlockHeader header) {
    EpochConfig config = in.electorate().config();
    return header.chainId().equals(config.chainId())
        && header.epoch() == config.epoch()
        && header.view() >= 1
        && header.proposer() == in.electorate().leader(header.view());
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    Optional<String> inactive = inactive();
    if (inactive.isPresent()) {
      return new Signed.No(inactive.get());
    }
    Seat in = seat.orElseThrow();
    VoterRecord at = last.orElseThrow();
    if (!belongs(in, header) || header.proposer() != in.member()) {
      return new Signed.No(Grounds.CONFLICT);
    }
    if (header.view() < at.view() || header.view() <= at.proposed()) {
      return new Signed.No(STALE);
    }
    return switch (found(in, header, justification)) {
      case Grounds.Found.Nothing(String status) -> new Signed.No(status);
      case Grounds.Found.Upon(Grounds.Parent parent, Optional<QuorumCertificate> shown) ->
          signed(
              at.proposedIn(header.view(), shown),
              Statements.proposal(in.electorate().configHash(), header, header.hash()));
    };
  }

  private Grounds.Found found(Seat in, BlockHeader header, Justification justification) {
    Hash hash = header.hash();
    Optional<Looked> before =
        looked.filter(
            it -> it.blockHash().equals(hash) && it.justification().equals(justification));
    if (before.isEmpty()) {
      before =
          Optional.of(
              new Looked(
                  hash,
                  justification,
                  grounds.find(in.electorate(), in.anchor(), header, justification)));
      looked = before;
    }
    return before.get().found();
  }

  @Override
  public boolean isJustified(BlockHeader header, Justification justification) {
    return inactive().isEmpty()
        && belongs(seat.orElseThrow(), header)
        && found(seat.orElseThrow(), header, justification) instanceof Grounds.Found.Upon;
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    Optional<String> inactive = inactive();
    if (inactive.isPresent()) {
      return new Signed.No(inactive.get());
    }
    if (!belongs(seat.orElseThrow(), header)) {
      return new Signed.No(Grounds.CONFLICT);
    }
    return phase == 1 ? prepare(header, proposal, justification) : commit(header, justification);
  }

  private Signed prepare(BlockHeader header, Bytes proposal, Justification justification) {
    Seat in = seat.orElseThrow();
    VoterRecord at = last.orElseThrow();
    if (!grounds.mayPrepare(header, at.view(), at.prepared())) {
      return new Signed.No(STALE);
    }
    if (!in.electorate().proposed(header, header.hash(), proposal)) {
      return new Signed.No(Grounds.BAD_QUORUM);
    }
    return switch (found(in, header, justification)) {
      case Grounds.Found.Nothing(String status) -> new Signed.No(status);
      case Grounds.Found.Upon(Grounds.Parent parent, Optional<QuorumCertificate> shown) ->
          signed(at.preparedIn(header.view(), shown), statement(in, 1, header));
    };
  }

  private Signed commit(BlockHeader header, Justification justification) {
    Seat in = seat.orElseThrow();
    VoterRecord at = last.orElseThrow();
    if (!(justification instanceof Justification.Certified(QuorumCertificate prepared))
        || !prepared.isFor(header, header.hash())) {
      return new Signed.No(Grounds.CONFLICT);
    }
    if (!grounds.mayCommit(prepared, at.view())) {
      return new Signed.No(STALE);
    }
    return grounds.isCertified(in.electorate(), prepared)
        ? signed(at.committed(prepared), statement(in, 2, header))
        : new Signed.No(Grounds.BAD_QUORUM);
  }

  private static Bytes statement(Seat in, int phase, BlockHeader header) {
    return Statements.vote(
        in.electorate().configHash(),
        phase,
        header.epoch(),
        header.view(),
        header.height(),
        header.hash(),
        header.lastInEpoch());
  }

  @Override
  public Moved newView(long view) {
    Optional<String> inactive = inactive();
    if (inactive.isPresent()) {
      return new Moved.No(inactive.get());
    }
    Seat in = seat.orElseThrow();
    VoterRecord at = last.orElseThrow();
    if (view <= at.view()) {
      return new Moved.No(STALE);
    }
    if (!kept(at.movedTo(view))) {
      return new Moved.No(UNAVAILABLE);
    }
    Grounds.Parent tip = at.highest().map(Grounds.Parent::of).orElse(in.anchor());
    NewView unsigned =
        new NewView(
            in.member(), view, at.highestView(), tip.height(), tip.hash(), tip.last(), Bytes.EMPTY);
    Bytes signature =
        key.sign(
            Statements.newView(
                in.electorate().configHash(), in.electorate().config().epoch(), unsigned));
    return new Moved.Yes(unsigned.signed(signature));
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return seat.isEmpty() ? Optional.empty() : last.flatMap(VoterRecord::highest);
  }

  @Override
  public boolean remembers(Kind kind, long view) {
    boolean knows =
        retired
            || seat.isEmpty()
            || last.isEmpty()
            || view
                <= switch (kind) {
                  case PREPARE -> last.get().prepared();
                  case COMMIT -> last.get().highestView();
                  case NEW_VIEW -> last.get().view();
                };
    retired |= !knows;
    return knows;
  }

  /** Where a member of BFT-2P stood is on its ledger and in its log; nobody believes its word. */
  @Override
  public Resumed resume(Basis basis) {
    return new Resumed.No(WRONG_STATE);
  }

  @Override
  public void retire() {
    retired = true;
  }
}
