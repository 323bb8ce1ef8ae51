package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.Es256;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * Calls to one instance of the enclave and to the model of its checker. The instance has a seat in
 * a consortium whose other keys the test holds; what the instance signs is kept and shown to it
 * again. Most arguments follow the protocol; about a quarter is spoiled in one place.
 */
final class RandomCalls {
  /** An operation of the checker. */
  enum Kind {
    ENTER_EPOCH,
    PROPOSE,
    VOTE,
    NEW_VIEW,
    RETIRE
  }

  private static final String OK = "OK";
  private static final int CALLS_AFTER_THE_END = 25;
  private static final long LARGEST = 1L << 62;

  /** A consortium in one epoch; seat is -1 if the instance has none. */
  private record Epoch(SampleConsortium members, int seat) {
    EpochConfig config() {
      return members.config();
    }
  }

  /** Signs as the enclave would, were its key here: remembers what was to be signed. */
  private static final class Recorder implements SampleSigner {
    private final Bytes key;
    private Bytes statement = Bytes.EMPTY;

    Recorder(Bytes key) {
      this.key = key;
    }

    @Override
    public Bytes publicKey() {
      return key;
    }

    @Override
    public Bytes sign(Bytes message) {
      statement = message;
      return Bytes.wrap(new byte[QuorumCertificate.SIGNATURE_LENGTH]);
    }
  }

  private final SplittableRandom random;
  private final EnclaveProcess process;
  private final EnclaveClient client;
  private final TeeVoter enclave;
  private final Recorder recorder;
  private final ModelVoter model;
  private final Es256 key;

  private Epoch here;
  private Epoch next;
  private final List<EpochProof> entered = new ArrayList<>();
  private final Map<Hash, Bytes> ownProposals = new HashMap<>();
  private final Map<Hash, Bytes> ownVotes = new HashMap<>();
  private final Map<Long, NewView> ownReports = new HashMap<>();
  private final List<BlockHeader> proposed = new ArrayList<>();
  private final List<BlockHeader> voted = new ArrayList<>();
  private int callsAfterTheEnd;

  RandomCalls(EnclaveProcess process, long seed) {
    this.random = new SplittableRandom(seed);
    this.process = process;
    this.client = new EnclaveClient(process);
    this.enclave = new TeeVoter(process);
    this.recorder = new Recorder(client.info().votingKey());
    this.model = new ModelVoter(SampleSigner.Scheme.ES256, recorder);
    this.key = new Es256(recorder.publicKey());
    this.here = epoch(1);
    this.next = epoch(2);
  }

  /** Whether nothing but refusals can follow. */
  boolean areOver() {
    return callsAfterTheEnd > CALLS_AFTER_THE_END;
  }

  Kind choose() {
    ModelVoter.State state = model.standing().state();
    if (state == ModelVoter.State.RETIRED || state == ModelVoter.State.HALTED) {
      callsAfterTheEnd++;
      // Few lives end halted, and only there is RETIRE refused: asked often, or it is never seen.
      return random.nextInt(state == ModelVoter.State.HALTED ? 4 : 15) == 0
          ? Kind.RETIRE
          : Kind.values()[random.nextInt(Kind.values().length - 1)];
    }
    if (state == ModelVoter.State.NEW || state == ModelVoter.State.FOLLOWER) {
      return random.nextInt(3) == 0
          ? Kind.ENTER_EPOCH
          : Kind.values()[random.nextInt(Kind.values().length - 1)];
    }
    int dice = random.nextInt(1000);
    if (dice < 40) {
      return Kind.ENTER_EPOCH;
    }
    if (dice < 41) {
      return Kind.RETIRE;
    }
    return dice < 450 ? Kind.PROPOSE : dice < 850 ? Kind.VOTE : Kind.NEW_VIEW;
  }

  /** One call to both; the name of the status on which they agreed. */
  String askBoth(Kind kind) {
    String answer =
        switch (kind) {
          case ENTER_EPOCH -> enterEpoch();
          case PROPOSE -> propose();
          case VOTE -> vote();
          case NEW_VIEW -> newView();
          case RETIRE -> retire();
        };
    assertSameStanding();
    return answer;
  }

