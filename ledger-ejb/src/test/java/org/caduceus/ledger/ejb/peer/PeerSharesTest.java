package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.caduceus.ledger.consensus.PeerMessage;
import org.junit.jupiter.api.Test;

class PeerSharesTest {
  private static final String B = "pharmacy-b";
  private static final String C = "regulator-c";
  private static final int HALF = PeerShares.SHARE / 2;

  private final PeerShares shares = new PeerShares();

  @Test
  void whoFloodsLosesItsOwnMessagesAndNobodyElses() {
    assertTrue(shares.admit(B, HALF).isPresent());
    assertTrue(shares.admit(B, HALF).isPresent());
    assertEquals(OptionalLong.empty(), shares.admit(B, 1));
    assertEquals(OptionalLong.empty(), shares.admit(B, 1));
    assertEquals(2, shares.refusals(B));
    assertTrue(shares.admit(C, HALF).isPresent());
    assertEquals(0, shares.refusals(C));
  }

  @Test
  void whatWasTakenMakesRoom() {
    long first = shares.admit(B, HALF).orElseThrow();
    long second = shares.admit(B, HALF).orElseThrow();
    shares.taken(B, first);
    assertTrue(shares.admit(B, HALF).isPresent());
    assertEquals(OptionalLong.empty(), shares.admit(B, 1));
    shares.taken(B, first); // told twice
    assertEquals(OptionalLong.empty(), shares.admit(B, 1));
    shares.taken(B, second);
    assertTrue(shares.admit(B, 1).isPresent());
  }

  @Test
  void whatGotLostOnTheWayTakesNoRoomForLong() {
    assertTrue(shares.admit(B, HALF).isPresent());
    shares.taken(B, shares.admit(B, 1).orElseThrow());
    assertTrue(shares.admit(B, HALF).isPresent());
    assertTrue(shares.admit(B, HALF).isPresent());
  }

  @Test
  void shortMessagesWeighMoreThanTheirBytes() {
    int admitted = 0;
    while (shares.admit(B, 60).isPresent()) {
      admitted++;
    }
    assertEquals(PeerShares.SHARE / PeerShares.LEAST_WEIGHT, admitted);
  }

  @Test
  void theLongestMessageMayWait() {
    assertTrue(shares.admit(B, PeerMessage.MAX_BYTES).isPresent());
  }

  @Test
  void whatIsNoMessageIsCountedToo() {
    shares.refused(B);
    assertEquals(1, shares.refusals(B));
    assertEquals(0, shares.refusals(C));
  }
}
