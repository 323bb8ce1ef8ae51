package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.consensus.VoterLog;

/**
 * A voter's log on a host's disk. What {@link #append} answered is durable, unless the shell has
 * the mistake to answer early: then a power cut loses the last records.
 */
final class SimulatedVoterLog implements VoterLog {
  private static final long LATE_MS = 80;
  private static final int KEPT = 8;

  private final VirtualTime time;
  private final boolean answersEarly;
  private List<Bytes> durable = new ArrayList<>();
  private List<Bytes> written = new ArrayList<>();
  private boolean full;
  private int life;

  SimulatedVoterLog(VirtualTime time, boolean answersEarly) {
    this.time = time;
    this.answersEarly = answersEarly;
  }

  @Override
  public List<Bytes> records() {
    return List.copyOf(written);
  }

  @Override
  public boolean append(Bytes record) {
    if (full) {
      return false;
    }
    written.add(record);
    if (written.size() > KEPT) {
      written.removeFirst();
    }
    List<Bytes> now = List.copyOf(written);
    if (answersEarly) {
      int current = life;
      time.in(
          LATE_MS,
          () -> {
            if (life == current) {
              durable = new ArrayList<>(now);
            }
          });
    } else {
      durable = new ArrayList<>(now);
    }
    return true;
  }

  void full(boolean isFull) {
    full = isFull;
  }

  void powerCut() {
    life++;
    written = new ArrayList<>(durable);
  }

  /** Somebody brings back an older copy. */
  void rollBack(int records) {
    durable = new ArrayList<>(durable.subList(0, Math.max(1, durable.size() - records)));
    written = new ArrayList<>(durable);
  }
}
