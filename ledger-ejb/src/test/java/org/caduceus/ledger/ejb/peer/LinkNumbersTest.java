package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.caduceus.ledger.ejb.peer.LinkNumbers.Judgement;
import org.junit.jupiter.api.Test;

class LinkNumbersTest {
  private static final String B = "hospital-b";

  private final LinkNumbers numbers = new LinkNumbers();

  private Judgement judge(String connection, long link, long number) {
    return numbers.judge(B, connection, link, number);
  }

  @Test
  void numbersThatRiseAreNewAndMayHaveGaps() {
    for (long number : new long[] {1, 2, 5, 6, 100}) {
      assertEquals(Judgement.NEW, judge("first", 7, number));
    }
  }

  @Test
  void theSameOrAnOlderNumberOfOneConnectionIsAReplay() {
    assertEquals(Judgement.NEW, judge("first", 7, 4));
    assertEquals(Judgement.NEW, judge("first", 7, 5));
    assertEquals(Judgement.REPLAYED, judge("first", 7, 5));
    assertEquals(Judgement.REPLAYED, judge("first", 7, 4));
    assertEquals(Judgement.NEW, judge("first", 7, 6));
  }

  @Test
  void whatABridgeRepeatsAfterAReconnectIsDroppedWithoutBlame() {
    for (long number = 1; number <= 10; number++) {
      judge("first", 7, number);
    }
    for (long number = 6; number <= 10; number++) {
      assertEquals(Judgement.REPEATED, judge("second", 7, number));
    }
    assertEquals(Judgement.NEW, judge("second", 7, 11));
    assertEquals(Judgement.REPLAYED, judge("second", 7, 11));
  }

  @Test
  void aRestartedSenderBeginsAnew() {
    assertEquals(Judgement.NEW, judge("first", 7, 1_000));
    assertEquals(Judgement.NEW, judge("second", 8, 1));
    assertEquals(Judgement.NEW, judge("second", 8, 2));
  }

  @Test
  void peersAreApart() {
    assertEquals(Judgement.NEW, numbers.judge("hospital-b", "first", 7, 1));
    assertEquals(Judgement.NEW, numbers.judge("pharmacy-c", "first", 7, 1));
  }

  /**
   * A bridge as it is allowed to be: in order, at least once, cut at any place and again from any
   * message that was not confirmed. Whatever happens, each message is new once and none a replay.
   */
  @Test
  void noHonestBridgeReplays() {
    Random random = new Random(20_270_301);
    for (int run = 0; run < 200; run++) {
      LinkNumbers receiver = new LinkNumbers();
      List<Long> heard = new ArrayList<>();
      long next = 1;
      for (int connection = 0; connection < 30; connection++) {
        long until = next + random.nextInt(50);
        for (long number = next; number < until; number++) {
          Judgement judgement = receiver.judge(B, connection, run, number);
          if (judgement == Judgement.NEW) {
            heard.add(number);
          } else {
            assertEquals(Judgement.REPEATED, judgement);
          }
        }
        next = Math.max(1, until - random.nextInt(20));
      }
      for (int i = 0; i < heard.size(); i++) {
        assertEquals(i + 1, heard.get(i));
      }
    }
  }
}
