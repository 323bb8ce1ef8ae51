package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.analytics.AggregationRound;
import org.caduceus.ledger.analytics.Debit;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.Measure;
import org.caduceus.ledger.analytics.Mechanism;
import org.caduceus.ledger.analytics.Spread;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.enclave.AggregationEnclave.DealtShare;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.PrivacyEnclave.SealedMeasure;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.receipt.StateProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rounds of four: members 0 and 1 are real enclaves, 2 and 3 the oracle. Whoever aggregates, and
 * whoever drops out, each side must undo the other's masks and open its shares to the bit.
 */
final class AggregationOracleTest {
  private static final int PARTICIPANTS = 4;
  private static final int THRESHOLD = 3;
  private static final int REAL = 2;
  private static final long ALL = 0b1111;
  private static final Hash SERIES = Measure.series("infections");
  private static final Hash ROUND = Hash.sha256(new byte[] {2});
  private static final Hash DEBIT = Hash.sha256(new byte[] {3});
  private static final Bytes CONTEXT = Bytes.of(new byte[] {1, 2, 3});
  // More numbers than one block of a mask holds, among them negative sums.
  private static final DpQuery QUERY =
      new DpQuery(
          DpQuery.Kind.HISTOGRAM,
          SERIES,
          Optional.empty(),
          List.of(0L, 10L, 20L, 30L, 40L, 50L),
          Mechanism.DISCRETE_LAPLACE,
          new Spread(1, 1 << 12), // next to no noise
          Optional.empty(),
          PARTICIPANTS,
          0);

  @TempDir Path home;
  private final List<SampleEnclave> enclaves = new ArrayList<>();
  private final Map<Integer, AggregationOracle> oracles = new HashMap<>();
  private SampleConsortium members;
  private int aggregator;
  private StateProof round;
  private StateProof debit;

  @BeforeEach
  void start() throws IOException {
    Map<Integer, EnclaveInfo> infos = new HashMap<>();
    for (int i = 0; i < REAL; i++) {
      Path folder = Files.createDirectory(home.resolve("m" + i));
      enclaves.add(SampleEnclave.start(folder, SampleEntries.CHAIN, SampleConsortium.id(i)));
      infos.put(i, new EnclaveClient(enclaves.get(i).process()).info());
    }
    members = new SampleConsortium(SampleSigner.Scheme.ES256, 5, 4).with(infos);
    for (SampleEnclave enclave : enclaves) {
      assertTrue(
          new TeeVoter(enclave.process())
              .enterEpoch(List.of(EpochProof.genesis(members.config()))));
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (SampleEnclave enclave : enclaves) {
      enclave.close();
    }
  }

  private TeePrivacy privacy(int member) {
    return new TeePrivacy(enclaves.get(member).process());
  }

  /** Opens the round on the ledger, and everybody's part in it. */
  private void open(int aggregating) {
    aggregator = aggregating;
    AggregationRound terms =
        new AggregationRound(1, QUERY.hash(), ALL, aggregator, THRESHOLD, THRESHOLD);
    Hash key = Hash.sha256(members.config().members().get(aggregator).votingKey().toArray());
    Debit paid = new Debit(SampleConsortium.id(aggregator), key, 1, QUERY.hash(), QUERY.microRho());
    Map<Bytes, Bytes> values =
        Map.of(AggregationRound.key(ROUND), terms.encode(), Debit.key(DEBIT), paid.encode());
    StateTree state = StateTree.of(values);
    BlockHeader header =
        new BlockHeader(
            SampleEntries.CHAIN,
            1,
            1,
            1,
            members.config().hash(),
            Hash.sha256(),
            state.root(),
            1,
            members.config().leader(1),
            false,
            Hash.ZERO,
            0,
            0);
    round = proof(state, header, AggregationRound.key(ROUND), terms.encode());
    debit = proof(state, header, Debit.key(DEBIT), paid.encode());
    for (int i = REAL; i < PARTICIPANTS; i++) {
      oracles.put(
          i,
          new AggregationOracle(
              ROUND,
              members.config().hash(),
              i,
              THRESHOLD,
              SampleSigner.Scheme.ES256.signer(SampleConsortium.votingKeyName(i))));
    }
  }

  private StateProof proof(StateTree state, BlockHeader header, Bytes key, Bytes value) {
    return new StateProof(header, members.certificate(header, 2, 3, 4), state.path(key), value);
  }

  /** One subject in each of the bins from 0 to the member's index. */
  private List<SealedMeasure> measures(int member) {
    EnclaveClient client = new EnclaveClient(enclaves.get(member).process());
    List<SealedMeasure> sealed = new ArrayList<>();
    for (int i = 0; i <= member; i++) {
      Bytes subject = Bytes.wrap(new Writer().u64(0).u64(i).toArray());
      Measure measure = new Measure(subject, SERIES, 10L * i - 5);
      sealed.add(new SealedMeasure(CONTEXT, client.seal(CONTEXT, measure.encode())));
    }
    return sealed;
  }

  /** What the member puts in: the oracle anything, to the ends of what a number holds. */
  private static long[] values(int member) {
    return switch (member) {
      case 0 -> new long[] {1, 0, 0, 0, 0, 0, 0};
      case 1 -> new long[] {1, 1, 0, 0, 0, 0, 0};
      case 2 -> new long[] {Long.MAX_VALUE, -1, 3, 4, 5, 6, 7};
      default -> new long[] {1, -7, Long.MIN_VALUE, 40, 50, 60, 70};
    };
  }

  private static long[] sumOf(long survivors) {
    long[] sum = new long[7];
    for (int member = 0; member < PARTICIPANTS; member++) {
      for (int i = 0; i < sum.length && (survivors >>> member & 1) == 1; i++) {
        sum[i] += values(member)[i];
      }
    }
    return sum;
  }

  private List<List<Bytes>> shareAll() {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < PARTICIPANTS; i++) {
      if (i < REAL) {
        keys.add(privacy(i).join(ROUND, QUERY, round));
        privacy(i).add(measures(i));
      } else {
        keys.add(oracles.get(i).key());
      }
    }
    List<List<Bytes>> dealt = new ArrayList<>();
    for (int i = 0; i < PARTICIPANTS; i++) {
      dealt.add(i < REAL ? privacy(i).deal(keys) : oracles.get(i).deal(keys));
    }
    return dealt;
  }

