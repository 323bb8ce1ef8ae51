package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.caduceus.enclave.attestation.PlatformVerifiers;
import org.caduceus.enclave.attestation.TrustedRoots;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.membership.EpochConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member whose evidence is refused is named to operators, and cannot fill their log. */
final class RefusedEvidenceTest {
  private static final String MEMBER = SampleConsortium.id(1);
  private static final String OTHER = SampleConsortium.id(2);

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("org.caduceus.ledger");
  private final Handler listening =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          said.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final EpochConfig config =
      new SampleConsortium(SampleSigner.Scheme.ES256, 3, 16).config();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final AttestationExchange exchange =
      new AttestationExchange(
          () -> config,
          activated ->
              PlatformVerifiers.trusting(
                  TrustedRoots.none(), TrustedRoots.none(), TrustedRoots.none(), activated),
          SignatureVerifier.es256(),
          () -> now);

  @BeforeEach
  void listen() {
    logger.addHandler(listening);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(listening);
  }

  /** Each length is refused in other words. */
  private void show(String member, int length) {
    exchange.shown(member, Bytes.of(new byte[100_000 + length]), nonce -> OptionalLong.of(0));
  }

  @Test
  void whatIsRefusedInOtherWordsWithEachMessageIsSaidOnceAMinute() {
    for (int length = 0; length < 1_000; length++) {
      show(MEMBER, length);
    }
    assertEquals(1, said.size(), said::toString);
    show(OTHER, 0);
    assertEquals(2, said.size(), "of each member");
    now = now.plus(Duration.ofMinutes(1));
    show(MEMBER, 7);
    assertEquals(3, said.size(), said::toString);
  }

  @Test
  void whatIsRefusedInTheSameWordsIsSaidOnce() {
    for (int minute = 0; minute < 5; minute++) {
      show(MEMBER, 0);
      now = now.plus(Duration.ofMinutes(1));
    }
    assertEquals(1, said.size(), said::toString);
  }
}