  private void assertSameStanding() {
    EnclaveInfo info = client.info();
    assertEquals(
        model.standing(),
        new ModelVoter.Standing(
            ModelVoter.State.valueOf(info.state().name()),
            info.epoch(),
            info.memberIndex(),
            info.view(),
            info.proposedView(),
            info.votedView(),
            info.votedHeight(),
            info.votedHash(),
            info.votedLast()));
  }

  // ---- the four operations and the end --------------------------------------------------------

  private String propose() {
    long view = viewNear(Math.max(model.v(), model.prop()));
    if (random.nextInt(10) > 0) {
      view = ledByTheInstance(view);
    }
    Planned plan =
        switch (view == 1 ? random.nextInt(3) : 1 + random.nextInt(2)) {
          case 0 -> new Planned(new Justification.Anchor(), header(view, anchor()));
          case 1 -> afterCertificate(view);
          default -> afterReports(view);
        };
    Justification justification =
        isSpoiled() ? spoiled(plan.justification()) : plan.justification();
    BlockHeader header = isSpoiled() ? spoiled(plan.header()) : plan.header();
    String answer =
        same(enclave.propose(header, justification), model.propose(header, justification))
            .map(signature -> kept(ownProposals, proposed, header, signature))
            .orElse("");
    return answer.isEmpty() ? lastStatus : answer;
  }

  private String vote() {
    BlockHeader header =
        !proposed.isEmpty() && random.nextInt(3) == 0
            ? proposed.get(proposed.size() - 1)
            : header(viewNear(model.v()), tip(random.nextLong(8)));
    BlockHeader shown = isSpoiled() ? spoiled(header) : header;
    Bytes proposal = proposal(shown);
    String answer =
        same(
                enclave.vote(1, shown, proposal, new Justification.Anchor()),
                model.vote(1, shown, proposal, new Justification.Anchor()))
            .map(signature -> kept(ownVotes, voted, shown, signature))
            .orElse("");
    return answer.isEmpty() ? lastStatus : answer;
  }

  private String newView() {
    long view = viewNear(model.v());
    Voter.Moved one = enclave.newView(view);
    Voter.Moved other = model.newView(view);
    if (one instanceof Voter.Moved.Yes(NewView report)
        && other instanceof Voter.Moved.Yes(NewView expected)) {
      assertEquals(unsigned(expected), unsigned(report));
      assertSigned(report.signature());
      ownReports.put(view, report);
      return OK;
    }
    assertEquals(other, one);
    return other instanceof Voter.Moved.No(String status) ? status : OK;
  }

  private String retire() {
    String answer = OK;
    try {
      enclave.retire();
    } catch (EnclaveRefusal refusal) {
      answer = EnclaveStatus.of(refusal.status()).name();
    }
    assertEquals(model.standing().state() == ModelVoter.State.HALTED ? "E_STATE" : OK, answer);
    model.retire();
    return answer;
  }

  private String enterEpoch() {
    List<EpochProof> chain = isSpoiled() ? spoiled(chain()) : chain();
    String answer;
    if (random.nextInt(4) == 0) {
      boolean seated = enclave.enterEpoch(chain);
      assertEquals(model.enterEpoch(chain), seated);
      answer = seated ? OK : "NO_SEAT";
    } else {
      answer = OK;
      try {
        process.callOnce(Operation.ENTER_EPOCH, TeeVoter.request(chain), 16);
      } catch (EnclaveRefusal refusal) {
        answer = EnclaveStatus.of(refusal.status()).name();
      }
      assertEquals(model.enter(SampleEntries.CHAIN, chain), answer);
    }
    settle(chain);
    return answer;
  }

  private String lastStatus = OK;

  /** The enclave's signature if both signed the same. */
  private Optional<Bytes> same(Voter.Signed one, Voter.Signed other) {
    if (one instanceof Voter.Signed.Yes(Bytes signature) && other instanceof Voter.Signed.Yes) {
      assertSigned(signature);
      return Optional.of(signature);
    }
    assertEquals(other, one);
    lastStatus = other instanceof Voter.Signed.No(String status) ? status : OK;
    return Optional.empty();
  }

