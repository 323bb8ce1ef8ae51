package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.Es256;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.consent.Grant;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.receipt.Checkpoint;
import org.caduceus.ledger.receipt.StateProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members' real enclaves and a ledger of five, whose other three keys the test holds. */
class SharingTest {
  private static final int HOLDER = 0;
  private static final int GRANTEE = 1;
  private static final int[] QUORUM = {2, 3, 4};
  private static final Hash GRANT_ID = SampleEntries.hashOf("grant 1");
  private static final Bytes CONTEXT = text("entry 7");
  private static final Bytes RECORD = text("Ibuprofen 400 mg");
  private static final long NOW = 1_790_000_000_000L;

  @TempDir Path home;
  private SampleEnclave holderProcess;
  private SampleEnclave granteeProcess;
  private EnclaveClient holder;
  private EnclaveClient grantee;
  private EpochConfig config;
  private SampleConsortium members;

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void start() throws IOException {
    holderProcess = enclave(HOLDER);
    granteeProcess = enclave(GRANTEE);
    holder = new EnclaveClient(holderProcess.process());
    grantee = new EnclaveClient(granteeProcess.process());
    members = new SampleConsortium(SampleSigner.Scheme.ES256, 5, 4).with(infos());
    config = members.config();
    for (SampleEnclave each : List.of(holderProcess, granteeProcess)) {
      assertTrue(new TeeVoter(each.process()).enterEpoch(List.of(EpochProof.genesis(config))));
    }
  }

  private Map<Integer, EnclaveInfo> infos() {
    return Map.of(HOLDER, holder.info(), GRANTEE, grantee.info());
  }

  private SampleEnclave enclave(int member) throws IOException {
    Path folder = Files.createDirectory(home.resolve("m" + member));
    return SampleEnclave.start(folder, SampleEntries.CHAIN, SampleConsortium.id(member));
  }

  @AfterEach
  void end() throws IOException {
    holderProcess.close();
    granteeProcess.close();
  }

  private static Grant grant() {
    return new Grant(
        SampleConsortium.id(HOLDER),
        SampleConsortium.id(GRANTEE),
        Grant.subjectOf(CONTEXT),
        NOW - 1,
        NOW + 1,
        false,
        SampleEntries.hashOf("terms"));
  }

  /** What the ledger says in the block of this height. */
  private StateProof proof(Grant grant, long height) {
    Map<Bytes, Bytes> state =
        Map.of(Grant.key(GRANT_ID), grant.encode(), text("a"), text("1"), text("b"), text("2"));
    StateTree tree = StateTree.of(state);
    BlockHeader header =
        new BlockHeader(
            config.chainId(),
            1,
            height,
            height,
            SampleEntries.hashOf("parent"),
            SampleEntries.hashOf("entries"),
            tree.root(),
            NOW,
            config.leader(height),
            false,
            Hash.ZERO,
            0,
            0);
    QuorumCertificate certificate = members.certificate(header, QUORUM);
    StateProof proof =
        new StateProof(header, certificate, tree.path(Grant.key(GRANT_ID)), grant.encode());
    assertTrue(
        proof.proves(
            new Electorate(config, SampleSigner.Scheme.ES256.verifier()), Grant.key(GRANT_ID)));
    assertEquals(proof, StateProof.decode(proof.encode(), Grant.key(GRANT_ID)));
    return proof;
  }

  private static void assertRefused(EnclaveStatus expected, Runnable call) {
    EnclaveRefusal refusal = assertThrows(EnclaveRefusal.class, call::run);
    assertEquals(expected, EnclaveStatus.of(refusal.status()));
  }

  @Test
  void aGrantedRecordIsReadByTheGranteeUntilTheGrantIsWithdrawn() {
    Bytes sealed = holder.seal(CONTEXT, RECORD);
    Bytes evidence = grantee.evidence(SampleEntries.hashOf("nonce"));
    Bytes shared = holder.share(GRANT_ID, evidence, CONTEXT, sealed, proof(grant(), 5));
    assertEquals(RECORD, grantee.openShared(shared, CONTEXT, sealed, proof(grant(), 5)));

    StateProof withdrawn = proof(grant().withdraw(), 6);
    assertRefused(
        EnclaveStatus.E_NO_GRANT, () -> grantee.openShared(shared, CONTEXT, sealed, withdrawn));
    assertRefused(
        EnclaveStatus.E_ROLLBACK,
        () -> grantee.openShared(shared, CONTEXT, sealed, proof(grant(), 5)));
    assertRefused(
        EnclaveStatus.E_NO_GRANT,
        () -> holder.share(GRANT_ID, evidence, CONTEXT, sealed, withdrawn));
  }

