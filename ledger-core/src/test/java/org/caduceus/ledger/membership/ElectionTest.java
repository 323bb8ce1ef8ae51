package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.Institution.Category;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ElectionTest {
  private static final Hash SEED = SampleEntries.hashOf("the anchor");
  private final SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.FAST, 3, 4);

  private static Bytes key(String name) {
    return SampleSigner.Scheme.FAST.signer(name).publicKey();
  }

  /** Stands for election, and elects itself unless told otherwise. */
  private static Institution candidate(String id, Category category, int weight) {
    return new Institution(
        id,
        category,
        weight,
        false,
        Optional.empty(),
        key(id),
        key(id + "'s officers"),
        SampleEntries.hashOf(id),
        Optional.of(
            new Institution.Candidacy(EpochConfig.Mode.TEE_1P, key(id + "'s enclave"), Hash.ZERO)));
  }

  private Constitution with(int seats, List<Institution> institutions) {
    Constitution result = Constitution.of(consortium.config());
    Register register = result.register().with(new Register.Elections(seats, 10));
    for (Institution each : institutions) {
      register = register.with(each);
    }
    return result.with(register);
  }

  private static List<String> elected(Constitution constitution) {
    return new Election(constitution, SEED).committee().stream().map(Member::id).toList();
  }

  @Test
  @Tag("6.2e")
  void theMostElectedGetTheSeats() {
    List<Institution> some = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String chosen = i < 8 ? "hospital-00" : i < 14 ? "pharmacy-01" : "insurer-02";
      Category category =
          i == 0
              ? Category.HOSPITAL
              : i == 1 ? Category.PHARMACY : i == 2 ? Category.INSURER : Category.OTHER;
      String id =
          i == 0 ? "hospital-00" : i == 1 ? "pharmacy-01" : i == 2 ? "insurer-02" : "other-" + i;
      some.add(candidate(id, category, 10).withDelegate(Optional.of(chosen)));
    }
    assertEquals(List.of("hospital-00", "insurer-02", "pharmacy-01"), elected(with(3, some)));
  }

  @Test
  void noWeightCountsForMoreThanATenth() {
    List<Institution> some = new ArrayList<>();
    some.add(candidate("whale", Category.OTHER, 1_000));
    for (int i = 10; i < 30; i++) {
      some.add(candidate("other-" + i, Category.OTHER, 10));
    }
    Map<String, Long> votes = new Election(with(3, some), SEED).votes();
    long total = 1_000 + 20 * 10 + 3; // the genesis' members weigh 1 each
    assertEquals(total / 10, votes.get("whale"));
    assertEquals(10L, votes.get("other-10"));
  }

  @Test
  void noCategoryGetsMoreThanHalfWhereOthersStand() {
    List<Institution> some = new ArrayList<>();
    for (int i = 10; i < 20; i++) {
      some.add(candidate("hospital-" + i, Category.HOSPITAL, 100));
    }
    for (int i = 10; i < 16; i++) {
      some.add(candidate("pharmacy-" + i, Category.PHARMACY, 5));
    }
    List<String> elected = elected(with(7, some));
    assertEquals(7, elected.size());
    assertEquals(3, elected.stream().filter(id -> id.startsWith("hospital")).count());
  }

  @Test
  void aRegulatorGetsASeatIfOneStands() {
    List<Institution> some = new ArrayList<>();
    for (int i = 10; i < 20; i++) {
      some.add(candidate("hospital-" + i, i % 2 == 0 ? Category.HOSPITAL : Category.PHARMACY, 50));
    }
    some.add(candidate("regulator", Category.REGULATOR, 1));
    assertTrue(elected(with(5, some)).contains("regulator"));
  }

  @Test
  void aFullCommitteeComesBeforeTheQuota() {
    assertEquals(3, elected(with(5, List.of())).size());
    List<Institution> hospitals = new ArrayList<>();
    for (int i = 10; i < 14; i++) {
      hospitals.add(candidate("hospital-" + i, Category.HOSPITAL, 100));
    }
    assertEquals(7, elected(with(7, hospitals)).size());
  }

  @Test
  void theSuspendedAndThoseWithoutAVoterAreNotElected() {
    List<Institution> some = new ArrayList<>();
    for (int i = 10; i < 16; i++) {
      some.add(candidate("other-" + i, Category.OTHER, 100));
    }
    some.set(0, some.get(0).withSuspended(true));
    some.set(1, some.get(1).withCandidacy(Optional.empty()));
    some.set(
        2,
        some.get(2)
            .withCandidacy(
                Optional.of(
                    new Institution.Candidacy(
                        EpochConfig.Mode.BFT_2P, key("a process"), Hash.ZERO))));
    List<String> elected = elected(with(9, some));
    assertEquals(
        List.of("member-a", "member-b", "member-c", "other-13", "other-14", "other-15"), elected);
  }

  private BallotBox box(Register register) {
    return BallotBox.of(
        EpochChain.Beginning.genesis(consortium.config()),
        register,
        SampleSigner.Scheme.FAST.verifier());
  }

  private SignedEntry ballot(int member, MembershipChange change) {
    EpochConfig config = consortium.config();
    Bytes signature =
        SampleSigner.Scheme.FAST
            .signer("governance " + member)
            .sign(Ballot.signedBytes(config.hash(), change));
    return SampleEntries.sign(
        new Ballot(config.hash(), change, signature)
            .entry(config.chainId(), SampleConsortium.id(member), "officer", 0),
        consortium.institution(member));
  }

  @Test
  @Tag("6.1c")
  @Tag("6.2b")
  void anOutlookCountsWhatIsFinalAndComesTrueWhenTheElectionIsDue() {
    Register register =
        with(3, List.of(candidate("authority-x", Category.REGULATOR, 5))).register();
    Outlook before = box(register).outlook().orElseThrow();
    assertEquals(10, before.dueHeight());
    assertEquals(
        Map.of("member-a", 1L, "member-b", 1L, "member-c", 1L, "authority-x", 1L), before.votes());
    assertTrue(before.committee().contains("authority-x"), "a regulator stands");
    BallotBox later =
        box(register)
            .after(List.of(ballot(0, new MembershipChange.Delegate("member-a", "member-b"))));
    Outlook after = later.outlook().orElseThrow();
    assertEquals(Map.of("member-b", 2L, "member-c", 1L, "authority-x", 1L), after.votes());
    assertEquals(List.of("authority-x", "member-b", "member-c"), after.committee());
    assertEquals(Optional.empty(), later.next(after.dueHeight() - 1));
    assertEquals(
        after.committee(),
        later.next(after.dueHeight()).orElseThrow().config().members().stream()
            .map(Member::id)
            .toList());
  }

  @Test
  void whereNoneIsHeldThereIsNoOutlook() {
    assertEquals(Optional.empty(), box(Register.of(consortium.config())).outlook());
  }

  @Test
  void tiesAreBrokenByTheSeed() {
    List<Institution> some = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      some.add(candidate("other-" + i, Category.OTHER, 1));
    }
    Constitution constitution = with(5, some);
    List<Member> one = new Election(constitution, SEED).committee();
    assertEquals(one, new Election(constitution, SEED).committee());
    assertNotEquals(one, new Election(constitution, SampleEntries.hashOf("other")).committee());
  }

  /** Whatever stands for election: the quotas hold where they can, and the best are in. */
  @Test
  void quotasHoldInRandomElections() {
    SplittableRandom random = new SplittableRandom(20_261_129);
    for (int run = 0; run < 300; run++) {
      List<Institution> some = new ArrayList<>();
      int count = 3 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        Category category = Category.of(1 + random.nextInt(6));
        String chosen = "i-" + (100 + random.nextInt(count));
        some.add(
            candidate("i-" + (100 + i), category, random.nextInt(50))
                .withDelegate(Optional.of(chosen))
                .withSuspended(random.nextInt(8) == 0));
      }
      int seats = 3 + 2 * random.nextInt(8);
      Constitution constitution = with(seats, some);
      List<Member> committee = new Election(constitution, SEED).committee();
      long standing =
          constitution.register().institutions().stream().filter(it -> !it.suspended()).count();
      assertEquals(Math.min(seats, standing), committee.size());
      Map<Category, Integer> taken = new EnumMap<>(Category.class);
      committee.forEach(
          seat ->
              taken.merge(
                  constitution.register().institution(seat.id()).orElseThrow().category(),
                  1,
                  Integer::sum));
      boolean regulatorStands =
          constitution.register().institutions().stream()
              .anyMatch(it -> !it.suspended() && it.category() == Category.REGULATOR);
      assertEquals(regulatorStands, taken.containsKey(Category.REGULATOR));
      assertTrue(
          committee.stream()
              .noneMatch(
                  seat ->
                      constitution.register().institution(seat.id()).orElseThrow().suspended()));
      Map<Category, Long> others = new EnumMap<>(Category.class);
      constitution.register().institutions().stream()
          .filter(it -> !it.suspended())
          .forEach(it -> others.merge(it.category(), 1L, Long::sum));
      long most = Math.max(1, committee.size() / 2);
      long fillable = others.values().stream().mapToLong(it -> Math.min(it, most)).sum();
      if (fillable >= committee.size()) {
        taken.forEach((category, held) -> assertTrue(held <= most, category + " holds " + held));
      }
    }
  }
}
