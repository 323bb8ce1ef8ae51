package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.SampleEvidence;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of epochs as members live them; the invariants watch every step. */
final class EpochsTest {
  private static Cluster cluster(int n) {
    return new Cluster(new SplittableRandom(n), Cluster.Design.sound(n, 4));
  }

  private static void submitAtAll(Cluster cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      cluster.submit(i);
    }
  }

  private static void everythingIsFinalWithin(Cluster cluster, long ms) {
    cluster.run(ms);
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  private static void allVoteInEpoch(Cluster cluster, long epoch) {
    for (int i = 0; i < cluster.size(); i++) {
      assertEquals(epoch, cluster.replica(i).config().epoch(), cluster::describe);
      assertTrue(cluster.replica(i).voting(), cluster::describe);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 7})
  @Tag("6.2e")
  void aMemberWhoseEnclaveIsGoneGetsItsSeatBackUnderANewKey(int n) {
    Cluster cluster = cluster(n);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 1_000);
    cluster.loseEnclave(1);
    cluster.askForSeat(1);
    everythingIsFinalWithin(cluster, 20_000);
    allVoteInEpoch(cluster, 2);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 5_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("6.2e")
  void everyMemberInTurnIsRestartedUnderLoad(int n) {
    Cluster cluster = cluster(n);
    for (int member = 0; member < n; member++) {
      submitAtAll(cluster);
      cluster.loseEnclave(member);
      cluster.askForSeat(member);
      for (int i = 0; i < 40; i++) {
        submitAtAll(cluster);
        cluster.run(100);
      }
      everythingIsFinalWithin(cluster, 20_000);
      allVoteInEpoch(cluster, 2 + member);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7})
  @Tag("8.5a")
  void aConsortiumWhoseEnclavesAreAllGoneGoesOnWithTheApprovalOfItsOfficers(int n) {
    Cluster cluster = cluster(n);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 1_000);
    submitAtAll(cluster);
    cluster.run(3);
    for (int i = 0; i < n; i++) {
      cluster.loseEnclave(i);
    }
    everythingIsFinalWithin(cluster, 60_000);
    allVoteInEpoch(cluster, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("8.5a")
  void membersThatStillHaveTheirKeysGiveThemUpWhenTooManyLostTheirs(int n) {
    Cluster cluster = cluster(n);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 1_000);
    for (int i = 0; i <= (n - 1) / 2; i++) {
      cluster.loseEnclave(i);
    }
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 60_000);
    allVoteInEpoch(cluster, 2);
  }

  @Test
  void aRuleThatMostMembersVoteForHoldsFromTheNextEpochOn() {
    Cluster cluster = cluster(4);
    MembershipChange rules =
        new MembershipChange.SetRules(
            8, 700, 5_000, 50, 50_000, AssuranceTier.SIMULATED, 0, List.of());
    cluster.cast(0, rules);
    cluster.cast(1, rules);
    everythingIsFinalWithin(cluster, 2_000);
    assertEquals(1, cluster.replica(0).config().epoch());
    cluster.cast(2, rules);
    everythingIsFinalWithin(cluster, 10_000);
    allVoteInEpoch(cluster, 2);
    assertEquals(8, cluster.replica(3).config().slotK());
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 5_000);
  }

  @Test
  void aMemberThatIsExpelledVotesNoMoreAndTheOthersGoOn() {
    Cluster cluster = cluster(4);
    MembershipChange removal = new MembershipChange.RemoveMember(SampleConsortium.id(3));
    for (int i = 0; i < 3; i++) {
      cluster.cast(i, removal);
    }
    everythingIsFinalWithin(cluster, 10_000);
    assertFalse(cluster.replica(3).voting());
    assertEquals(3, cluster.replica(0).config().n());
    for (int i = 0; i < 3; i++) {
      cluster.submit(i);
    }
    everythingIsFinalWithin(cluster, 10_000);
  }

  private static void castByAll(Cluster cluster, List<Integer> members, MembershipChange change) {
    members.forEach(member -> cluster.castUnnoticed(member, change));
  }

  private static Member candidate(Cluster cluster, int member, Bytes evidence) {
    Institution own =
        cluster.replica(0).register().institution(SampleConsortium.id(member)).orElseThrow();
    return new Member(
        own.id(),
        cluster.enclave(member).votingKey(EpochConfig.Mode.TEE_1P),
        own.signingKey(),
        own.governanceKey(),
        own.linkKey(),
        Hash.sha256(evidence.toArray()));
  }

  @Test
  @Tag("6.2e")
  void whoIsSuspendedFollowsAndIsNotHeardUntilItIsReinstated() {
    Cluster cluster = cluster(4);
    String id = SampleConsortium.id(1); // not the last: the others' seats get other indexes
    for (int i = 0; i < 1_500; i++) {
      // More than a block: some wait in every pool when the suspension begins, and must not spoil
      // the blocks after it.
      cluster.castUnnoticed(1, new MembershipChange.Delegate(id, SampleConsortium.id(i % 4)));
    }
    cluster.run(60);
    castByAll(cluster, List.of(0, 2, 3), new MembershipChange.SetSuspended(id, true));
    cluster.run(5_000);
    assertEquals(3, cluster.replica(0).config().n());
    assertFalse(cluster.replica(1).voting());
    List.of(0, 2, 3).forEach(cluster::submit);
    everythingIsFinalWithin(cluster, 5_000); // at the suspended one too
    long height = cluster.height();
    cluster.castUnnoticed(1, new MembershipChange.Delegate(id, ""));
    cluster.run(5_000);
    assertEquals(height, cluster.height(), "an entry of the suspended one became final");
    castByAll(cluster, List.of(0, 2), new MembershipChange.SetSuspended(id, false));
    cluster.run(5_000);
    assertEquals(3, cluster.replica(1).config().epoch(), cluster::describe);
    cluster.submit(1);
    everythingIsFinalWithin(cluster, 5_000); // without a seat
    cluster.loseEnclave(1); // what had a seat once has no key any more
    Bytes evidence = new SampleEvidence().own(cluster.replica(1).tip()).orElseThrow();
    castByAll(
        cluster,
        List.of(0, 2, 3),
        new MembershipChange.AddMember(candidate(cluster, 1, evidence), evidence));
    cluster.run(5_000);
    allVoteInEpoch(cluster, 4);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 5_000);
  }

  @Test
  @Tag("6.2e")
  void aCommitteeIsElectedByWeightsAndTheOthersFollowAndSend() {
    Cluster cluster = cluster(5);
    castByAll(
        cluster, List.of(0, 1, 2), new MembershipChange.SetElections(new Register.Elections(3, 6)));
    cluster.run(5_000);
    assertEquals(3, cluster.replica(0).config().n(), cluster::describe);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 5_000);

    int outsider =
        IntStream.range(0, 5)
            .filter(each -> !cluster.replica(each).voting())
            .findFirst()
            .orElseThrow();
    String id = SampleConsortium.id(outsider);
    cluster.loseEnclave(outsider);
    Bytes evidence = new SampleEvidence().own(cluster.replica(outsider).tip()).orElseThrow();
    cluster.castUnnoticed(
        outsider,
        new MembershipChange.AnnounceKey(
            id,
            EpochConfig.Mode.TEE_1P,
            cluster.enclave(outsider).votingKey(EpochConfig.Mode.TEE_1P),
            evidence));
    for (int member = 0; member < 5; member++) {
      cluster.castUnnoticed(
          member,
          new MembershipChange.Delegate(SampleConsortium.id(member), member == outsider ? "" : id));
    }
    long epoch = cluster.replica(0).config().epoch();
    for (int i = 0; i < 12; i++) {
      submitAtAll(cluster);
      cluster.run(500);
    }
    everythingIsFinalWithin(cluster, 5_000);
    assertTrue(cluster.replica(0).config().epoch() > epoch, cluster::describe);
    assertTrue(cluster.replica(outsider).voting(), cluster::describe);
    assertEquals(
        Optional.of(id),
        cluster
            .replica(0)
            .register()
            .institution(SampleConsortium.id((outsider + 1) % 5))
            .orElseThrow()
            .delegate());
  }

  @Test
  void evidenceThatPolicyRefusesGivesNoSeat() {
    Cluster cluster = cluster(3);
    cluster.loseEnclave(0);
    cluster.castUnnoticed(
        1,
        new MembershipChange.ReplaceKey(
            SampleConsortium.id(1),
            cluster.consortium().scheme().signer("a stranger").publicKey(),
            SampleEvidence.REFUSED));
    cluster.run(20_000);
    assertEquals(1, cluster.replica(1).config().epoch());
  }

  @Test
  void aBallotOfAnotherInstitutionCountsForNothing() {
    Cluster cluster = cluster(3);
    Bytes key = cluster.consortium().scheme().signer("a stranger").publicKey();
    cluster.cast(
        1,
        new MembershipChange.ReplaceKey(
            SampleConsortium.id(0), key, new SampleEvidence().own(Hash.ZERO).orElseThrow()));
    everythingIsFinalWithin(cluster, 5_000);
    assertEquals(1, cluster.replica(0).config().epoch());
  }
}