  @Test
  void theHoldersOwnEvidenceIsNotTheGrantees() {
    Bytes sealed = holder.seal(CONTEXT, RECORD);
    Bytes own = holder.evidence(SampleEntries.hashOf("nonce"));
    assertRefused(
        EnclaveStatus.E_NO_GRANT,
        () -> holder.share(GRANT_ID, own, CONTEXT, sealed, proof(grant(), 5)));
  }

  @Test
  void aGrantIsReadBackAsItWasWritten() {
    assertEquals(grant(), Grant.decode(grant().encode()));
    assertEquals(grant().withdraw(), Grant.decode(grant().withdraw().encode()));
  }

  @Test
  void aCheckpointIsSignedOnceForEachHeight() {
    StateProof five = proof(grant(), 5);
    Checkpoint checkpoint = holder.checkpoint(five.header(), five.certificate());
    assertEquals(five.header().hash(), checkpoint.blockHash());
    assertEquals(five.header().stateRoot(), checkpoint.stateRoot());
    assertEquals(config.hash(), checkpoint.configHash());
    assertTrue(
        new Es256(holder.info().votingKey())
            .verifies(checkpoint.signedBytes(), checkpoint.signature()));
    StateProof other = proof(grant().withdraw(), 5);
    assertRefused(
        EnclaveStatus.E_CONFLICT, () -> holder.checkpoint(other.header(), other.certificate()));
    assertEquals(EnclaveInfo.State.HALTED, holder.info().state());
  }

  /** A statement of a seat of epoch 1 by this instance. */
  private void assertStates(int seat, EnclaveClient by, ResumeStatement statement) {
    assertEquals(config.hash(), statement.configHash());
    assertEquals(1, statement.epoch());
    assertEquals(seat, statement.member());
    assertEquals(config.members().get(seat).votingKey(), statement.formerKey());
    assertEquals(by.info().votingKey(), statement.votingKey());
    assertTrue(
        new Es256(statement.votingKey()).verifies(statement.signedBytes(), statement.signature()));
  }

  private static void assertStandsAt(BlockHeader header, ResumeStatement statement) {
    assertEquals(header.view(), statement.votedView());
    assertEquals(header.height(), statement.votedHeight());
    assertEquals(header.hash(), statement.votedHash());
    assertEquals(header.lastInEpoch(), statement.votedLast());
  }

  /** A block by one of the leaders whose keys the test holds. */
  private BlockHeader proposed(long fromView) {
    long view = fromView;
    while (config.leader(view) <= GRANTEE) {
      view++;
    }
    return members.block(view, 3, SampleEntries.hashOf("parent"), List.of()).header();
  }

  @Test
  void aSuccessorStatesWhereALostInstanceStood() throws IOException {
    BlockHeader earlier = proposed(1);
    BlockHeader later = proposed(earlier.view() + 1);
    Bytes proposal = members.proposal(config.leader(later.view()), later);
    assertRefused(EnclaveStatus.E_STATE, () -> holder.resume(later, proposal));
    holderProcess.close();
    holderProcess =
        SampleEnclave.start(
            home.resolve("m" + HOLDER), SampleEntries.CHAIN, SampleConsortium.id(HOLDER));
    holder = new EnclaveClient(holderProcess.process());
    new TeeVoter(holderProcess.process()).enterEpoch(List.of(EpochProof.genesis(config)));

    ResumeStatement atTheAnchor = holder.resume();
    assertStates(HOLDER, holder, atTheAnchor);
    assertEquals(0, atTheAnchor.votedView());
    assertEquals(config.hash(), atTheAnchor.votedHash());
    ResumeStatement byCertificate = holder.resume(members.certificate(earlier, QUORUM));
    assertStates(HOLDER, holder, byCertificate);
    assertStandsAt(earlier, byCertificate);
    ResumeStatement byProposal = holder.resume(later, proposal);
    assertStates(HOLDER, holder, byProposal);
    assertStandsAt(later, byProposal);
    assertRefused(EnclaveStatus.E_ROLLBACK, holder::resume);
    assertRefused(
        EnclaveStatus.E_QC,
        () -> holder.resume(later, members.proposal(config.leader(later.view()), earlier)));
  }

  @Test
  void aLivingInstanceStatesWhereItStandsAndGivesUpItsKey() {
    TeeVoter voter = new TeeVoter(granteeProcess.process());
    BlockHeader header = proposed(1);
    Bytes proposal = members.proposal(config.leader(header.view()), header);
    assertInstanceOf(
        Voter.Signed.Yes.class, voter.vote(1, header, proposal, new Justification.Anchor()));
    ResumeStatement statement = grantee.giveUpKey();
    assertStates(GRANTEE, grantee, statement);
    assertStandsAt(header, statement);
    assertEquals(EnclaveInfo.State.FOLLOWER, grantee.info().state());
    assertRefused(EnclaveStatus.E_NOT_JOINED, grantee::giveUpKey);
    assertRefused(EnclaveStatus.E_ROLLBACK, grantee::resume);
  }
}
