package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RegisterTest {
  private final SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.ES256, 4, 4);
  private final Constitution genesis = Constitution.of(consortium.config());

  private static Bytes key(String name) {
    return SampleSigner.Scheme.ES256.signer(name).publicKey();
  }

  private static MembershipChange.RegisterInstitution registration(String id, int weight) {
    return new MembershipChange.RegisterInstitution(
        id,
        Institution.Category.REGULATOR,
        weight,
        key(id),
        key(id + "'s officers"),
        SampleEntries.hashOf(id + "'s links"));
  }

  private static Constitution after(Constitution before, MembershipChange... changes) {
    Constitution result = before;
    for (MembershipChange change : changes) {
      result = change.appliedTo(result, List.of()).orElseThrow();
    }
    return result;
  }

  @Test
  void aGenesisHasItsSeatsAndNothingElse() {
    assertEquals(
        List.of("member-a", "member-b", "member-c", "member-d"), genesis.register().electors());
    assertFalse(genesis.register().elections().held());
    assertEquals(genesis.register(), Register.of(consortium.config()));
  }

  @Test
  @Tag("6.2e")
  void aRegisterIsReadAsItWasWritten() {
    Constitution rich =
        after(
            genesis,
            registration("authority-x", 7),
            new MembershipChange.SetSuspended("member-c", true),
            new MembershipChange.SetElections(new Register.Elections(3, 50)));
    Register register =
        rich.register()
            .with(
                rich.register()
                    .institution("authority-x")
                    .orElseThrow()
                    .withDelegate(Optional.of("member-a"))
                    .withCandidacy(
                        Optional.of(
                            new Institution.Candidacy(
                                EpochConfig.Mode.TEE_1P, key("a voter"), Hash.ZERO))));
    Register again = Register.decode(register.encode().toArray());
    assertEquals(register, again);
    assertEquals(register.root(), again.root());
  }

  @Test
  void anythingThatChangesShowsInTheRoot() {
    Hash root = genesis.register().root();
    for (MembershipChange change :
        List.of(
            registration("authority-x", 1),
            registration("member-a", 2),
            new MembershipChange.SetSuspended("member-b", true),
            new MembershipChange.RemoveMember("member-b"),
            new MembershipChange.ReplaceLinkKey("member-b", Hash.ZERO),
            new MembershipChange.SetElections(new Register.Elections(3, 50)))) {
      assertNotEquals(root, after(genesis, change).register().root(), change.toString());
    }
  }

  @Test
  void whoHoldsTheRootCanBeShownAnInstitutionOrThatThereIsNone() {
    Register register = after(genesis, registration("authority-x", 1)).register();
    Bytes value = register.institution("authority-x").orElseThrow().encode();
    StateTree.Path path = register.path("authority-x");
    assertTrue(path.proves(register.root(), Register.key("authority-x"), value));
    assertFalse(path.proves(genesis.register().root(), Register.key("authority-x"), value));
    assertTrue(
        register.path("nobody-known").provesAbsence(register.root(), Register.key("nobody-known")));
  }

  @Test
  void institutionsWithoutASeatComeAfterTheMembers() {
    Constitution more = after(genesis, registration("authority-x", 1));
    assertEquals(
        List.of("member-a", "member-b", "member-c", "member-d", "authority-x"),
        more.participants().stream().map(Institution::id).toList());
    assertEquals(4, more.config().n());
  }

  @Test
  void whoIsSuspendedLosesItsSeatAndItsBallotsAndCanStillFollow() {
    Constitution less = after(genesis, new MembershipChange.SetSuspended("member-b", true));
    assertEquals(3, less.config().n());
    assertEquals(List.of("member-a", "member-c", "member-d"), less.register().electors());
    assertEquals("member-b", less.participants().get(3).id());
    Constitution again = after(less, new MembershipChange.SetSuspended("member-b", false));
    assertEquals(4, again.register().electors().size());
    assertEquals(3, again.config().n());
  }

  @Test
  void noMoreThanATenthOfAllWeightCountsAndNothingOfTheSuspended() {
    Register register =
        after(
                genesis,
                registration("authority-x", 90),
                registration("authority-y", 0),
                new MembershipChange.SetSuspended("member-b", true))
            .register();
    // 93 in all: the authority's 90 and one each of three members.
    assertEquals(
        Map.of("authority-x", 9L, "member-a", 1L, "member-c", 1L, "member-d", 1L),
        register.countedWeights());
  }

  @Test
  void whoIsExpelledIsGone() {
    Constitution less = after(genesis, new MembershipChange.RemoveMember("member-b"));
    assertEquals(3, less.participants().size());
    assertEquals(Optional.empty(), less.register().institution("member-b"));
  }

  @Test
  void otherKeysOfAMemberAreThoseOfItsSeatToo() {
    Constitution other = after(genesis, new MembershipChange.ReplaceLinkKey("member-b", Hash.ZERO));
    assertEquals(Hash.ZERO, other.seat("member-b").orElseThrow().linkKey());
    Constitution corrected = after(genesis, registration("member-b", 3));
    assertEquals(key("member-b"), corrected.seat("member-b").orElseThrow().signingKey());
    assertEquals(
        genesis.seat("member-b").orElseThrow().votingKey(),
        corrected.seat("member-b").orElseThrow().votingKey());
  }

  @Test
  void somebodyMustBeLeftToDecide() {
    Constitution alone =
        after(
            genesis,
            registration("member-a", 0),
            registration("member-b", 0),
            registration("member-c", 0));
    assertEquals(
        Optional.empty(),
        new MembershipChange.SetSuspended("member-d", true).appliedTo(alone, List.of()));
    assertEquals(Optional.empty(), registration("member-d", 0).appliedTo(alone, List.of()));
  }

  @Test
  void onlyMoreThanHalfOfTheWeightyDecide() {
    Constitution more =
        after(genesis, registration("authority-x", 1), registration("learner-y", 0));
    MembershipChange removal = new MembershipChange.RemoveMember("member-b");
    assertFalse(removal.isDecidedBy(List.of("member-a", "authority-x"), more));
    assertFalse(removal.isDecidedBy(List.of("member-a", "authority-x", "learner-y"), more));
    assertTrue(removal.isDecidedBy(List.of("member-a", "authority-x", "member-c"), more));
    assertTrue(
        new MembershipChange.Delegate("learner-y", "member-a")
            .isDecidedBy(List.of("learner-y"), more));
    assertFalse(
        new MembershipChange.Delegate("learner-y", "member-a")
            .isDecidedBy(List.of("member-a", "member-b", "member-c", "member-d"), more));
  }

  @Test
  void whatChangesNothingIsNotPossible() {
    assertFalse(new MembershipChange.SetSuspended("member-b", false).isPossibleIn(genesis));
    assertFalse(new MembershipChange.SetSuspended("stranger", true).isPossibleIn(genesis));
    assertFalse(new MembershipChange.Delegate("member-a", "stranger").isPossibleIn(genesis));
    assertFalse(new MembershipChange.Delegate("member-a", "").isPossibleIn(genesis));
    assertTrue(new MembershipChange.Delegate("member-a", "member-b").isPossibleIn(genesis));
    assertFalse(new MembershipChange.SetElections(Register.Elections.NONE).isPossibleIn(genesis));
  }

  @Test
  void changesAreReadAsTheyWereWritten() {
    for (MembershipChange change :
        List.of(
            registration("authority-x", 9),
            new MembershipChange.SetSuspended("member-b", true),
            new MembershipChange.Delegate("member-b", ""),
            new MembershipChange.Delegate("member-b", "member-c"),
            new MembershipChange.SetElections(new Register.Elections(21, 5_000)),
            new MembershipChange.ReplaceLinkKey("member-b", Hash.ZERO))) {
      assertEquals(change, MembershipChange.decode(change.encode().toArray()));
    }
  }

  /** What the register keeps must be what it can write: replaced bytes would not be. */
  @Test
  void aDelegateThatIsNoIdIsNoChange() {
    byte[] bytes = new MembershipChange.Delegate("member-b", "x".repeat(64)).encode().toArray();
    for (int at = bytes.length - 64; at < bytes.length; at++) {
      byte[] altered = bytes.clone();
      altered[at] = (byte) 0xff;
      assertThrows(MalformedException.class, () -> MembershipChange.decode(altered));
    }
    assertThrows(
        MalformedException.class, () -> new MembershipChange.Delegate("member-b", "x".repeat(65)));
  }

  @Test
  void whatIsNoElectionIsRefused() {
    for (int[] wrong :
        List.of(
            new int[] {4, 5},
            new int[] {1, 5},
            new int[] {65, 5},
            new int[] {3, 0},
            new int[] {0, 5},
            new int[] {3, -1},
            new int[] {3, 10_000_001})) {
      assertThrows(MalformedException.class, () -> new Register.Elections(wrong[0], wrong[1]));
    }
  }
}