  private static List<DealtShare> dealtTo(int member, List<List<Bytes>> dealt) {
    List<DealtShare> shares = new ArrayList<>();
    for (int from = 0; from < PARTICIPANTS; from++) {
      shares.add(new DealtShare(from, dealt.get(from).get(member)));
    }
    return shares;
  }

  private SortedMap<Integer, Bytes> contributions(long survivors, List<List<Bytes>> dealt) {
    SortedMap<Integer, Bytes> contributions = new TreeMap<>();
    for (int i = 0; i < PARTICIPANTS; i++) {
      List<DealtShare> shares = dealtTo(i, dealt);
      Bytes contribution =
          i < REAL ? privacy(i).contribute(shares) : oracles.get(i).contribute(shares, values(i));
      if ((survivors >>> i & 1) == 1) {
        contributions.put(i, contribution); // the others' are lost on the way
      }
    }
    return contributions;
  }

  private SortedMap<Integer, Bytes> unmaskings(long survivors, int... members) {
    SortedMap<Integer, Bytes> unmaskings = new TreeMap<>();
    for (int i : members) {
      unmaskings.put(
          i,
          i < REAL ? privacy(i).unmask(survivors) : oracles.get(i).unmask(survivors, aggregator));
    }
    return unmaskings;
  }

  /** A real enclave takes masks off that the oracle put on, and opens its shares. */
  private void assertEnclaveSums(long survivors, int... unmasking) {
    open(1);
    SortedMap<Integer, Bytes> contributions = contributions(survivors, shareAll());
    SortedMap<Integer, Bytes> unmaskings = unmaskings(survivors, unmasking);
    privacy(aggregator).begin(QUERY, DEBIT, debit);
    List<Long> answer =
        privacy(aggregator)
            .finish(
                survivors, List.copyOf(contributions.values()), List.copyOf(unmaskings.values()))
            .values();
    assertArrayEquals(sumOf(survivors), answer.stream().mapToLong(Long::longValue).toArray());
    assertEquals(QUERY.outputs(), answer.size());
  }

  /** The oracle takes masks off that real enclaves put on, and opens their shares. */
  private void assertOracleSums(long survivors, int... unmasking) {
    open(2);
    SortedMap<Integer, Bytes> contributions = contributions(survivors, shareAll());
    SortedMap<Integer, Bytes> unmaskings = unmaskings(survivors, unmasking);
    assertArrayEquals(
        sumOf(survivors), oracles.get(aggregator).sum(survivors, contributions, unmaskings));
  }

  @Test
  void anEnclaveSumsWhatAllPutIn() {
    assertEnclaveSums(ALL, 0, 1, 2);
  }

  @Test
  void anEnclaveRecoversTheOraclesKeyWhenItDropsOut() {
    assertEnclaveSums(0b0111, 0, 1, 2);
  }

  @Test
  void anEnclaveRecoversAnEnclavesKeyByTheOraclesShares() {
    assertEnclaveSums(0b1110, 1, 2, 3);
  }

  @Test
  void theOracleSumsWhatAllPutIn() {
    assertOracleSums(ALL, 0, 1, 3);
  }

  @Test
  void theOracleRecoversAnEnclavesKeyWhenItDropsOut() {
    assertOracleSums(0b1101, 0, 2, 3);
  }

  @Test
  void theOracleRecoversItsOwnKindsKeyByTheEnclavesShares() {
    assertOracleSums(0b0111, 0, 1, 2);
  }
}
