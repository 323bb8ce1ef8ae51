package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.analytics.AggregationRound;
import org.caduceus.ledger.analytics.Debit;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.Measure;
import org.caduceus.ledger.analytics.Mechanism;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.analytics.Spread;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.enclave.AggregationEnclave.DealtShare;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.receipt.StateProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members' real enclaves answer together; each host is a variable of this test. */
final class TeeAggregationTest {
  private static final int MEMBERS = 3;
  private static final int AGGREGATOR = 2;
  private static final Hash SERIES = Measure.series("infections");
  private static final Hash ROUND = Hash.sha256(new byte[] {2});
  private static final Hash DEBIT = Hash.sha256(new byte[] {3});
  private static final DpQuery QUERY =
      new DpQuery(
          DpQuery.Kind.HISTOGRAM,
          SERIES,
          Optional.empty(),
          List.of(0L, 10L),
          Mechanism.DISCRETE_LAPLACE,
          new Spread(1, 1 << 12), // next to no noise
          Optional.empty(),
          MEMBERS,
          2);

  @TempDir Path home;
  private SampleWorld world;
  private Map<Bytes, StateProof> proofs;

  @BeforeEach
  void start() throws Exception {
    world = new SampleWorld(home, MEMBERS);
    AggregationRound round = new AggregationRound(1, QUERY.hash(), 0b111, AGGREGATOR, 2, 2);
    assertEquals(round, AggregationRound.decode(round.encode()));
    Hash aggregatorKey = Hash.sha256(world.client(AGGREGATOR).info().votingKey().toArray());
    Debit debit =
        new Debit(SampleWorld.id(AGGREGATOR), aggregatorKey, 1, QUERY.hash(), QUERY.microRho());
    proofs =
        world.finalState(
            Map.of(AggregationRound.key(ROUND), round.encode(), Debit.key(DEBIT), debit.encode()));
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  @Test
  void membersAnswerTogetherAndOneMayDropOut() {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      keys.add(world.privacy(i).join(ROUND, QUERY, proofs.get(AggregationRound.key(ROUND))));
      world.privacy(i).add(world.measures(i, SERIES, 1, -5L, i, 10L + i));
    }
    List<List<Bytes>> dealt = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      dealt.add(world.privacy(i).deal(keys));
    }
    // Member 1 drops out: its contribution never arrives.
    List<Bytes> contributions =
        List.of(
            world.privacy(0).contribute(dealtTo(0, dealt)),
            world.privacy(2).contribute(dealtTo(2, dealt)));
    long survivors = 0b101;
    List<Bytes> unmaskings =
        List.of(world.privacy(0).unmask(survivors), world.privacy(2).unmask(survivors));
    assertRefused(
        EnclaveStatus.E_STATE,
        () -> world.privacy(AGGREGATOR).finish(survivors, contributions, unmaskings));
    TeePrivacy aggregator = world.privacy(AGGREGATOR);
    aggregator.begin(QUERY, DEBIT, proofs.get(Debit.key(DEBIT)));
    NoisedAnswer answer = aggregator.finish(survivors, contributions, unmaskings);
    assertEquals(List.of(2L, 2L, 2L), answer.values());
    assertEquals(DEBIT, answer.debit());
    assertTrue(answer.isOf(world.client(AGGREGATOR).info().votingKey(), SignatureVerifier.es256()));
    assertRefused(
        EnclaveStatus.E_ROLLBACK,
        () -> world.privacy(0).join(ROUND, QUERY, proofs.get(AggregationRound.key(ROUND))));
  }

  private static List<DealtShare> dealtTo(int member, List<List<Bytes>> dealt) {
    List<DealtShare> shares = new ArrayList<>();
    for (int from = 0; from < dealt.size(); from++) {
      shares.add(new DealtShare(from, dealt.get(from).get(member)));
    }
    return shares;
  }

  private static void assertRefused(EnclaveStatus status, Runnable call) {
    assertEquals(status.code(), assertThrows(EnclaveRefusal.class, call::run).status());
  }
}
