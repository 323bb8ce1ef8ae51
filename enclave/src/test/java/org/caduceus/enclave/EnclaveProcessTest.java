package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The binding against the real enclave process: what survives which death. */
class EnclaveProcessTest {
  private static final Hash CHAIN = Hash.sha256("a consortium".getBytes(StandardCharsets.UTF_8));
  private static final Bytes CONTEXT = Bytes.of(new byte[] {1, 2, 3});
  private static final Bytes PLAINTEXT = Bytes.of("a record".getBytes(StandardCharsets.UTF_8));

  @TempDir Path home;
  private EnclaveSettings settings;
  private EnclaveProcess process;
  private EnclaveClient client;

  /** What the instance signs and seals with. */
  Suite suite() {
    return Suite.ES256;
  }

  @BeforeEach
  void start() {
    settings = SampleEnclave.settings(home, CHAIN, "hospital-a", suite());
    process = EnclaveProcess.open(settings);
    client = new EnclaveClient(process);
  }

  @AfterEach
  void stop() throws Exception {
    process.close();
    kill();
  }

  @Test
  @Tag("6.1a")
  void saysThatItIsSimulated() {
    EnclaveInfo info = client.info();
    assertEquals(AssuranceTier.SIMULATED, info.tier());
    assertEquals(EnclaveInfo.State.NEW, info.state());
    assertEquals(-1, info.memberIndex());
    assertNotEquals(Bytes.of(new byte[48]), info.measurement());
    assertNotEquals(info.votingKey(), info.signingKey());
  }

  @Test
  void signsEntriesWithTheInstitutionsKey() {
    Bytes key = client.info().signingKey();
    SignedEntry signed = client.sign(entry("hl7v2.adt").encode());
    assertEquals(entry("hl7v2.adt").encode(), signed.entry().encode());
    assertTrue(signed.namesKey(suite(), key));
    SignatureVerifier verifier = SignatureVerifier.of(suite());
    assertTrue(verifier.verifies(key, signed.signedBytes(), signed.signature()));
    Bytes votingKey = client.info().votingKey();
    assertFalse(verifier.verifies(votingKey, signed.signedBytes(), signed.signature()));
  }

  @Test
  void signsNothingButEntriesOfItsChain() {
    LedgerEntry other =
        new LedgerEntry(
            Hash.ZERO,
            "hospital-a",
            "a.b",
            "record/1",
            "x",
            1,
            Hash.ZERO,
            new TreeMap<>(),
            new TreeMap<>());
    assertRefused(EnclaveStatus.E_CONFLICT, () -> client.sign(other.encode()));
    assertRefused(EnclaveStatus.E_PARAM, () -> client.sign(PLAINTEXT));
    assertRefused(EnclaveStatus.E_PARAM, () -> client.sign(Bytes.EMPTY));
  }

  @Test
  void opensOnlyWhatItSealedInTheSameContext() {
    Bytes sealed = client.seal(CONTEXT, PLAINTEXT);
    assertEquals(PLAINTEXT, client.open(CONTEXT, sealed));
    assertNotEquals(sealed, client.seal(CONTEXT, PLAINTEXT));
    assertRefused(EnclaveStatus.E_AUTH, () -> client.open(PLAINTEXT, sealed));
    byte[] altered = sealed.toArray();
    altered[altered.length / 2] ^= 1;
    assertRefused(EnclaveStatus.E_AUTH, () -> client.open(CONTEXT, Bytes.wrap(altered)));
  }

  @Test
  void sealsThirtyTwoMebibytesAndNotMore() {
    Bytes large = Bytes.wrap(new byte[EnclaveClient.MAX_PLAINTEXT]);
    assertEquals(large, client.open(CONTEXT, client.seal(CONTEXT, large)));
    Bytes tooLarge = Bytes.wrap(new byte[EnclaveClient.MAX_PLAINTEXT + 1]);
    assertThrows(IllegalArgumentException.class, () -> client.seal(CONTEXT, tooLarge));
  }

  @Test
  void goesOnVotingWithTheSameKeyAfterTheClientIsGone() {
    EpochConfig config = soleMember();
    TeeVoter voter = new TeeVoter(process);
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    BlockHeader first = header(config, 1, 1, config.hash());
    Voter.Signed proposal = voter.propose(first, new Justification.Anchor());
    Bytes signature = assertSigned(proposal);
    assertSigned(voter.vote(1, first, signature, new Justification.Anchor()));
    Bytes votingKey = client.info().votingKey();
    process.close();

    process = EnclaveProcess.open(settings);
    client = new EnclaveClient(process);
    assertEquals(votingKey, client.info().votingKey());
    assertEquals(1, client.info().votedView());
    TeeVoter again = new TeeVoter(process);
    assertTrue(again.enterEpoch(List.of(EpochProof.genesis(config))));
    BlockHeader second = header(config, 1, 1, Hash.ZERO);
    assertEquals(
        new Voter.Signed.No("E_STALE_VIEW"),
        again.vote(1, second, signature, new Justification.Anchor()));
  }

