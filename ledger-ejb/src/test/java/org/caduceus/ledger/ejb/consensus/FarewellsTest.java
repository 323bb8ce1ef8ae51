package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.peer.Links;
import org.junit.jupiter.api.Test;

final class FarewellsTest {
  private static final long START = 1_000_000;
  private static final Farewells.Telling TELLING = new Farewells.Telling("pharmacy-b", 7, 9);

  private final Farewells farewells = new Farewells();

  @Test
  void whoLostItsSeatIsToldAtOnceAndThenLessAndLessOften() {
    farewells.add("pharmacy-b", Hash.ZERO, 7, 9, START);
    assertEquals(List.of(TELLING), farewells.due(START));
    assertEquals(List.of(), farewells.due(START + 4_999));
    assertEquals(List.of(TELLING), farewells.due(START + 5_000));
    assertEquals(List.of(), farewells.due(START + 14_999));
    assertEquals(List.of(TELLING), farewells.due(START + 15_000));
  }

  /** Who was far behind gets all of it, piece by piece, and what was lost on the way again. */
  @Test
  void whatIsTooMuchForOnceGoesOnTheNextTimeAndBeginsAgainAfterTheEnd() {
    farewells.add("pharmacy-b", Hash.ZERO, 7, 2_000, START);
    farewells.told("pharmacy-b", 1_031);
    assertEquals(List.of(new Farewells.Telling("pharmacy-b", 1_031, 2_000)), farewells.due(START));
    farewells.told("pharmacy-b", 2_000);
    assertEquals(
        List.of(new Farewells.Telling("pharmacy-b", 7, 2_000)), farewells.due(START + 5_000));
  }

  @Test
  void afterTenMinutesNobodyIsToldAndTheLinkMayGo() {
    farewells.add("pharmacy-b", Hash.ZERO, 7, 9, START);
    assertFalse(farewells.end(START + Farewells.LAST_MS - 1));
    assertEquals(List.of(new Links.Peer("pharmacy-b", Hash.ZERO)), farewells.peers());
    assertEquals(List.of(), farewells.due(START + Farewells.LAST_MS));
    assertTrue(farewells.end(START + Farewells.LAST_MS));
    assertEquals(List.of(), farewells.peers());
    assertFalse(farewells.end(START + Farewells.LAST_MS));
  }

  @Test
  void whoHasASeatAgainIsNoMoreLeaving() {
    farewells.add("pharmacy-b", Hash.ZERO, 7, 9, START);
    farewells.remove("pharmacy-b");
    assertEquals(List.of(), farewells.peers());
    assertEquals(List.of(), farewells.due(START));
  }
}