  private void assertSigned(Bytes signature) {
    assertTrue(
        key.verifies(recorder.statement, signature),
        "Expected a signature over the statement of the model, but it is over something else");
  }

  private static String kept(
      Map<Hash, Bytes> signatures, List<BlockHeader> order, BlockHeader header, Bytes signature) {
    signatures.put(header.hash(), signature);
    order.add(header);
    return OK;
  }

  private static NewView unsigned(NewView report) {
    return signedWith(report, Bytes.EMPTY);
  }

  // ---- epochs ---------------------------------------------------------------------------------

  private Epoch epoch(long number) {
    int n = 1 + random.nextInt(6);
    EpochConfig.Mode mode =
        n >= EpochConfig.Mode.BFT_2P.leastMembers() && random.nextBoolean()
            ? EpochConfig.Mode.BFT_2P
            : EpochConfig.Mode.TEE_1P;
    int seat = random.nextInt(20) == 0 ? -1 : random.nextInt(n);
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      keys.add(
          i == seat
              ? recorder.publicKey()
              : SampleSigner.Scheme.ES256.signer(SampleConsortium.votingKeyName(i)).publicKey());
    }
    return new Epoch(
        new SampleConsortium(SampleSigner.Scheme.ES256, n, 1 + random.nextInt(3), keys, number)
            .in(mode),
        seat);
  }

  /** From genesis, or the epochs that are missing, usually one. */
  private List<EpochProof> chain() {
    List<EpochProof> chain = new ArrayList<>();
    if (entered.isEmpty()) {
      chain.add(EpochProof.genesis(here.config()));
      if (random.nextInt(3) == 0) {
        chain.add(proofOfNext());
      }
    } else {
      chain.add(proofOfNext());
    }
    if (random.nextInt(8) == 0) {
      chain.addAll(0, entered);
    }
    return chain;
  }

  /** The last block of this epoch, certified, before the next configuration. */
  private EpochProof proofOfNext() {
    BlockHeader end =
        voted.stream()
            .filter(header -> header.entryCount() > 0)
            .filter(header -> header.nextConfigHash().equals(next.config().hash()))
            .findAny()
            .orElseGet(() -> ending(header(1 + random.nextInt(9), tip(random.nextLong(8)))));
    EpochProof proof = new EpochProof.Ended(next.config(), List.of(end), certificate(end));
    return random.nextInt(4) == 0 ? suffixed(proof) : proof;
  }

  /** What both now stand on, if the call succeeded. */
  private void settle(List<EpochProof> chain) {
    long now = model.standing().epoch();
    long before = entered.isEmpty() ? 0 : entered.get(entered.size() - 1).config().epoch();
    if (now == before) {
      return;
    }
    for (EpochProof proof : chain) {
      if (proof.config().epoch() > before) {
        entered.add(proof);
      }
    }
    if (now == next.config().epoch()) {
      here = next;
      next = epoch(now + 1);
    }
    ownProposals.clear();
    ownVotes.clear();
    ownReports.clear();
    proposed.clear();
    voted.clear();
  }

  // ---- headers and justifications that follow the protocol -------------------------------------

  private record Tip(Hash hash, long height, boolean last) {}

  private record Planned(Justification justification, BlockHeader header) {}

  private Tip anchor() {
    if (entered.isEmpty()) {
      return new Tip(here.config().hash(), 0, false);
    }
    EpochProof proof = entered.get(entered.size() - 1);
    if (proof instanceof EpochProof.Ended ended) {
      BlockHeader end = ended.headers().getFirst();
      return new Tip(end.hash(), end.height(), false);
    }
    return new Tip(proof.config().hash(), 0, false);
  }

  /** The one block of a view that the others may have voted for; the anchor before the first. */
  private Tip tip(long view) {
    if (view == 0) {
      return anchor();
    }
    for (BlockHeader own : voted) {
      if (own.view() == view) {
        return new Tip(own.hash(), own.height(), own.lastInEpoch());
      }
    }
    return new Tip(SampleEntries.hashOf("block of view " + view), view + 1, view % 7 == 0);
  }

  private BlockHeader header(long view, Tip parent) {
    BlockHeader header =
        new BlockHeader(
            SampleEntries.CHAIN,
            here.config().epoch(),
            view,
            parent.height() + 1,
            parent.hash(),
            SampleEntries.hashOf("entries " + random.nextInt(3)),
            StateTree.EMPTY,
            1_790_000_000_000L,
            here.config().leader(Math.max(0, view)),
            false,
            Hash.ZERO,
            random.nextInt(3),
            0);
    if (parent.last() && random.nextInt(4) > 0) {
      return new Change(ending(header)).entries(0).done();
    }
    return random.nextInt(12) == 0 ? ending(header) : header;
  }

  private BlockHeader ending(BlockHeader header) {
    return new Change(header).last(true).nextConfig(next.config().hash()).entries(1).done();
  }

  private long viewNear(long base) {
    return switch (random.nextInt(400)) {
      case 0, 1, 2 -> 0;
      case 3 -> LARGEST; // nothing but refusals follows in this epoch
      case 4, 5, 6 -> LARGEST + 1;
      case 7, 8, 9 -> -1;
      case 10, 11, 12, 13 -> 1;
      default -> Math.max(1, Math.min(base, LARGEST - 40) + random.nextInt(-1, 5));
    };
  }

  private long ledByTheInstance(long from) {
    if (here.seat() < 0 || from < 0 || from > LARGEST - 40) {
      return from;
    }
    long view = from;
    while (here.config().leader(view) != here.seat()) {
      view++;
    }
    return view;
  }

  private Planned afterCertificate(long view) {
    BlockHeader parent =
        voted.stream()
            .filter(header -> header.view() == view - 1)
            .findAny()
            .orElseGet(() -> header(view - 1, tip(random.nextLong(8))));
    Tip tip = new Tip(parent.hash(), parent.height(), parent.lastInEpoch());
    return new Planned(new Justification.Certified(certificate(parent)), header(view, tip));
  }

  /** Votes of a random quorum; without the instance's own if it has not voted for that. */
  private QuorumCertificate certificate(BlockHeader header) {
    int[] signers = some(ownVotes.containsKey(header.hash()));
    QuorumCertificate certificate = here.members().finality(header, signers);
    List<Bytes> signatures = new ArrayList<>(certificate.signatures());
    for (int i = 0; i < signers.length; i++) {
      if (signers[i] == here.seat() && ownVotes.containsKey(header.hash())) {
        signatures.set(i, ownVotes.get(header.hash()));
      }
    }
    return new Certificate(certificate).signatures(signatures).done();
  }

  private Planned afterReports(long view) {
    List<NewView> reports = new ArrayList<>();
    for (int member : some(ownReports.containsKey(view))) {
      if (member == here.seat() && ownReports.containsKey(view)) {
        reports.add(ownReports.get(view));
      } else {
        Tip tip;
        long votedView = view <= 0 ? 0 : random.nextLong(Math.min(view, 12));
        tip = random.nextInt(60) == 0 ? otherTip(votedView) : tip(votedView);
        reports.add(
            here.members().report(member, view, votedView, tip.height(), tip.hash(), tip.last()));
      }
    }
    NewView best = null;
    for (NewView report : reports) {
      best = best == null || report.votedView() > best.votedView() ? report : best;
    }
    Tip parent =
        best == null ? anchor() : new Tip(best.votedHash(), best.votedHeight(), best.votedLast());
    return new Planned(new Justification.NewViews(reports), header(view, parent));
  }

  /** What only a broken checker could have voted for. */
  private Tip otherTip(long view) {
    Tip tip = tip(view);
    return switch (random.nextInt(3)) {
      case 0 -> new Tip(SampleEntries.hashOf("another block"), tip.height(), tip.last());
      case 1 -> new Tip(tip.hash(), tip.height() + 1, tip.last());
      default -> new Tip(tip.hash(), tip.height(), !tip.last());
    };
  }

  /** Ascending members, usually a quorum. */
  private int[] some(boolean withTheInstance) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < here.config().n(); i++) {
      if (i != here.seat() || withTheInstance || random.nextInt(10) == 0) {
        members.add(i);
      }
    }
    int wanted =
        random.nextInt(10) == 0 ? random.nextInt(members.size() + 1) : here.config().quorum();
    while (members.size() > wanted) {
      int dropped = random.nextInt(members.size());
      members.subList(dropped, dropped + 1).clear();
    }
    return members.stream().mapToInt(Integer::intValue).toArray();
  }

  private Bytes proposal(BlockHeader header) {
    if (random.nextInt(12) == 0) {
      return spoiled(here.members().proposal(random.nextInt(3), header));
    }
    Bytes own = ownProposals.get(header.hash());
    return own != null ? own : here.members().proposal(header.proposer(), header);
  }

  // ---- spoiling -------------------------------------------------------------------------------

  private boolean isSpoiled() {
    return random.nextInt(8) == 0;
  }

  private long spoiled(long number) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> LARGEST;
      case 2 -> LARGEST + 1;
      case 3 -> -1;
      case 4 -> number - 1;
      default -> number + 1;
    };
  }

  private Bytes spoiled(Bytes signature) {
    byte[] bytes = signature.toArray();
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> java.util.Arrays.fill(bytes, (byte) 0);
      case 2 -> java.util.Arrays.fill(bytes, 0, 32, (byte) 0xff);
      default -> {
        return signature;
      }
    }
    return Bytes.wrap(bytes);
  }

  private BlockHeader spoiled(BlockHeader header) {
    Change change = new Change(header);
    switch (random.nextInt(11)) {
      case 0 -> change.chainId(SampleEntries.hashOf("another chain"));
      case 1 -> change.epoch(spoiled(header.epoch()));
      case 2 -> change.view(spoiled(header.view()));
      case 3 -> change.height(spoiled(header.height()));
      case 4 -> change.parent(SampleEntries.hashOf("another parent"));
      case 5 -> change.proposer(random.nextInt(7));
      case 6 -> change.last(!header.lastInEpoch());
      case 7 -> change.nextConfig(SampleEntries.hashOf("another configuration"));
      case 8 -> change.timeMs(spoiled(header.timeMs()));
      case 9 -> change.entries(header.entryCount() == 0 ? 1 : 0);
      default -> change.last(true).nextConfig(Hash.ZERO);
    }
    return change.done();
  }

  private Justification spoiled(Justification justification) {
    return switch (justification) {
      case Justification.Anchor() -> afterReports(1).justification();
      case Justification.Certified(QuorumCertificate certificate) ->
          random.nextInt(12) == 0
              ? new Justification.Anchor()
              : new Justification.Certified(spoiled(certificate));
      case Justification.NewViews(List<NewView> reports) ->
          reports.isEmpty()
              ? new Justification.Anchor()
              : new Justification.NewViews(spoiledReports(reports));
      case Justification.Reported reported -> reported; // of BFT-2P: E_PARAM as it stands
    };
  }

  private QuorumCertificate spoiled(QuorumCertificate certificate) {
    Certificate change = new Certificate(certificate);
    List<Bytes> signatures = new ArrayList<>(certificate.signatures());
    switch (random.nextInt(9)) {
      case 0 -> change.epoch(spoiled(certificate.epoch()));
      case 1 -> change.view(spoiled(certificate.view()));
      case 2 -> change.height(spoiled(certificate.height()));
      case 3 -> change.blockHash(SampleEntries.hashOf("another block"));
      case 4 -> change.last(!certificate.lastInEpoch());
      case 5 -> change.phase(random.nextInt(4));
      case 6 -> change.signers(Long.rotateLeft(certificate.signers(), 1 + random.nextInt(63)));
      case 7 -> {
        if (!signatures.isEmpty()) {
          signatures.set(0, signatures.get(signatures.size() - 1));
        }
      }
      default -> {
        if (!signatures.isEmpty()) {
          int at = random.nextInt(signatures.size());
          signatures.set(at, spoiled(signatures.get(at)));
        }
      }
    }
    return change.signatures(signatures).done();
  }

  private List<NewView> spoiledReports(List<NewView> reports) {
    List<NewView> changed = new ArrayList<>(reports);
    int at = random.nextInt(changed.size());
    NewView report = changed.get(at);
    switch (random.nextInt(8)) {
      case 0 -> changed.add(at, report);
      case 1 -> Collections.reverse(changed);
      case 2 -> changed.remove(at);
      case 3 -> changed.set(at, signedWith(report, spoiled(report.signature())));
      case 4 -> changed.set(at, renumbered(report, random.nextInt(9), report.votedView()));
      case 5 -> changed.set(at, renumbered(report, report.member(), spoiled(report.votedView())));
      case 6 ->
          changed.set(
              at,
              here.members()
                  .report(
                      report.member(),
                      spoiled(report.newView()),
                      report.votedView(),
                      report.votedHeight(),
                      report.votedHash()));
      default ->
          changed.set(
              at,
              here.members()
                  .report(
                      report.member(),
                      report.newView(),
                      report.newView(),
                      report.votedHeight(),
                      report.votedHash()));
    }
    return changed;
  }

  private static NewView signedWith(NewView report, Bytes signature) {
    return new NewView(
        report.member(),
        report.newView(),
        report.votedView(),
        report.votedHeight(),
        report.votedHash(),
        report.votedLast(),
        signature);
  }

  private static NewView renumbered(NewView report, int member, long votedView) {
    return new NewView(
        member,
        report.newView(),
        votedView,
        report.votedHeight(),
        report.votedHash(),
        report.votedLast(),
        report.signature());
  }

  private List<EpochProof> spoiled(List<EpochProof> chain) {
    List<EpochProof> changed = new ArrayList<>(chain);
    int at = random.nextInt(changed.size());
    EpochProof proof = changed.get(at);
    switch (random.nextInt(9)) {
      case 0 -> changed.remove(at);
      case 1 -> changed.add(at, proof);
      case 2 -> changed.addAll(entered);
      case 3 -> changed.set(at, new EpochProof.Genesis(proof.config()));
      case 4 -> changed.set(at, suffixed(proof));
      case 5 ->
          changed.set(
              at,
              ended(
                  proof,
                  it -> new EpochProof.Ended(it.config(), spoiledOne(it), it.certificate())));
      case 6 -> changed.set(at, resigned(proof));
      case 7 -> changed.set(at, reconfigured(proof));
      default ->
          changed.set(
              at,
              ended(
                  proof,
                  it ->
                      new EpochProof.Ended(it.config(), it.headers(), spoiled(it.certificate()))));
    }
    return changed;
  }

  private static EpochProof ended(EpochProof proof, UnaryOperator<EpochProof.Ended> change) {
    return proof instanceof EpochProof.Ended ended ? change.apply(ended) : proof;
  }

  private List<BlockHeader> spoiledOne(EpochProof.Ended proof) {
    List<BlockHeader> headers = new ArrayList<>(proof.headers());
    int at = random.nextInt(headers.size());
    headers.set(at, spoiled(headers.get(at)));
    return headers;
  }

  /** The same end, proven by the votes for an empty block upon it, which may be spoiled. */
  private EpochProof suffixed(EpochProof proof) {
    return ended(
        proof,
        it -> {
          BlockHeader end = it.headers().getFirst();
          BlockHeader above = suffixOf(end);
          BlockHeader last = random.nextInt(3) == 0 ? spoiled(above) : above;
          return new EpochProof.Ended(it.config(), List.of(end, last), certificate(last));
        });
  }

  private BlockHeader suffixOf(BlockHeader end) {
    return new BlockHeader(
        end.chainId(),
        end.epoch(),
        end.view() + 1 + random.nextInt(3),
        end.height() + 1,
        end.hash(),
        end.entriesRoot(),
        end.stateRoot(),
        end.timeMs(),
        end.proposer(),
        true,
        end.nextConfigHash(),
        0,
        0);
  }

  /** A header that the others certified but that contradicts the rules of an epoch's end. */
  private EpochProof resigned(EpochProof proof) {
    return ended(
        proof,
        it -> {
          BlockHeader header = spoiled(it.headers().getFirst());
          return new EpochProof.Ended(it.config(), List.of(header), certificate(header));
        });
  }

  private EpochProof reconfigured(EpochProof proof) {
    EpochConfig config = proof.config();
    EpochConfig other =
        new EpochConfig(
            random.nextInt(3) == 0 ? SampleEntries.hashOf("another chain") : config.chainId(),
            random.nextInt(3) == 0 ? config.epoch() + 1 : config.epoch(),
            random.nextInt(3) == 0 && config.n() >= EpochConfig.Mode.BFT_2P.leastMembers()
                ? EpochConfig.Mode.BFT_2P
                : config.mode(),
            random.nextInt(3) == 0 ? Suite.SM2_SM3 : config.suite(),
            config.slotK() + 1,
            config.timeoutMs(),
            config.maxTimeoutMs(),
            config.maxBlockEntries(),
            config.maxBlockBytes(),
            config.minimumTier(),
            config.maxEvidenceAge(),
            config.members(),
            config.measurements());
    // A genesis of one's own would be another consortium, which this test does not follow.
    return config.epoch() == 1 && other.epoch() == 1 ? proof : withConfig(proof, other);
  }

  private static EpochProof withConfig(EpochProof proof, EpochConfig config) {
    return ended(proof, it -> new EpochProof.Ended(config, it.headers(), it.certificate()));
  }

  // ---- records with one part changed ------------------------------------------------------------

  /** A header being changed. */
  private static final class Change {
    private final BlockHeader from;
    private Hash chainId;
    private long epoch;
    private long view;
    private long height;
    private Hash parent;
    private long timeMs;
    private int proposer;
    private boolean last;
    private Hash nextConfig;
    private int entries;

    Change(BlockHeader from) {
      this.from = from;
      this.chainId = from.chainId();
      this.epoch = from.epoch();
      this.view = from.view();
      this.height = from.height();
      this.parent = from.parentHash();
      this.timeMs = from.timeMs();
      this.proposer = from.proposer();
      this.last = from.lastInEpoch();
      this.nextConfig = from.nextConfigHash();
      this.entries = from.entryCount();
    }

    Change chainId(Hash value) {
      chainId = value;
      return this;
    }

    Change epoch(long value) {
      epoch = value;
      return this;
    }

    Change view(long value) {
      view = value;
      return this;
    }

    Change height(long value) {
      height = value;
      return this;
    }

    Change parent(Hash value) {
      parent = value;
      return this;
    }

    Change timeMs(long value) {
      timeMs = value;
      return this;
    }

    Change proposer(int value) {
      proposer = value;
      return this;
    }

    Change last(boolean value) {
      last = value;
      return this;
    }

    Change nextConfig(Hash value) {
      nextConfig = value;
      return this;
    }

    Change entries(int value) {
      entries = value;
      return this;
    }

    BlockHeader done() {
      return new BlockHeader(
          chainId,
          epoch,
          view,
          height,
          parent,
          from.entriesRoot(),
          from.stateRoot(),
          timeMs,
          proposer,
          last,
          nextConfig,
          entries,
          from.entryBytes());
    }
  }

  /** A certificate being changed. */
  private static final class Certificate {
    private long epoch;
    private long view;
    private long height;
    private Hash blockHash;
    private boolean last;
    private int phase;
    private long signers;
    private List<Bytes> signatures;

    Certificate(QuorumCertificate from) {
      this.epoch = from.epoch();
      this.view = from.view();
      this.height = from.height();
      this.blockHash = from.blockHash();
      this.last = from.lastInEpoch();
      this.phase = from.phase();
      this.signers = from.signers();
      this.signatures = from.signatures();
    }

    void epoch(long value) {
      epoch = value;
    }

    void view(long value) {
      view = value;
    }

    void height(long value) {
      height = value;
    }

    void blockHash(Hash value) {
      blockHash = value;
    }

    void last(boolean value) {
      last = value;
    }

    void phase(int value) {
      phase = value;
    }

    void signers(long value) {
      signers = value;
    }

    Certificate signatures(List<Bytes> value) {
      signatures = value;
      return this;
    }

    QuorumCertificate done() {
      return new QuorumCertificate(
          epoch, view, height, blockHash, last, phase, signers, signatures);
    }
  }
}
