package org.caduceus.ledger.block;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.Snapshot;

/**
 * Durable blocks of one node. When a method returns, what it wrote survives a power cut. Called by
 * the replica's shell only, one call at a time; readers use {@link
 * org.caduceus.ledger.query.LedgerQuery}.
 */
public interface BlockStore {
  /**
   * A block that was voted for and may become final.
   *
   * @param block header and entries
   * @param proposal the leader's PROP signature
   */
  record Candidate(Block block, Bytes proposal) {}

  /** Keeps a candidate before this node votes for it. Idempotent. */
  void storeCandidate(Candidate candidate);

  /** All kept candidates above {@code height}, ascending by view. */
  List<Candidate> candidatesAbove(long height);

  /**
   * Makes a block final: stores it with its entries and certificate, takes its entries out of the
   * waiting ones, drops candidates at or below its height. Height must be tip + 1.
   *
   * @param next the epoch that begins, if the block ends its own
   */
  void append(CommittedBlock block, Optional<NextEpoch> next);

  /** Makes a block final that does not end its epoch. */
  default void append(CommittedBlock block) {
    append(block, Optional.empty());
  }

  /**
   * Keeps the epochs that begin, where no block here says so: all of them or none. Idempotent.
   *
   * @param epochs ascending
   */
  void enterEpochs(List<NextEpoch> epochs);

  /**
   * Epochs that were entered here, ascending.
   *
   * @param epoch the first
   * @param maxBytes stop before exceeding this sum of bytes, but return at least two if there are:
   *     one may be there to vouch for the one before
   */
  List<NextEpoch> epochsFrom(long epoch, int maxBytes);

  /** Proofs of all epochs above the first that were entered here, ascending. */
  List<EpochProof> epochs();

  /** The register of the last epoch that was entered here, if one above the first was. */
  Optional<Register> register();

  /** Final ballots since the last epoch began here, in their order. */
  List<SignedEntry> ballots();

  /**
   * Where a member stood in an epoch, as an instance of its enclave stated it to this node.
   *
   * @param evidence what the instance showed with it
   */
  record Statement(ResumeStatement statement, Bytes evidence) {}

  /** Keeps a statement. Idempotent. */
  void keepStatement(long epoch, Statement statement);

  /** All statements kept in an epoch. */
  List<Statement> statements(long epoch);

  /** Keeps proof that a voter is broken. Idempotent. */
  void keepFault(VoterFault fault);

  /** All proofs kept in an epoch. */
  List<VoterFault> faults(long epoch);

  /** Keeps what this member approved in an epoch, before anybody else learns of it. */
  void keepApproval(long epoch, Bytes approved);

  /** What this member approved in an epoch, if it did. */
  Optional<Bytes> approval(long epoch);

  /** The last final block. */
  Optional<CommittedBlock> tip();

  /**
   * Final blocks from a height on, in order.
   *
   * @param limit most blocks
   * @param maxBytes stop before exceeding this sum of entries' bytes, but return at least one block
   *     if there is any
   */
  List<CommittedBlock> from(long height, int limit, int maxBytes);

  /** Which of these entries are final already. */
  Set<Hash> finalAmong(Set<Hash> entryIds);

  /** Own accepted entries that are not final, oldest first. */
  List<SignedEntry> waiting(int limit);

  /**
   * The state of the ledger for whoever is in an earlier epoch.
   *
   * @param epoch the first that it lacks
   * @param maxBytes as for {@link #epochsFrom}
   */
  default Snapshot snapshot(long epoch, int maxBytes) {
    List<NextEpoch> some = epochsFrom(epoch, maxBytes);
    return new Snapshot(
        some,
        tip()
            .map(tip -> new Snapshot.Latest(tip.block().header(), tip.certificate()))
            .filter(it -> it.certificate().isFor(it.header(), it.header().hash()))
            .filter(
                it ->
                    !some.isEmpty()
                        && some.getLast().proof().config().epoch() == it.header().epoch()));
  }

  /** The certificate of the tip, if there is one. */
  default Optional<QuorumCertificate> tipCertificate() {
    return tip().map(CommittedBlock::certificate);
  }
}
