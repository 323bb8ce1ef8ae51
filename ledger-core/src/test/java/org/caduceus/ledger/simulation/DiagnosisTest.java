package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Standing;
import org.junit.jupiter.api.Test;

/** What an operator reads while nothing moves. */
final class DiagnosisTest {
  private final Cluster cluster = new Cluster(new SplittableRandom(5), Cluster.Design.sound(3, 4));

  private String said(int member) {
    return cluster.summary(member);
  }

  private void assertSays(int member, String part) {
    assertTrue(said(member).contains(part), () -> said(member));
  }

  @Test
  void twoOfThreeMembersAreDown() {
    cluster.submit(0);
    cluster.run(1_000);
    cluster.crash(1);
    cluster.crash(2);
    cluster.submit(0);
    cluster.run(30_000);
    assertSays(0, "1 entries wait");
    assertSays(0, "heard from 1 of 3 members, but a quorum is 2");
    assertSays(0, "silent: member-b for 3");
    assertSays(0, ", member-c for 3");
  }

  /** It may lie, and is not the reason why nothing becomes final. */
  @Test
  void whatASilentMemberSaidOfItsHeightHidesNoLostQuorum() {
    cluster.run(1_000);
    cluster.tell(0, 2, new PeerMessage.StatusAnnouncement(1, 1L << 60, 1, true));
    cluster.crash(1);
    cluster.crash(2);
    cluster.submit(0);
    cluster.run(30_000);
    assertEquals(Standing.Mood.STUCK, cluster.standing(0).mood());
    assertSays(0, "heard from 1 of 3 members, but a quorum is 2");
  }

  @Test
  void oneMemberThatIsDownStopsNothingAndIsNamed() {
    cluster.crash(2);
    cluster.submit(0);
    cluster.run(40_000);
    assertEquals(Optional.empty(), cluster.unfinished());
    assertSays(0, "nothing waits");
    assertSays(0, "silent: member-c for 3");
  }

  @Test
  void theOneWhoseStatementAColdStartNeedsIsNamed() {
    cluster.submit(0);
    cluster.run(1_000);
    cluster.crash(2);
    cluster.loseEnclave(0);
    cluster.loseEnclave(1);
    cluster.run(30_000);
    assertSays(0, "2 of 3 members have no voting key any more, so no quorum is left");
    assertSays(0, "a cold start needs the statements of 3; not stated: member-c");
  }

  @Test
  void theOneWhosePlanAColdStartWaitsForIsNamed() {
    for (int member = 0; member < 3; member++) {
      cluster.loseEnclave(member);
    }
    cluster.run(3_500);
    assertSays(1, "nobody told a plan for the cold start yet; first to make one: member-a");
  }

  @Test
  void theOneThatShowsNobodyTheBlockItStatesIsNamed() {
    int leader = cluster.leader(1);
    List<Misdeed> hides =
        Stream.of("withholds proposals", "withholds blocks")
            .map(name -> Misdeeds.named(name, List.of()))
            .toList();
    cluster.corrupt(leader, hides);
    cluster.submit(leader);
    cluster.run(200);
    for (int member = 0; member < 3; member++) {
      cluster.loseEnclave(member);
    }
    cluster.run(180_000);
    for (int member = 0; member < 3; member++) {
      if (member != leader) {
        assertSays(
            member,
            SampleConsortium.id(leader)
                + " stated a block of height 1 that nobody shows, though it may be final: that node"
                + " has to; without it a cold start needs the statements of 3 others, and there"
                + " are 2");
        assertEquals(Standing.Mood.STUCK, cluster.standing(member).mood(), said(member));
      }
    }
  }
}
