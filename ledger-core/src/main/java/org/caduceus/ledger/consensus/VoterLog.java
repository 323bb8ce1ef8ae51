package org.caduceus.ledger.consensus;

import java.util.List;
import org.caduceus.ledger.Bytes;

/**
 * Where a {@link SoftVoter} writes what it must not forget, before it signs. It belongs to one key:
 * whoever brings back an older copy of it must not bring back the key.
 */
public interface VoterLog {
  /**
   * What was kept, oldest first. An implementation may forget all but the last records, never one
   * between two that it has.
   */
  List<Bytes> records();

  /**
   * Keeps one more.
   *
   * @return whether it survives a power cut from now on; if not, nobody knows whether it was kept,
   *     and the voter reads the log again before it signs anything
   */
  boolean append(Bytes record);
}
