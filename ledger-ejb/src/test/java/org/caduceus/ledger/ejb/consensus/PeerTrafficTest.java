package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PeerTrafficTest {
  private final PeerTraffic traffic = new PeerTraffic(100);

  @Test
  void whoFloodsLosesItsOwnMessagesAndNobodyElses() {
    assertTrue(traffic.admits("member-b", 60));
    assertTrue(traffic.admits("member-b", 40));
    assertFalse(traffic.admits("member-b", 1));
    assertFalse(traffic.admits("member-b", 1));
    assertEquals(2, traffic.dropped("member-b"));
    assertTrue(traffic.admits("member-c", 100));
    assertEquals(0, traffic.dropped("member-c"));
  }

  @Test
  void whatWasTakenMakesRoom() {
    assertTrue(traffic.admits("member-b", 100));
    traffic.taken("member-b", 100);
    assertTrue(traffic.admits("member-b", 70));
  }

  @Test
  void aMessageLongerThanTheBoundNeverWaits() {
    assertFalse(traffic.admits("member-b", 101));
    assertTrue(traffic.admits("member-b", 100));
  }

  @Test
  void whatIsNoMessageIsCountedToo() {
    traffic.refused("member-b");
    assertEquals(1, traffic.dropped("member-b"));
  }
}
