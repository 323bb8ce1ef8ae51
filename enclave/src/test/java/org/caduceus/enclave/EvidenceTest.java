package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real enclave says of itself is accepted for its own seat, and nothing else is. */
@Tag("6.1a")
final class EvidenceTest {
  private static final Hash NONCE = SampleEntries.hashOf("a block");

  private final EvidencePolicy policy =
      new EvidencePolicy(PlatformVerifier.NONE, SignatureVerifier.of(Suite.ES256));

  @TempDir Path home;
  private SampleEnclave enclave;
  private EpochConfig config;
  private Bytes encoded;

  @BeforeEach
  void enterAnEpoch() {
    enclave = SampleEnclave.start(home, SampleEntries.CHAIN, "member-a");
    EnclaveClient client = new EnclaveClient(enclave.process());
    EnclaveInfo info = client.info();
    config = config(info);
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
    assertEquals(
        new EvidencePolicy.Accepted(AssuranceTier.SIMULATED),
        policy.ofSeat(evidence, config, 0, 0));
    assertEquals(AssuranceTier.SIMULATED, evidence.tier());
    assertEquals(config.hash(), evidence.genesisHash());
    assertEquals(encoded, evidence.encode());
    assertEquals(NONCE, evidence.nonce());
    assertEquals(Bytes.EMPTY, evidence.platform());
  }

  @Test
  void isRefusedForAnotherSeat() {
    assertRefused("member", Evidence.decode(encoded), config, 1);
  }

  @Test
  void isRefusedInAnotherEpoch() {
    EpochConfig other =
        new SampleConsortium(SampleSigner.Scheme.ES256, 2, 8).with(Map.of(0, info())).config();
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
            policy.ofSeat(evidence, config, 0, 0) instanceof EvidencePolicy.Refused,
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

  /** Among processes the enclave follows and is known by its institution; then it votes again. */
  @Test
  void isAcceptedAmongProcessesAndOnTheWayBack() throws Exception {
    Path folder = Files.createDirectory(home.resolve("follower"));
    try (SampleEnclave follower = SampleEnclave.start(folder, SampleEntries.CHAIN, "member-a")) {
      EnclaveClient client = new EnclaveClient(follower.process());
      TeeVoter voter = new TeeVoter(follower.process());
      EnclaveInfo info = client.info();
      SampleConsortium processes =
          new SampleConsortium(SampleSigner.Scheme.ES256, 4, 4)
              .with(Map.of(0, info))
              .in(EpochConfig.Mode.BFT_2P);
      List<EpochProof> chain = new ArrayList<>(List.of(EpochProof.genesis(processes.config())));
      assertFalse(voter.enterEpoch(chain));
      assertEquals(EnclaveInfo.State.FOLLOWER, client.info().state());
      Evidence evidence = Evidence.decode(client.evidence(NONCE));
      assertEquals(
          new EvidencePolicy.Accepted(AssuranceTier.SIMULATED),
          policy.ofSeat(evidence, processes.config(), 0, 0));
      assertEquals(
          new EvidencePolicy.Accepted(AssuranceTier.SIMULATED),
          policy.ofFollower(evidence, processes.config(), "member-a"));
      EpochConfig back =
          new SampleConsortium(SampleSigner.Scheme.ES256, 4, 4, keys(info), 2).config();
      BlockHeader end = endOf(processes.config(), back);
      chain.add(new EpochProof.Ended(back, List.of(end), processes.finality(end, 1, 2, 3)));
      assertTrue(voter.enterEpoch(chain), "Expected the seat again");
      assertEquals(info.votingKey(), client.info().votingKey());
    }
  }

  private static List<Bytes> keys(EnclaveInfo first) {
    List<Bytes> keys = new ArrayList<>(List.of(first.votingKey()));
    for (int member = 1; member < 4; member++) {
      keys.add(
          SampleSigner.Scheme.ES256.signer(SampleConsortium.votingKeyName(member)).publicKey());
    }
    return keys;
  }

  private static BlockHeader endOf(EpochConfig ends, EpochConfig next) {
    return new BlockHeader(
        ends.chainId(),
        ends.epoch(),
        1,
        1,
        ends.hash(),
        SampleEntries.hashOf("entries"),
        StateTree.EMPTY,
        1_790_000_000_000L,
        ends.leader(1),
        true,
        next.hash(),
        1,
        100);
  }

  /** A member of the simulated tier, for real, where the ledger asks for more. */
  @Test
  void doesNotJoinAConsortiumThatAsksForMore() throws Exception {
    EnclaveClient client = new EnclaveClient(enclave.process());
    for (AssuranceTier asked : AssuranceTier.values()) {
      EvidencePolicy.Verdict verdict =
          policy.ofCandidate(
              Evidence.decode(client.evidence(NONCE)),
              SampleEntries.CHAIN,
              "member-a",
              NONCE,
              new EvidencePolicy.Terms(Suite.ES256, asked, List.of(client.info().measurement())));
      if (asked == AssuranceTier.SIMULATED) {
        assertEquals(new EvidencePolicy.Accepted(AssuranceTier.SIMULATED), verdict);
      } else {
        assertEquals(
            new EvidencePolicy.Refused(
                "Expected at least tier "
                    + asked
                    + ", as the ledger's policy asks, but the evidence is worth SIMULATED"),
            verdict);
      }
    }
  }

  @Test
  void isRefusedByThePeersEnclaveTooWhereMoreIsAsked() throws Exception {
    for (AssuranceTier asked : AssuranceTier.values()) {
      java.nio.file.Files.createDirectory(home.resolve("more-" + asked));
      try (SampleEnclave other =
          SampleEnclave.start(home.resolve("more-" + asked), SampleEntries.CHAIN, "member-a")) {
        EnclaveClient client = new EnclaveClient(other.process());
        EnclaveInfo info = client.info();
        EpochConfig strict = config(info, asked, List.of(info.measurement()));
        assertTrue(
            new TeeVoter(other.process()).enterEpoch(List.of(EpochProof.genesis(strict))),
            "Expected a seat");
        Bytes shown = client.evidence(NONCE);
        if (asked == AssuranceTier.SIMULATED) {
          PeerIdentity peer = client.verifyPeer(shown);
          assertEquals(info.votingKey(), peer.votingKey());
          assertEquals(Evidence.decode(shown).exchangeKey(), peer.exchangeKey());
        } else {
          EnclaveRefusal refusal =
              assertThrows(EnclaveRefusal.class, () -> client.verifyPeer(shown));
          assertEquals(EnclaveStatus.E_POLICY.code(), refusal.status());
        }
      }
    }
  }

  private void assertRefused(String why, Evidence evidence, EpochConfig config, int seat) {
    EvidencePolicy.Verdict verdict = policy.ofSeat(evidence, config, seat, 0);
    assertTrue(
        verdict instanceof EvidencePolicy.Refused refused && refused.reason().contains(why),
        "Expected a refusal for " + why + ", but got " + verdict);
  }

  private EnclaveInfo info() {
    return new EnclaveClient(enclave.process()).info();
  }

  private static EpochConfig config(EnclaveInfo info) {
    return config(info, AssuranceTier.SIMULATED, List.of());
  }

  private static EpochConfig config(
      EnclaveInfo info, AssuranceTier minimum, List<Bytes> measurements) {
    return new SampleConsortium(SampleSigner.Scheme.ES256, 2, 16)
        .with(Map.of(0, info))
        .asking(minimum, 0, measurements)
        .config();
  }
}
