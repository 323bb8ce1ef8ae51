package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.Snapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The snapshot of a ledger that went through an epoch's end, a cold start and two more ends, as a
 * store gives it and as a liar would change it.
 */
final class SnapshotTest {
  private static final int EPOCHS = 5;

  private final Cluster cluster = new Cluster(new SplittableRandom(4), Cluster.Design.sound(5, 4));
  private final EpochChain.Beginning genesis =
      EpochChain.Beginning.genesis(cluster.consortium().config());
  private final Register register = Register.of(genesis.config());
  private final Snapshot whole = made();

  private Snapshot made() {
    newSeat(0);
    for (int member = 0; member < 5; member++) {
      cluster.loseEnclave(member);
    }
    cluster.submit(0);
    settle();
    newSeat(1);
    newSeat(2);
    cluster.submit(0);
    settle();
    Snapshot snapshot = cluster.disk(3).store().snapshot(2, Integer.MAX_VALUE);
    assertEquals(EPOCHS - 1, snapshot.epochs().size());
    assertInstanceOf(EpochProof.ColdStarted.class, snapshot.epochs().get(1).proof());
    return snapshot;
  }

  private void newSeat(int member) {
    cluster.loseEnclave(member);
    cluster.askForSeat(member);
    settle();
  }

  private void settle() {
    for (int i = 0; i < 100 && cluster.unfinished().isPresent(); i++) {
      cluster.run(1_000);
    }
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  private Snapshot.Outcome shown(Snapshot snapshot) {
    return shown(snapshot, genesis);
  }

  private Snapshot.Outcome shown(Snapshot snapshot, EpochChain.Beginning known) {
    byte[] bytes = snapshot.encode().toArray();
    Reader in = new Reader(bytes, "snapshot");
    Snapshot travelled = Snapshot.read(in);
    in.end();
    assertEquals(snapshot, travelled);
    return travelled.after(known, register, cluster.consortium().scheme().verifier());
  }

  private void assertBroken(Snapshot snapshot) {
    assertInstanceOf(Snapshot.Outcome.Broken.class, shown(snapshot));
  }

  /** The first {@code count} of these, without a final block of the last. */
  private Snapshot first(int count) {
    return new Snapshot(whole.epochs().subList(0, count), Optional.empty());
  }

  private static List<Long> numbers(Snapshot.Outcome outcome) {
    return assertInstanceOf(Snapshot.Outcome.Vouched.class, outcome).epochs().stream()
        .map(each -> each.proof().config().epoch())
        .toList();
  }

  @Test
  @Tag("6.2e")
  void whoTrustsTheGenesisTakesTheStateOfTheLastEpoch() {
    Snapshot.Outcome.Vouched taken = assertInstanceOf(Snapshot.Outcome.Vouched.class, shown(whole));
    assertEquals(whole.epochs(), taken.epochs());
    EpochConfig config = whole.epochs().getLast().proof().config();
    assertEquals(EPOCHS, config.epoch());
    assertEquals(config, taken.last().config());
    assertTrue(taken.last().anchorHeight() < whole.latest().orElseThrow().header().height());
  }

  @Test
  void whatNoHeaderVouchesForIsLeftForLater() {
    assertEquals(List.of(2L, 3L, 4L), numbers(shown(first(4))));
    assertEquals(List.of(2L, 3L), numbers(shown(first(3))));
    // The register after a cold start is what the one before it becomes: no help for that.
    assertInstanceOf(Snapshot.Outcome.Nothing.class, shown(first(2)));
    assertInstanceOf(Snapshot.Outcome.Nothing.class, shown(first(1)));
    assertInstanceOf(Snapshot.Outcome.Nothing.class, shown(first(0)));
  }

  @Test
  void whatIsKnownAlreadyIsNoNews() {
    Snapshot.Outcome.Vouched taken = assertInstanceOf(Snapshot.Outcome.Vouched.class, shown(whole));
    assertInstanceOf(Snapshot.Outcome.Nothing.class, shown(whole, taken.last()));
  }

  @Test
  void aRegisterThatNoStateRootHasIsRefusedWhereverItIs() {
    for (int changed = 0; changed < EPOCHS - 1; changed++) {
      List<NextEpoch> epochs = new ArrayList<>(whole.epochs());
      NextEpoch honest = epochs.get(changed);
      Register other = Register.of(honest.register().institutions(), new Register.Elections(3, 8));
      epochs.set(changed, new NextEpoch(honest.proof(), other));
      assertBroken(new Snapshot(epochs, whole.latest()));
    }
  }

  @Test
  void anEpochThatIsLeftOutBreaksTheChain() {
    for (int missing = 0; missing < EPOCHS - 2; missing++) {
      List<NextEpoch> epochs = new ArrayList<>(whole.epochs());
      epochs.remove(missing);
      assertBroken(new Snapshot(epochs, whole.latest()));
    }
  }

  @Test
  void aFinalBlockThatIsNoneVouchesForNothing() {
    Snapshot.Latest honest = whole.latest().orElseThrow();
    BlockHeader before = cluster.disk(3).store().from(1, 1, 1).getFirst().block().header();
    assertBroken(
        new Snapshot(
            whole.epochs(), Optional.of(new Snapshot.Latest(before, honest.certificate()))));
    Snapshot.Latest older =
        cluster.disk(3).store().from(1, 1, 1).stream()
            .map(block -> new Snapshot.Latest(block.block().header(), block.certificate()))
            .findFirst()
            .orElseThrow();
    assertBroken(new Snapshot(whole.epochs(), Optional.of(older)));
  }
}
