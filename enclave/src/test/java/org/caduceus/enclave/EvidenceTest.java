package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real enclave says of itself is accepted for its own seat, and nothing else is. */
@Tag("6.1a")
final class EvidenceTest {
  private static final Hash NONCE = SampleEntries.hashOf("a block");
  private static final SampleSigner OTHER = SampleSigner.Scheme.ES256.signer("somebody else");

  private final SignatureVerifier signatures = SignatureVerifier.es256();

  @TempDir Path home;
  private SampleEnclave enclave;
  private EpochConfig config;
  private Bytes encoded;

  @BeforeEach
  void enterAnEpoch() {
    enclave = SampleEnclave.start(home, SampleEntries.CHAIN, "member-a");
    EnclaveClient client = new EnclaveClient(enclave.process());
    EnclaveInfo info = client.info();
    config = config(info.votingKey(), info.signingKey());
    assertTrue(
        new TeeVoter(enclave.process()).enterEpoch(List.of(EpochProof.genesis(config))),
        "Expected a seat");
    encoded = client.evidence(NONCE);
  }

  @AfterEach
  void stop() throws Exception {
    enclave.close();
  }

  @Test
  void isAcceptedForItsOwnSeat() {
    Evidence evidence = Evidence.decode(encoded);
    assertEquals(Optional.empty(), evidence.violation(config, 0, signatures));
    assertEquals(AssuranceTier.SIMULATED, evidence.tier());
    assertEquals(NONCE, evidence.nonce());
    assertEquals(Bytes.EMPTY, evidence.platform());
  }

  @Test
  void isRefusedForAnotherSeat() {
    assertRefused("member", Evidence.decode(encoded), config, 1);
  }

  @Test
  void isRefusedInAnotherEpoch() {
    Member own = config.members().get(0);
    EpochConfig other = config(own.votingKey(), OTHER.publicKey());
    assertRefused("epoch", Evidence.decode(encoded), other, 0);
  }

  @Test
  void isRefusedWithAnyByteChanged() {
    byte[] bytes = encoded.toArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 1;
      Bytes changed = Bytes.of(bytes);
      bytes[i] ^= 1;
      try {
        Evidence evidence = Evidence.decode(changed);
        assertTrue(
            evidence.violation(config, 0, signatures).isPresent(),
            "Expected a refusal, but byte " + i + " may be changed");
      } catch (MalformedException e) {
        assertTrue(e.getMessage().startsWith("Expected"), e.getMessage());
      }
    }
  }

  @Test
  void isMalformedWhenCutOrLonger() {
    byte[] bytes = encoded.toArray();
    for (int length = 0; length < bytes.length; length += 7) {
      Bytes cut = Bytes.of(bytes, 0, length);
      assertThrows(MalformedException.class, () -> Evidence.decode(cut));
    }
    Bytes longer = Bytes.fromHex(encoded.toHex() + "00");
    assertThrows(MalformedException.class, () -> Evidence.decode(longer));
  }

  @Test
  void isNotBelievedAtATierThatNobodyVerified() {
    EpochConfig theirs = config(OTHER.publicKey(), OTHER.publicKey());
    Bytes claims =
        Bytes.wrap(
            new Writer()
                .tag("CDC1EVID")
                .u8(1)
                .u8(AssuranceTier.ENCLAVE_SGX.code())
                .u8(2)
                .flag(false)
                .bytes(new byte[48])
                .hash(SampleEntries.CHAIN)
                .u8("member-a".length())
                .bytes("member-a".getBytes(StandardCharsets.US_ASCII))
                .hash(theirs.hash())
                .bytes(OTHER.publicKey())
                .bytes(OTHER.publicKey())
                .hash(NONCE)
                .u32(0)
                .toArray());
    Bytes made = Bytes.wrap(new Writer().bytes(claims).bytes(OTHER.sign(claims)).toArray());
    assertRefused("ENCLAVE_SGX", Evidence.decode(made), theirs, 0);
  }

  private void assertRefused(String why, Evidence evidence, EpochConfig config, int seat) {
    String violation = evidence.violation(config, seat, signatures).orElse("accepted");
    assertTrue(violation.contains(why), "Expected a refusal for " + why + ", but got " + violation);
  }

  private static EpochConfig config(Bytes votingKey, Bytes signingKey) {
    return new EpochConfig(
        SampleEntries.CHAIN,
        1,
        EpochConfig.Mode.TEE_1P,
        16,
        500,
        4_000,
        100,
        100_000,
        List.of(
            member("member-a", votingKey, signingKey),
            member("member-b", key("voting b"), key("signing b"))),
        List.of());
  }

  private static Member member(String id, Bytes votingKey, Bytes signingKey) {
    Hash any = SampleEntries.hashOf(id);
    return new Member(id, votingKey, signingKey, key("governance " + id), any, any);
  }

  private static Bytes key(String name) {
    return SampleSigner.Scheme.ES256.signer(name).publicKey();
  }
}
