package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.junit.jupiter.api.Test;

final class EpochConfigTest {
  private static final EpochConfig CONFIG =
      new SampleConsortium(SampleSigner.Scheme.FAST, 3, 1).config();

  @Test
  void everyPrefixIsRefused() {
    byte[] bytes = CONFIG.encode().toArray();
    assertEquals(CONFIG, EpochConfig.decode(bytes));
    for (int length = 0; length < bytes.length; length++) {
      byte[] prefix = java.util.Arrays.copyOf(bytes, length);
      assertThrows(MalformedException.class, () -> EpochConfig.decode(prefix));
    }
  }

  @Test
  void everyChangedByteIsRefusedOrEncodesToItself() {
    byte[] bytes = CONFIG.encode().toArray();
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << bit);
        try {
          assertEquals(Bytes.of(changed), EpochConfig.decode(changed).encode());
        } catch (IllegalArgumentException refusal) {
          // as it should be
        }
      }
    }
  }

  @Test
  void theSuiteIsPartOfIt() {
    EpochConfig other = new SampleConsortium(SampleSigner.Scheme.SM2, 3, 1).config();
    assertEquals(Suite.ES256, EpochConfig.decode(CONFIG.encode().toArray()).suite());
    assertEquals(Suite.SM2_SM3, EpochConfig.decode(other.encode().toArray()).suite());
  }

  @Test
  void noKeyVotesInTwoSeats() {
    List<Bytes> keys = new ArrayList<>();
    CONFIG.members().forEach(member -> keys.add(member.votingKey()));
    keys.set(2, keys.get(0));
    assertThrows(
        MalformedException.class, () -> new SampleConsortium(SampleSigner.Scheme.FAST, 3, 1, keys));
  }

  @Test
  void numbersAreAtMostTwoToThe62() {
    assertEquals(1L << 62, new Reader(new Writer().u64(1L << 62).toArray(), "number").i64());
    for (long larger : new long[] {(1L << 62) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      Reader in = new Reader(new Writer().u64(larger).toArray(), "number");
      assertThrows(MalformedException.class, in::i64);
    }
  }
}