  @Test
  void anInstanceThatIsEndedMakesWayForAnother() throws Exception {
    EnclaveInfo before = client.info();
    TimeUnit.NANOSECONDS.sleep(EnclaveProcess.RESTART_PAUSE.toNanos());
    process.endInstance();
    EnclaveInfo after = client.info();
    assertEquals(before.signingKey(), after.signingKey());
    assertNotEquals(before.votingKey(), after.votingKey());
  }

  @Test
  void aKilledEnclaveComesBackWithTheInstitutionsKeyAndNoVote() throws Exception {
    EpochConfig config = soleMember();
    TeeVoter voter = new TeeVoter(process);
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    EnclaveInfo before = client.info();
    Bytes sealed = client.seal(CONTEXT, PLAINTEXT);
    AtomicInteger connections = new AtomicInteger();
    process.onConnected(connections::incrementAndGet);

    kill();
    TimeUnit.NANOSECONDS.sleep(EnclaveProcess.RESTART_PAUSE.toNanos());

    assertEquals(PLAINTEXT, client.open(CONTEXT, sealed));
    EnclaveInfo after = client.info();
    assertEquals(1, connections.get());
    assertEquals(before.signingKey(), after.signingKey());
    assertNotEquals(before.votingKey(), after.votingKey());
    assertFalse(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    assertEquals(EnclaveInfo.State.FOLLOWER, client.info().state());
  }

  @Test
  void sealedStateOfAnotherMemberIsNotAccepted() throws Exception {
    process.close();
    kill();
    EnclaveSettings stranger = SampleEnclave.settings(home, CHAIN, "pharmacy-b", suite());
    assertThrows(EnclaveUnavailable.class, () -> EnclaveProcess.open(stranger));
    process = EnclaveProcess.lazy(settings, executable -> {});
  }

  @Test
  void sealedStateOfAnotherSuiteIsNotAccepted() throws Exception {
    process.close();
    kill();
    Suite other = suite() == Suite.ES256 ? Suite.SM2_SM3 : Suite.ES256;
    EnclaveSettings changed = SampleEnclave.settings(home, CHAIN, "hospital-a", other);
    assertThrows(EnclaveUnavailable.class, () -> EnclaveProcess.open(changed));
    process = EnclaveProcess.lazy(settings, executable -> {});
  }

  @Test
  void votesVerifyInJava() {
    EpochConfig config = soleMember();
    Electorate electorate = new Electorate(config, SignatureVerifier.of(suite()));
    TeeVoter voter = new TeeVoter(process);
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    BlockHeader header = header(config, 1, 1, config.hash());
    Bytes proposal = assertSigned(voter.propose(header, new Justification.Anchor()));
    assertTrue(electorate.proposed(header, header.hash(), proposal));
    Bytes vote = assertSigned(voter.vote(1, header, proposal, new Justification.Anchor()));
    assertTrue(electorate.voted(Vote.of(0, header, header.hash(), vote)));
    assertFalse(electorate.voted(Vote.of(0, header, header.hash(), proposal)));
  }

  private EpochConfig soleMember() {
    EnclaveInfo info = client.info();
    Member member =
        new Member(
            "hospital-a",
            info.votingKey(),
            info.signingKey(),
            info.signingKey(),
            Hash.ZERO,
            Hash.ZERO);
    return new EpochConfig(
        CHAIN,
        1,
        EpochConfig.Mode.TEE_1P,
        suite(),
        16,
        1000,
        10_000,
        100,
        100_000,
        AssuranceTier.SIMULATED,
        0,
        List.of(member),
        List.of());
  }

  private static BlockHeader header(EpochConfig config, long view, long height, Hash parent) {
    return new BlockHeader(
        CHAIN,
        1,
        view,
        height,
        parent,
        Hash.sha256(),
        StateTree.EMPTY,
        1,
        0,
        false,
        Hash.ZERO,
        0,
        0);
  }

  private static LedgerEntry entry(String kind) {
    return new LedgerEntry(
        CHAIN,
        "hospital-a",
        kind,
        "record/1",
        "inlet:mllp",
        1,
        Hash.ZERO,
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static Bytes assertSigned(Voter.Signed signed) {
    return switch (signed) {
      case Voter.Signed.Yes yes -> yes.signature();
      case Voter.Signed.No no ->
          throw new AssertionError("Expected a signature, but got " + no.status());
    };
  }

  private static void assertRefused(EnclaveStatus status, Runnable call) {
    assertEquals(status.code(), assertThrows(EnclaveRefusal.class, call::run).status());
  }

  private void kill() throws Exception {
    SampleEnclave.kill(settings);
  }
}
