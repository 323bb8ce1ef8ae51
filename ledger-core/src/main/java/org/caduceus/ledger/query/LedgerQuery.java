package org.caduceus.ledger.query;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.receipt.EntryReceipt;

/** Reads of the ledger. Thread-safe; every answer is a consistent snapshot. */
public interface LedgerQuery {
  /** The entry with this id, final or waiting here. */
  Optional<EntryView> entry(Hash entryId);

  /**
   * Entries whose external id is the given one, in any family, newest first.
   *
   * @param limit 1 to 500
   */
  List<EntryView> entriesByExternalId(String externalId, int limit);

  /**
   * Final entries, newest first.
   *
   * @param beforeHeight only in blocks below this height; {@link Long#MAX_VALUE} for the newest
   * @param limit 1 to 500; whole blocks are never split by it: the last block may exceed it
   */
  List<EntryView> entries(long beforeHeight, int limit);

  /**
   * The configuration of an epoch that began here.
   *
   * @throws java.util.NoSuchElementException if it did not
   */
  EpochConfig config(long epoch);

  /**
   * The institutions of an epoch that began here.
   *
   * @throws java.util.NoSuchElementException if it did not
   */
  Register register(long epoch);

  /** Why each epoch began, genesis first: what a light client follows. */
  List<EpochProof> epochs();

  /** The receipt of a final entry. */
  Optional<EntryReceipt> receipt(Hash entryId);

  /** The final block at this height. */
  Optional<CommittedBlock> block(long height);

  /** The final block with this hash. */
  Optional<CommittedBlock> block(Hash hash);

  /**
   * Summaries of final blocks, newest first.
   *
   * @param beforeHeight only below this height; {@link Long#MAX_VALUE} for the newest
   * @param limit 1 to 500
   */
  List<BlockSummary> blocks(long beforeHeight, int limit);
}
