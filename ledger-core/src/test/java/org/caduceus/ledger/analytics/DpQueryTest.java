package org.caduceus.ledger.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.junit.jupiter.api.Test;

/** Queries, debits and measures as bytes, and what queries cost. */
final class DpQueryTest {
  private static final Hash SERIES = Measure.series("length of stay, days");
  private static final DpQuery.Range RANGE = new DpQuery.Range(-5, 300);

  private static DpQuery query(
      DpQuery.Kind kind, Mechanism mechanism, Spread noise, int sources, Long... bounds) {
    boolean clamps = kind == DpQuery.Kind.SUM || kind == DpQuery.Kind.MEAN;
    return new DpQuery(
        kind,
        SERIES,
        clamps ? Optional.of(RANGE) : Optional.empty(),
        List.of(bounds),
        mechanism,
        noise,
        kind == DpQuery.Kind.MEAN ? Optional.of(new Spread(7, 2)) : Optional.empty(),
        sources,
        kind == DpQuery.Kind.SUM ? 0 : 20);
  }

  @Test
  void everyKindComesBackFromItsBytes() {
    for (Mechanism mechanism : Mechanism.values()) {
      for (DpQuery query :
          List.of(
              query(DpQuery.Kind.COUNT, mechanism, Spread.of(10), 1),
              query(DpQuery.Kind.SUM, mechanism, new Spread(90_000, 7), 1),
              query(DpQuery.Kind.MEAN, mechanism, new Spread(90_000, 7), 3),
              query(DpQuery.Kind.HISTOGRAM, mechanism, Spread.of(10), 1, -3L, 0L, 8L))) {
        assertEquals(query, DpQuery.decode(query.encode()));
      }
    }
  }

  @Test
  void aGaussianCostsTheSquaredSensitivityOverTwiceItsVariance() {
    assertEquals(
        5_000,
        query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_GAUSSIAN, Spread.of(100), 1).microRho());
    assertEquals(
        500_000,
        query(DpQuery.Kind.SUM, Mechanism.DISCRETE_GAUSSIAN, Spread.of(90_000), 1).microRho());
    // One subject at each of four members changes the count by four.
    assertEquals(
        80_000,
        query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_GAUSSIAN, Spread.of(100), 4).microRho());
  }

  @Test
  void aLaplaceCostsHalfTheSquareOfItsEpsilon() {
    // Scale 10 and sensitivity 1: epsilon 0.1, rho 0.005.
    assertEquals(
        5_000, query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_LAPLACE, Spread.of(10), 1).microRho());
    assertEquals(
        5_000,
        query(DpQuery.Kind.HISTOGRAM, Mechanism.DISCRETE_LAPLACE, Spread.of(10), 1, 0L).microRho());
  }

  @Test
  void aCostIsRoundedUpAndAMeanPaysTwice() {
    assertEquals(
        166_667,
        query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_GAUSSIAN, Spread.of(3), 1).microRho());
    // 300^2 / (2 * 90,000) and 1 / (2 * 3.5), each in millionths.
    assertEquals(
        500_000 + 142_858,
        query(DpQuery.Kind.MEAN, Mechanism.DISCRETE_GAUSSIAN, Spread.of(90_000), 1).microRho());
  }

  @Test
  void whatTheEnclaveWouldRefuseIsNoQuery() {
    assertThrows(
        MalformedException.class,
        () -> query(DpQuery.Kind.HISTOGRAM, Mechanism.DISCRETE_LAPLACE, Spread.of(1), 1, 4L, 4L));
    assertThrows(
        MalformedException.class,
        () -> query(DpQuery.Kind.HISTOGRAM, Mechanism.DISCRETE_LAPLACE, Spread.of(1), 1));
    assertThrows(
        MalformedException.class,
        () ->
            query(
                DpQuery.Kind.HISTOGRAM,
                Mechanism.DISCRETE_LAPLACE,
                Spread.of(1),
                1,
                LongStream.range(0, 64).boxed().toArray(Long[]::new)));
    assertThrows(
        MalformedException.class,
        () -> query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_LAPLACE, Spread.of((1L << 40) + 1), 1));
    assertThrows(
        MalformedException.class,
        () -> query(DpQuery.Kind.COUNT, Mechanism.DISCRETE_LAPLACE, Spread.of(1), 65));
    assertThrows(MalformedException.class, () -> new DpQuery.Range(3, 3));
    assertThrows(MalformedException.class, () -> new DpQuery.Range(0, (1L << 31) + 1));
    assertThrows(MalformedException.class, () -> new Spread(1, (1 << 16) + 1));
  }

  @Test
  void aDebitComesBackFromItsBytes() {
    Debit debit = new Debit("clinic-a", Hash.sha256(new byte[65]), 7, SERIES, 5_000);
    assertEquals(debit, Debit.decode(debit.encode()));
    assertEquals(6 + 32, Debit.key(SERIES).length());
    assertThrows(
        MalformedException.class, () -> new Debit("Clinic A", Hash.ZERO, 7, SERIES, 5_000));
    assertThrows(
        MalformedException.class, () -> new Debit("clinic-a", Hash.ZERO, 0, SERIES, 5_000));
  }

  @Test
  void aMeasureHasSixtyFourBytes() {
    assertEquals(64, new Measure(Bytes.of(new byte[16]), SERIES, -1).encode().length());
    assertThrows(MalformedException.class, () -> new Measure(Bytes.of(new byte[15]), SERIES, -1));
  }
}
