package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.SampleSigner;
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
  private static final SampleSigner.Scheme SCHEME = SampleSigner.Scheme.FAST;

  private static EpochConfig ofEnclaves(int n) {
    return new SampleConsortium(SCHEME, n, 4).config();
  }

  private static List<AnnounceKey> keysOf(int members) {
    List<AnnounceKey> keys = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      Bytes key = SCHEME.signer("process " + i).publicKey();
      keys.add(new AnnounceKey(SampleConsortium.id(i), BFT_2P, key, Bytes.EMPTY));
    }
    return keys;
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
  void thereIsNoWayBackYet() {
    EpochConfig config = new SampleConsortium(SCHEME, 4, 4).in(BFT_2P).config();
    assertEquals(
        Optional.empty(),
        new SetMode(EpochConfig.Mode.TEE_1P).appliedTo(Constitution.of(config), keysOf(4)));
  }

  @Test
  void changesAreReadAsTheyWereWritten() {
    for (MembershipChange change :
        List.of(keysOf(1).getFirst(), new SetMode(BFT_2P), new SetMode(EpochConfig.Mode.TEE_1P))) {
      assertEquals(change, MembershipChange.decode(change.encode().toArray()));
    }
  }
}
