package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.caduceus.ledger.ejb.consensus.PeerWatch.Change;
import org.junit.jupiter.api.Test;

class PeerWatchTest {
  private final PeerWatch watch = new PeerWatch(3, 1, 10_000, 1_000_000);

  private List<Change> at(long nowMs, long... heardMs) {
    return watch.changes(nowMs, heardMs);
  }

  @Test
  void aPeerThatNeverSpokeIsSilentAfterThePatienceAndOnlyOnce() {
    assertEquals(List.of(), at(1_010_000, 1_009_000, 0, 0));
    assertEquals(List.of(new Change(2, true, 10_001)), at(1_010_001, 1_009_000, 0, 0));
    assertEquals(List.of(), at(1_015_000, 1_014_000, 0, 0));
  }

  @Test
  void aPeerThatIsHeardAgainIsSaidOnceWithTheLengthOfItsSilence() {
    at(1_020_000, 1_019_000, 0, 1_005_000);
    assertEquals(List.of(new Change(2, false, 20_000)), at(1_026_000, 1_025_500, 0, 1_025_000));
    assertEquals(List.of(), at(1_027_000, 1_025_500, 0, 1_026_500));
  }

  @Test
  void thisNodeIsNeverSilentToItself() {
    assertEquals(List.of(), at(1_200_000, 1_199_000, 0, 1_199_000));
  }
}
