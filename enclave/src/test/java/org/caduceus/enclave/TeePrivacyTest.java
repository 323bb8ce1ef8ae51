package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.analytics.Debit;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.Measure;
import org.caduceus.ledger.analytics.Mechanism;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.analytics.Spread;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.PrivacyEnclave.SealedMeasure;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.receipt.StateProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member alone on its ledger asks its real enclave, with a debit its own vote made final. */
final class TeePrivacyTest {
  private static final String MEMBER = "member-a";
  private static final Bytes CONTEXT = Bytes.of(new byte[] {1, 2, 3});
  private static final Hash SERIES = Measure.series("length of stay, days");
  private static final Hash DEBIT = Hash.sha256(new byte[] {1});
  // Next to no noise, so that the enclave's arithmetic shows.
  private static final Spread QUIET = new Spread(1, 1 << 16);

  @TempDir Path home;
  private SampleEnclave enclave;
  private EnclaveClient client;
  private TeePrivacy privacy;

  @BeforeEach
  void start() {
    enclave = SampleEnclave.start(home, SampleEntries.CHAIN, MEMBER);
    client = new EnclaveClient(enclave.process());
    privacy = new TeePrivacy(enclave.process());
  }

  @AfterEach
  void stop() throws Exception {
    enclave.close();
  }

  private static DpQuery mean(int minimumCohort) {
    return new DpQuery(
        DpQuery.Kind.MEAN,
        SERIES,
        Optional.of(new DpQuery.Range(0, 30)),
        List.of(),
        Mechanism.DISCRETE_LAPLACE,
        QUIET,
        Optional.of(QUIET),
        1,
        minimumCohort);
  }

  @Test
  void aMeanIsAnsweredOnceForItsDebit() {
    DpQuery query = mean(3);
    StateProof proof = finalDebit(query, query.microRho());
    privacy.begin(query, DEBIT, proof);
    privacy.add(measures(1, 4, 7));
    privacy.add(measures(4, 1000));
    NoisedAnswer answer = privacy.release();
    assertEquals(List.of(4L + 7 + 30, 3L), answer.values());
    assertEquals(DEBIT, answer.debit());
    assertEquals(query.hash(), answer.query());
    assertTrue(answer.isOf(client.info().votingKey(), SignatureVerifier.es256()));
    assertFalse(answer.isOf(client.info().signingKey(), SignatureVerifier.es256()));
    assertRefused(EnclaveStatus.E_STATE, privacy::release);
    assertRefused(EnclaveStatus.E_BUDGET, () -> privacy.begin(query, DEBIT, proof));
  }

  @Test
  void theEnclavePricesAsTheLedgerDoes() {
    DpQuery query = mean(0);
    StateProof proof = finalDebit(query, query.microRho() - 1);
    assertRefused(EnclaveStatus.E_BUDGET, () -> privacy.begin(query, DEBIT, proof));
  }

  @Test
  void aDebitPaysForItsQueryOnlyAndASmallCohortIsNotAnswered() {
    DpQuery query = mean(3);
    StateProof proof = finalDebit(query, query.microRho());
    assertRefused(EnclaveStatus.E_CONFLICT, () -> privacy.begin(mean(2), DEBIT, proof));
    assertRefused(EnclaveStatus.E_PROOF, () -> privacy.begin(query, Hash.ZERO, proof));
    privacy.begin(query, DEBIT, proof);
    privacy.add(measures(1, 4, 7));
    assertRefused(EnclaveStatus.E_CONFLICT, () -> privacy.add(measures(2, 4)));
    assertRefused(EnclaveStatus.E_POLICY, privacy::release);
  }

  /** Subjects with the pseudonyms first, first + 1, ... */
  private List<SealedMeasure> measures(int first, long... values) {
    List<SealedMeasure> sealed = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Bytes subject = Bytes.wrap(new Writer().u64(0).u64(first + i).toArray());
      sealed.add(
          new SealedMeasure(
              CONTEXT, client.seal(CONTEXT, new Measure(subject, SERIES, values[i]).encode())));
    }
    return sealed;
  }

  private StateProof finalDebit(DpQuery query, long microRho) {
    EnclaveInfo info = client.info();
    Debit debit =
        new Debit(MEMBER, Hash.sha256(info.votingKey().toArray()), 1, query.hash(), microRho);
    StateTree state = StateTree.of(Map.of(Debit.key(DEBIT), debit.encode()));
    EpochConfig config = soleMember(info);
    TeeVoter voter = new TeeVoter(enclave.process());
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    BlockHeader header =
        new BlockHeader(
            SampleEntries.CHAIN,
            1,
            1,
            1,
            config.hash(),
            Hash.sha256(),
            state.root(),
            1,
            0,
            false,
            Hash.ZERO,
            0,
            0);
    Bytes proposal = signed(voter.propose(header, new Justification.Anchor()));
    Bytes vote = signed(voter.vote(1, header, proposal, new Justification.Anchor()));
    return new StateProof(
        header,
        new QuorumCertificate(1, 1, 1, header.hash(), false, 1, 1, List.of(vote)),
        state.path(Debit.key(DEBIT)),
        debit.encode());
  }

  private static EpochConfig soleMember(EnclaveInfo info) {
    Member member =
        new Member(
            MEMBER, info.votingKey(), info.signingKey(), info.signingKey(), Hash.ZERO, Hash.ZERO);
    return new EpochConfig(
        SampleEntries.CHAIN,
        1,
        EpochConfig.Mode.TEE_1P,
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

  private static Bytes signed(Voter.Signed answer) {
    return switch (answer) {
      case Voter.Signed.Yes yes -> yes.signature();
      case Voter.Signed.No no ->
          throw new AssertionError("Expected a signature, but got " + no.status());
    };
  }

  private static void assertRefused(EnclaveStatus status, Runnable call) {
    assertEquals(status.code(), assertThrows(EnclaveRefusal.class, call::run).status());
  }
}
