package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.Snapshot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Goal: bytes that lie about counts and lengths cost their receiver no more than bytes that do not,
 * and end in the one refusal that the inbox expects, whichever message they pretend to be.
 *
 * <p>Method: consortia of both modes are simulated through crashes and lost enclaves; one message
 * of each kind that was sent is cut at every length, and every place in it overwritten with the
 * largest numbers, with ones and with noise.
 */
final class HostileBytesTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A lying length of 2 GiB, or a lying count of as many objects, is far beyond it. */
  private static final long BEARABLE_BYTES = 4L * 1024 * 1024;

  private static final Map<Class<?>, PeerMessage> samples = new HashMap<>();

  @BeforeAll
  static void collect() {
    Cluster tee = new Cluster(new SplittableRandom(5), Cluster.Design.sound(3, 4));
    watch(tee);
    tee.submit(0);
    tee.run(1_000);
    tee.crash(2);
    tee.submit(1);
    tee.run(5_000);
    tee.restart(2);
    tee.run(5_000);
    tee.loseEnclave(0);
    tee.loseEnclave(1);
    tee.run(60_000);
    Cluster bft =
        new Cluster(
            new SplittableRandom(6), Cluster.Design.sound(4, 4).in(EpochConfig.Mode.BFT_2P));
    watch(bft);
    bft.submit(0);
    bft.run(1_000);
    bft.crash(3);
    bft.submit(1);
    bft.run(10_000);
    addRare(tee.consortium());
  }

  private static void watch(Cluster cluster) {
    cluster.watchedBy(
        new Watcher() {
          @Override
          public void sent(Letter letter) {
            // The richest one that is still short enough to try every place of it.
            samples.merge(
                letter.message().getClass(),
                letter.message(),
                (known, other) ->
                    lengthOf(other) > lengthOf(known) && lengthOf(other) < 6_000 ? other : known);
          }
        });
  }

  private static int lengthOf(PeerMessage message) {
    return message.encode().length();
  }

  /** What platforms and accidents ask for, which the simulation has not. */
  private static void addRare(SampleConsortium consortium) {
    PeerMessage.Propose propose = (PeerMessage.Propose) samples.get(PeerMessage.Propose.class);
    Block one = consortium.block(9, 1, Hash.ZERO, List.of(consortium.entry(0, 900)));
    Block other = consortium.block(9, 1, Hash.ZERO, List.of(consortium.entry(0, 901)));
    for (PeerMessage rare :
        List.of(
            new PeerMessage.Attestation(Bytes.of(new byte[300])),
            new PeerMessage.CredentialChallenge(Bytes.of(new byte[100])),
            new PeerMessage.CredentialAnswer(Bytes.of(new byte[32])),
            new PeerMessage.CandidateRequest(Hash.ZERO),
            new PeerMessage.CandidateReply(propose.candidate()),
            new PeerMessage.SnapshotRequest(2),
            new PeerMessage.SnapshotReply(
                new Snapshot(
                    List.of(
                        new NextEpoch(
                            EpochProof.genesis(consortium.config()),
                            Register.of(consortium.config()))),
                    Optional.empty())),
            new PeerMessage.Fault(
                new VoterFault(
                    consortium.config().hash(),
                    1,
                    new VoterFault.Proof.TwoVotes(
                        consortium.vote(1, one), consortium.vote(1, other)))))) {
      samples.putIfAbsent(rare.getClass(), rare);
    }
  }

  @Test
  void everyKindIsTried() {
    Set<String> kinds =
        Arrays.stream(PeerMessage.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    assertEquals(
        kinds, samples.keySet().stream().map(Class::getSimpleName).collect(Collectors.toSet()));
    samples.values().forEach(each -> assertEquals(each, PeerMessage.decode(each.encode())));
  }

  @Test
  void aMessageThatIsCutAnywhereIsRefused() {
    for (PeerMessage sample : samples.values()) {
      byte[] whole = sample.encode().toArray();
      for (int length = 0; length < whole.length; length++) {
        Bytes cut = Bytes.wrap(Arrays.copyOf(whole, length));
        assertThrows(
            IllegalArgumentException.class,
            () -> PeerMessage.decode(cut),
            () -> sample.getClass().getSimpleName() + " cut at " + cut.length());
      }
      Bytes longer = Bytes.wrap(Arrays.copyOf(whole, whole.length + 1));
      assertThrows(IllegalArgumentException.class, () -> PeerMessage.decode(longer));
    }
  }

  @Test
  void numbersThatLieCostNothingAndEndInTheOneRefusal() {
    SplittableRandom random = new SplittableRandom(7);
    List<byte[]> lies =
        new ArrayList<>(
            List.of(
                new byte[] {0x7f, -1, -1, -1},
                new byte[] {-1, -1, -1, -1},
                new byte[] {0, -1, -1, -1},
                new byte[] {-1, -1},
                new byte[] {-1},
                new byte[] {0, 0, 0, 0}));
    for (int i = 0; i < 4; i++) {
      byte[] noise = new byte[8];
      random.nextBytes(noise);
      lies.add(noise);
    }
    for (PeerMessage sample : samples.values()) {
      byte[] whole = sample.encode().toArray();
      for (int at = 9; at < whole.length; at++) {
        for (byte[] lie : lies) {
          byte[] bytes = whole.clone();
          System.arraycopy(lie, 0, bytes, at, Math.min(lie.length, whole.length - at));
          assertRefusedOrRead(sample, at, bytes);
        }
      }
    }
  }

  @Test
  void noiseOfEveryKindIsRefusedOrRead() {
    SplittableRandom random = new SplittableRandom(8);
    for (PeerMessage sample : samples.values()) {
      byte[] start = sample.encode().toArray();
      for (int i = 0; i < 2_000; i++) {
        byte[] bytes = new byte[9 + random.nextInt(1_000)];
        random.nextBytes(bytes);
        System.arraycopy(start, 0, bytes, 0, 9);
        assertRefusedOrRead(sample, 9, bytes);
      }
    }
  }

  private static void assertRefusedOrRead(PeerMessage sample, int at, byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      PeerMessage.decode(Bytes.wrap(bytes));
    } catch (IllegalArgumentException refused) {
      // as it should be
    }
    long cost = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        cost < BEARABLE_BYTES,
        () ->
            sample.getClass().getSimpleName()
                + " with a lie at "
                + at
                + " took "
                + cost
                + " bytes");
  }
}
