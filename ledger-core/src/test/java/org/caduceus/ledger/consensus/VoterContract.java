package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochProof;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Voter} must do, the enclave above all. The voter under test has seat 0 of three
 * in the chain {@code SampleEntries.CHAIN} with id {@code member-a}; the contract holds the keys of
 * the others. With one view per slot the leaders take turns.
 */
public interface VoterContract {

  /** A voter that has entered no epoch yet: the same object within one test. */
  Voter voter();

  /** The public key of that voter. */
  Bytes votingKey();

  /** How the voter and everybody else sign. */
  default SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.ES256;
  }

  /** The consortium in which the voter has seat 0. */
  default SampleConsortium consortium() {
    List<Bytes> keys = new ArrayList<>();
    keys.add(votingKey());
    for (int i = 1; i < 3; i++) {
      keys.add(scheme().signer(SampleConsortium.votingKeyName(i)).publicKey());
    }
    return new SampleConsortium(scheme(), 3, 1, keys);
  }

  private Voter entered() {
    assertTrue(voter().enterEpoch(List.of(EpochProof.genesis(consortium().config()))));
    return voter();
  }

  /** The first view from {@code from} on that the member leads. */
  private long viewLedBy(int member, long from) {
    long view = from;
    while (consortium().config().leader(view) != member) {
      view++;
    }
    return view;
  }

  private Block block(long view, long height, Hash parent) {
    return consortium().block(view, height, parent, List.of());
  }

  private Hash anchor() {
    return consortium().config().hash();
  }

  private static void refused(String status, Voter.Signed answer) {
    assertEquals(new Voter.Signed.No(status), answer);
  }

  private Voter.Signed vote(Voter voter, Block block) {
    return voter.vote(
        1, block.header(), consortium().candidate(block).proposal(), new Justification.Anchor());
  }

  /** Reports of members 1 and 2 for a view in which the voter leads. */
  private Justification reports(long view, long votedView, long height, Hash hash) {
    return new Justification.NewViews(
        List.of(
            consortium().report(1, view, votedView, height, hash),
            consortium().report(2, view, 0, 0, anchor())));
  }

  @Test
  default void signsNothingBeforeItEnteredAnEpoch() {
    Block block = block(viewLedBy(1, 1), 1, anchor());
    refused("E_STATE", vote(voter(), block));
    assertEquals(new Voter.Moved.No("E_STATE"), voter().newView(3));
  }

  @Test
  default void entersAnEpochOnceAndStaysInIt() {
    Voter voter = entered();
    assertInstanceOf(Voter.Moved.Yes.class, voter.newView(7));
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(consortium().config()))));
    assertEquals(
        new Voter.Moved.No("E_STALE_VIEW"),
        voter.newView(7),
        "entering again must not turn the view back");
  }

  @Test
  default void entersNoEpochOfAnotherSuite() {
    SampleSigner.Scheme other =
        scheme().suite() == Suite.ES256 ? SampleSigner.Scheme.SM2 : SampleSigner.Scheme.ES256;
    SampleConsortium others = new SampleConsortium(other, 3, 1);
    assertFalse(voter().enterEpoch(List.of(EpochProof.genesis(others.config()))));
    refused("E_STATE", vote(voter(), block(1, 1, anchor())));
    entered();
  }

  @Test
  default void hasNoVoteWhereItsKeyHasNoSeat() {
    SampleConsortium others = new SampleConsortium(scheme(), 3, 1);
    assertFalse(voter().enterEpoch(List.of(EpochProof.genesis(others.config()))));
    assertEquals(new Voter.Moved.No("E_NOT_JOINED"), voter().newView(3));
  }

  @Test
  @Tag("6.2b")
  default void votesOnceInAView() {
    Voter voter = entered();
    long view = viewLedBy(1, 1);
    Block block = block(view, 1, anchor());
    Voter.Signed.Yes yes = assertInstanceOf(Voter.Signed.Yes.class, vote(voter, block));
    assertTrue(
        new Electorate(consortium().config(), scheme().verifier())
            .voted(Vote.of(0, block.header(), block.hash(), yes.signature())));
    refused("E_STALE_VIEW", vote(voter, block));
    refused("E_STALE_VIEW", vote(voter, block(view, 2, block.hash())));
  }

  @Test
  @Tag("6.2b")
  default void neverVotesBelowAViewItLeft() {
    Voter voter = entered();
    long view = viewLedBy(1, 4);
    assertInstanceOf(Voter.Moved.Yes.class, voter.newView(view + 1));
    refused("E_STALE_VIEW", vote(voter, block(view, 1, anchor())));
    long later = viewLedBy(2, view + 1);
    assertInstanceOf(Voter.Signed.Yes.class, vote(voter, block(later, 1, anchor())));
  }

  @Test
  default void votesOnlyForTheLeadersProposal() {
    Voter voter = entered();
    Block block = block(viewLedBy(1, 1), 1, anchor());
    Bytes other = consortium().candidate(block(viewLedBy(2, 1), 1, anchor())).proposal();
    refused("E_QC", voter.vote(1, block.header(), other, new Justification.Anchor()));
    assertInstanceOf(Voter.Signed.Yes.class, vote(voter, block), "a refusal changes nothing");
  }

  @Test
  @Tag("6.2b")
  default void reportsItsLastVote() {
    Voter voter = entered();
    long view = viewLedBy(1, 1);
    Block block = block(view, 1, anchor());
    vote(voter, block);
    Voter.Moved.Yes moved = assertInstanceOf(Voter.Moved.Yes.class, voter.newView(view + 5));
    NewView report = moved.report();
    assertEquals(view + 5, report.newView());
    assertEquals(view, report.votedView());
    assertEquals(block.hash(), report.votedHash());
    assertEquals(1, report.votedHeight());
    assertEquals(0, report.member());
    assertTrue(new Electorate(consortium().config(), scheme().verifier()).reported(report));
  }

  @Test
  default void reportsTheAnchorBeforeItsFirstVote() {
    NewView report = assertInstanceOf(Voter.Moved.Yes.class, entered().newView(9)).report();
    assertEquals(0, report.votedView());
    assertEquals(0, report.votedHeight());
    assertEquals(anchor(), report.votedHash());
    assertFalse(report.votedLast());
  }

  @Test
  @Tag("6.2b")
  default void proposesOnceInAView() {
    Voter voter = entered();
    long view = viewLedBy(0, 2);
    Block parent = block(view - 1, 1, anchor());
    Justification justification =
        new Justification.Certified(consortium().certificate(parent, 1, 2));
    BlockHeader header = block(view, 2, parent.hash()).header();
    Voter.Signed.Yes yes =
        assertInstanceOf(Voter.Signed.Yes.class, voter.propose(header, justification));
    assertTrue(
        new Electorate(consortium().config(), scheme().verifier())
            .proposed(header, header.hash(), yes.signature()));
    refused("E_STALE_VIEW", voter.propose(header, justification));
  }

  @Test
  default void proposesOnlyWhereItLeads() {
    Voter voter = entered();
    long view = viewLedBy(1, 2);
    Block parent = block(view - 1, 1, anchor());
    refused(
        "E_CONFLICT",
        voter.propose(
            block(view, 2, parent.hash()).header(),
            new Justification.Certified(consortium().certificate(parent, 1, 2))));
  }

  @Test
  @Tag("6.2b")
  default void extendsTheCertifiedBlockOfTheViewBefore() {
    Voter voter = entered();
    long view = viewLedBy(0, 3);
    Block parent = block(view - 1, 1, anchor());
    Block older = block(view - 2, 1, anchor());
    Justification certified = new Justification.Certified(consortium().certificate(parent, 1, 2));
    refused("E_CONFLICT", voter.propose(block(view, 2, older.hash()).header(), certified));
    refused("E_CONFLICT", voter.propose(block(view, 3, parent.hash()).header(), certified));
    refused(
        "E_CONFLICT",
        voter.propose(
            block(view, 2, older.hash()).header(),
            new Justification.Certified(consortium().certificate(older, 1, 2))));
    assertInstanceOf(
        Voter.Signed.Yes.class, voter.propose(block(view, 2, parent.hash()).header(), certified));
  }

  @Test
  @Tag("6.2b")
  default void wantsVotesOfAQuorum() {
    Voter voter = entered();
    long view = viewLedBy(0, 2);
    Block parent = block(view - 1, 1, anchor());
    BlockHeader header = block(view, 2, parent.hash()).header();
    refused(
        "E_QC",
        voter.propose(header, new Justification.Certified(consortium().certificate(parent, 1))));
    QuorumCertificate good = consortium().certificate(parent, 1, 2);
    QuorumCertificate twice =
        new QuorumCertificate(
            1,
            good.view(),
            1,
            good.blockHash(),
            false,
            1,
            0b110,
            List.of(good.signatures().get(0), good.signatures().get(0)));
    refused("E_QC", voter.propose(header, new Justification.Certified(twice)));
    QuorumCertificate outsider =
        new QuorumCertificate(
            1, good.view(), 1, good.blockHash(), false, 1, 0b1010, good.signatures());
    refused("E_QC", voter.propose(header, new Justification.Certified(outsider)));
    assertInstanceOf(
        Voter.Signed.Yes.class, voter.propose(header, new Justification.Certified(good)));
  }

  @Test
  @Tag("6.2b")
  default void extendsTheHighestReportedVote() {
    Voter voter = entered();
    long view = viewLedBy(0, 5);
    Block reported = block(viewLedBy(1, 1), 1, anchor());
    Justification justification = reports(view, reported.header().view(), 1, reported.hash());
    refused("E_CONFLICT", voter.propose(block(view, 1, anchor()).header(), justification));
    assertInstanceOf(
        Voter.Signed.Yes.class,
        voter.propose(block(view, 2, reported.hash()).header(), justification));
  }

  @Test
  @Tag("6.2b")
  default void wantsReportsOfAQuorumForThisVeryView() {
    Voter voter = entered();
    long view = viewLedBy(0, 5);
    BlockHeader header = block(view, 1, anchor()).header();
    refused(
        "E_QC",
        voter.propose(
            header,
            new Justification.NewViews(List.of(consortium().report(1, view, 0, 0, anchor())))));
    refused("E_CONFLICT", voter.propose(header, reports(view + 1, 0, 0, anchor())));
    NewView one = consortium().report(1, view, 0, 0, anchor());
    NewView forged = new NewView(2, view, 0, 0, anchor(), false, one.signature());
    refused("E_QC", voter.propose(header, new Justification.NewViews(List.of(one, forged))));
    assertInstanceOf(
        Voter.Signed.No.class,
        voter.propose(header, new Justification.NewViews(List.of(one, one))),
        "one member's report counts once");
    assertInstanceOf(Voter.Signed.Yes.class, voter.propose(header, reports(view, 0, 0, anchor())));
  }

  @Test
  @Tag("6.2b")
  default void stopsForGoodWhenTwoReportsProveABrokenVoter() {
    Voter voter = entered();
    long view = viewLedBy(0, 5);
    Block one = block(viewLedBy(1, 1), 1, anchor());
    Hash two = Hash.sha256(new byte[] {2});
    Justification contradictory =
        new Justification.NewViews(
            List.of(
                consortium().report(1, view, one.header().view(), 1, one.hash()),
                consortium().report(2, view, one.header().view(), 1, two)));
    refused("E_CONFLICT", voter.propose(block(view, 2, one.hash()).header(), contradictory));
    assertEquals(new Voter.Moved.No("E_STATE"), voter.newView(view + 1));
  }

  @Test
  @Tag("6.1c")
  default void nothingExtendsTheLastBlockOfAnEpoch() {
    Voter voter = entered();
    long view = viewLedBy(0, 2);
    BlockHeader plain = block(view - 1, 1, anchor()).header();
    Block last =
        new Block(
            new BlockHeader(
                plain.chainId(),
                1,
                plain.view(),
                1,
                plain.parentHash(),
                MerkleTree.ofEntries(List.of()).root(),
                StateTree.EMPTY,
                plain.timeMs(),
                plain.proposer(),
                true,
                Hash.sha256(new byte[] {1}),
                0,
                0),
            List.of());
    refused(
        "E_CONFLICT",
        voter.propose(
            block(view, 2, last.hash()).header(),
            new Justification.Certified(consortium().certificate(last, 1, 2))));
  }

  @Test
  default void theAnchorIsForTheFirstViewOnly() {
    Voter voter = entered();
    long view = viewLedBy(0, 2);
    refused(
        "E_CONFLICT", voter.propose(block(view, 1, anchor()).header(), new Justification.Anchor()));
  }

  @Test
  default void aRetiredVoterSignsNothing() {
    Voter voter = entered();
    voter.retire();
    assertEquals(new Voter.Moved.No("E_STATE"), voter.newView(3));
  }
}
