package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.NobodysKey;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.MembershipChange.AnnounceKey;
import org.caduceus.ledger.membership.MembershipChange.SetMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mode asks of a consortium, and how one becomes another. */
final class ModeTest {
  private static final EpochConfig.Mode BFT_2P = EpochConfig.Mode.BFT_2P;
  private static final EpochConfig.Mode TEE_1P = EpochConfig.Mode.TEE_1P;
  private static final Bytes EVIDENCE = Bytes.wrap(new byte[] {1});
  private static final SampleSigner.Scheme SCHEME = SampleSigner.Scheme.FAST;

  private static EpochConfig ofEnclaves(int n) {
    return new SampleConsortium(SCHEME, n, 4).config();
  }

  private static EpochConfig ofProcesses(int n) {
    return new SampleConsortium(SCHEME, n, 4).in(BFT_2P).config();
  }

  private static List<AnnounceKey> keysOf(int members) {
    List<AnnounceKey> keys = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      keys.add(key(i, BFT_2P, "process " + i));
    }
    return keys;
  }

  private static AnnounceKey key(int member, EpochConfig.Mode mode, String name) {
    Bytes evidence = mode == BFT_2P ? Bytes.EMPTY : EVIDENCE;
    return new AnnounceKey(
        SampleConsortium.id(member), mode, SCHEME.signer(name).publicKey(), evidence);
  }

  private static List<AnnounceKey> enclavesOf(int members) {
    List<AnnounceKey> keys = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      keys.add(key(i, TEE_1P, "enclave " + i));
    }
    return keys;
  }

  /** What a block with everybody's ballots for these decides, in their order. */
  private static Optional<EpochConfig> decided(EpochConfig config, MembershipChange... changes) {
    List<SignedEntry> entries = new ArrayList<>();
    for (MembershipChange change : changes) {
      for (int member = 0; member < config.n(); member++) {
        if (change.owner().map(SampleConsortium.id(member)::equals).orElse(true)) {
          entries.add(ballot(config, member, change, entries.size()));
        }
      }
    }
    return BallotBox.of(
            EpochChain.Beginning.genesis(config), Register.of(config), SCHEME.verifier())
        .after(entries)
        .next(1)
        .map(Constitution::config);
  }

  private static SignedEntry ballot(
      EpochConfig config, int member, MembershipChange change, int number) {
    Bytes signature =
        SCHEME.signer("governance " + member).sign(Ballot.signedBytes(config.hash(), change));
    return SampleEntries.sign(
        new Ballot(config.hash(), change, signature)
            .entry(config.chainId(), SampleConsortium.id(member), "officer", number),
        new SampleConsortium(SCHEME, config.n(), 4).institution(member));
  }

  @ParameterizedTest
  @CsvSource({"4, 1, 3", "5, 1, 4", "6, 1, 4", "7, 2, 5", "10, 3, 7", "26, 8, 18"})
  void twoQuorumsMeetInAnHonestMemberAndTheHonestAreOne(int n, int faults, int quorum) {
    EpochConfig config = new SampleConsortium(SCHEME, n, 4).in(BFT_2P).config();
    assertEquals(faults, config.faults());
    assertEquals(quorum, config.quorum());
    assertTrue(2 * quorum - n > faults && n - faults >= quorum);
    assertEquals(config, EpochConfig.decode(config.encode().toArray()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void fewerThanFourAreRefused(int n) {
    SampleConsortium consortium = new SampleConsortium(SCHEME, n, 4);
    String message =
        assertThrows(MalformedException.class, () -> consortium.in(BFT_2P)).getMessage();
    assertTrue(message.contains("4 to 64 members"), message);
    assertEquals(
        Optional.empty(),
        new SetMode(BFT_2P).appliedTo(Constitution.of(consortium.config()), keysOf(n)));
  }

  @Test
  void theAnnouncedKeysGetTheSeats() {
    EpochConfig next =
        new SetMode(BFT_2P)
            .appliedTo(Constitution.of(ofEnclaves(4)), keysOf(3))
            .orElseThrow()
            .config();
    assertEquals(BFT_2P, next.mode());
    assertEquals(SCHEME.signer("process 2").publicKey(), next.members().get(2).votingKey());
    assertEquals(ofEnclaves(4).members().get(3), next.members().get(3));
  }

  @Test
  void tooFewKeysAreNotEnough() {
    assertEquals(
        Optional.empty(), new SetMode(BFT_2P).appliedTo(Constitution.of(ofEnclaves(4)), keysOf(2)));
    assertEquals(
        Optional.empty(), new SetMode(BFT_2P).appliedTo(Constitution.of(ofEnclaves(6)), keysOf(4)));
    assertTrue(
        new SetMode(BFT_2P).appliedTo(Constitution.of(ofEnclaves(6)), keysOf(5)).isPresent());
  }

  @Test
  void onTheWayBackEnclavesGetTheSeats() {
    EpochConfig next =
        new SetMode(TEE_1P)
            .appliedTo(Constitution.of(ofProcesses(4)), enclavesOf(4))
            .orElseThrow()
            .config();
    assertEquals(TEE_1P, next.mode());
    assertEquals(SCHEME.signer("enclave 3").publicKey(), next.members().get(3).votingKey());
    assertEquals(Hash.sha256(EVIDENCE.toArray()), next.members().get(3).evidence());
    assertEquals(
        Optional.empty(),
        new SetMode(TEE_1P).appliedTo(Constitution.of(ofProcesses(4)), keysOf(4)));
  }

  /** With n = 7 two quorums of TEE-1P share one member: it must not be one that signs twice. */
  @Test
  void noKeyOfAProcessVotesInTee() {
    EpochConfig before = ofProcesses(7);
    EpochConfig next =
        new SetMode(TEE_1P)
            .appliedTo(Constitution.of(before), enclavesOf(4))
            .orElseThrow()
            .config();
    for (int member = 4; member < 7; member++) {
      Bytes key = next.members().get(member).votingKey();
      assertNotEquals(before.members().get(member).votingKey(), key);
      assertEquals(
          NobodysKey.of(Suite.ES256, before.chainId(), 1, SampleConsortium.id(member)), key);
    }
    assertEquals(
        Optional.empty(), new SetMode(TEE_1P).appliedTo(Constitution.of(before), enclavesOf(3)));
  }

  /** Computed apart from this code, with integers of any size. */
  @Test
  void nobodysKeyIsAPointOfTheSuitesCurve() {
    Hash chain = Hash.fromHex("07".repeat(32));
    assertEquals(
        "0443afbb0e16cad559554741fe74f12cea397286d9a894d87c3953f05400ad4387"
            + "ee864649544d1f8714bc517d4511d9c4ee0bc2d71fb21a7e41d842596a294c68",
        NobodysKey.of(Suite.ES256, chain, 3, "member-b").toHex());
    assertEquals(
        "0415c15c20d29066c6e62b997412c37e2be9ad4efe5551e2a5264c3db461b5b521"
            + "8a74725b676f68b8d0b8536b204c31f740087d6a4fea1fafc0624e92a0eaa2aa",
        NobodysKey.of(Suite.SM2_SM3, chain, 3, "member-b").toHex());
  }

  @Test
  void anotherMembersKeyIsNotTaken() {
    List<AnnounceKey> keys = new ArrayList<>(keysOf(3));
    keys.add(key(3, BFT_2P, "process 0")); // after member-a
    EpochConfig next =
        new SetMode(BFT_2P).appliedTo(Constitution.of(ofEnclaves(4)), keys).orElseThrow().config();
    assertEquals(SCHEME.signer("process 0").publicKey(), next.members().get(0).votingKey());
    assertEquals(ofEnclaves(4).members().get(3), next.members().get(3));
  }

  @Test
  void ballotsDecideAModeOnceTheKeysAreThere() {
    EpochConfig config = ofProcesses(4);
    MembershipChange[] changes = enclavesOf(3).toArray(MembershipChange[]::new);
    assertEquals(Optional.empty(), decided(config, new SetMode(TEE_1P), changes[0], changes[1]));
    EpochConfig next =
        decided(config, new SetMode(TEE_1P), changes[0], changes[1], changes[2]).orElseThrow();
    assertEquals(TEE_1P, next.mode());
    assertEquals(2, next.epoch());
  }

  /** A process's key was shown for BFT-2P: it must not slip into the seat behind the mode. */
  @Test
  void whatIsDecidedAfterAModeIsLeftOut() {
    EpochConfig config = ofProcesses(4);
    MembershipChange process =
        new MembershipChange.ReplaceKey(
            SampleConsortium.id(3), SCHEME.signer("another process").publicKey(), Bytes.EMPTY);
    List<MembershipChange> changes = new ArrayList<>(enclavesOf(4));
    changes.add(new SetMode(TEE_1P));
    EpochConfig wanted = decided(config, changes.toArray(MembershipChange[]::new)).orElseThrow();
    changes.add(process);
    assertEquals(wanted, decided(config, changes.toArray(MembershipChange[]::new)).orElseThrow());
  }

  @Test
  void changesAreReadAsTheyWereWritten() {
    for (MembershipChange change :
        List.of(keysOf(1).getFirst(), new SetMode(BFT_2P), new SetMode(EpochConfig.Mode.TEE_1P))) {
      assertEquals(change, MembershipChange.decode(change.encode().toArray()));
    }
  }
}
