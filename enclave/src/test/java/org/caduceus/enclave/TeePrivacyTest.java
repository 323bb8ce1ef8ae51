package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.analytics.Debit;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.Measure;
import org.caduceus.ledger.analytics.Mechanism;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.analytics.Spread;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.receipt.StateProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member alone on its ledger asks its real enclave, with a debit its own vote made final. */
final class TeePrivacyTest {
  private static final Hash SERIES = Measure.series("length of stay, days");
  private static final Hash DEBIT = Hash.sha256(new byte[] {1});
  // Next to no noise, so that the enclave's arithmetic shows.
  private static final Spread QUIET = new Spread(1, 1 << 16);

  @TempDir Path home;
  private SampleWorld world;
  private TeePrivacy privacy;

  @BeforeEach
  void start() throws Exception {
    world = new SampleWorld(home, 1);
    privacy = world.privacy(0);
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
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

  private StateProof finalDebit(DpQuery query, long microRho) {
    Bytes votingKey = world.client(0).info().votingKey();
    Debit debit =
        new Debit(SampleWorld.id(0), Hash.sha256(votingKey.toArray()), 1, query.hash(), microRho);
    Bytes key = Debit.key(DEBIT);
    return world.finalState(Map.of(key, debit.encode())).get(key);
  }

  @Test
  void aMeanIsAnsweredOnceForItsDebit() {
    DpQuery query = mean(3);
    StateProof proof = finalDebit(query, query.microRho());
    privacy.begin(query, DEBIT, proof);
    privacy.add(world.measures(0, SERIES, 1, 4, 7));
    privacy.add(world.measures(0, SERIES, 4, 1000));
    NoisedAnswer answer = privacy.release();
    assertEquals(List.of(4L + 7 + 30, 3L), answer.values());
    assertEquals(DEBIT, answer.debit());
    assertEquals(query.hash(), answer.query());
    SignatureVerifier verifier = SignatureVerifier.es256();
    assertTrue(answer.isOf(world.client(0).info().votingKey(), verifier));
    assertFalse(answer.isOf(world.client(0).info().signingKey(), verifier));
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
    privacy.add(world.measures(0, SERIES, 1, 4, 7));
    assertRefused(EnclaveStatus.E_CONFLICT, () -> privacy.add(world.measures(0, SERIES, 2, 4)));
    assertRefused(EnclaveStatus.E_POLICY, privacy::release);
  }

  private static void assertRefused(EnclaveStatus status, Runnable call) {
    assertEquals(status.code(), assertThrows(EnclaveRefusal.class, call::run).status());
  }
}
