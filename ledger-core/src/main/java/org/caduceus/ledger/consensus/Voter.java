package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;

/**
 * The component that may sign for a member in consensus. It never signs two proposals or, in one
 * phase, two votes in one view, and never votes below a view it left. {@code TeeVoter} asks the
 * enclave, {@link SoftVoter} signs in this process; tests use a Java model of the checker.
 */
public interface Voter {

  /** The outcome of a request. */
  sealed interface Signed {
    /**
     * Signed.
     *
     * @param signature raw r || s, 64 bytes
     */
    record Yes(Bytes signature) implements Signed {}

    /**
     * Refused or unreachable; nothing was signed.
     *
     * @param status name of the enclave status, or UNAVAILABLE
     */
    record No(String status) implements Signed {}
  }

  /** The outcome of a view change. */
  sealed interface Moved {
    /**
     * Moved.
     *
     * @param report signed
     */
    record Yes(NewView report) implements Moved {}

    /**
     * Refused or unreachable; nothing was signed.
     *
     * @param status name of the enclave status, or UNAVAILABLE
     */
    record No(String status) implements Moved {}
  }

  /** What a member's statement of where it stood rests on. */
  sealed interface Basis {
    /** It voted for nothing in the epoch. */
    record Nothing() implements Basis {}

    /**
     * The stored proposal of the highest view: whatever the member voted for, it or an ancestor.
     *
     * @param header of the epoch
     * @param proposal the leader's PROP signature
     */
    record Proposed(BlockHeader header, Bytes proposal) implements Basis {}

    /** The certificate of the last final block, if no stored proposal is of a later view. */
    record Certified(QuorumCertificate certificate) implements Basis {}

    /** The voter's own memory: it has a seat and gives up its key. */
    record GivenUp() implements Basis {}
  }

  /** The outcome of a request to state where the member stood. */
  sealed interface Resumed {
    /** Stated, and signed with a key that has no seat. */
    record Yes(ResumeStatement statement) implements Resumed {}

    /**
     * Refused or unreachable; nothing was signed.
     *
     * @param status name of the enclave status, or UNAVAILABLE
     */
    record No(String status) implements Resumed {}
  }

  /**
   * Enters the epoch of the last proof, if it is above the current one. Idempotent.
   *
   * @return whether the voter has a seat there and is reachable; without one the replica follows
   *     and does not vote
   */
  boolean enterEpoch(List<EpochProof> chain);

  /** Signs a proposal for {@code header} (PROP). */
  Signed propose(BlockHeader header, Justification justification);

  /**
   * Signs a vote (VOTE).
   *
   * @param phase 1, or in BFT-2P 1 = PREPARE and 2 = COMMIT
   * @param proposal the leader's PROP signature
   * @param justification ignored where the voter is an enclave; of a PREPARE what the leader
   *     showed, of a COMMIT the certificate of phase 1
   */
  Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification);

  /**
   * Whether the leader shows why it may propose this, where a voter must look: the leader of an
   * enclave's epoch is an enclave that looked before it signed.
   */
  default boolean isJustified(BlockHeader header, Justification justification) {
    return true;
  }

  /** The certificate that the last report names, if the voter keeps one: others ask for it. */
  default Optional<QuorumCertificate> highest() {
    return Optional.empty();
  }

  /**
   * Whether the voter knows that it signed this verified vote of its own. One that does not has
   * lost its memory and signs nothing any more.
   *
   * @param view of the vote, or the one that a report entered
   */
  default boolean remembers(Kind kind, long view) {
    return true;
  }

  /** What a voter's signature says. */
  enum Kind {
    /** A vote of the first phase. */
    PREPARE,
    /** A vote of the second phase. */
    COMMIT,
    /** A report of a new view. */
    NEW_VIEW
  }

  /** Leaves all views below {@code view} for good and reports the last vote (NEWV). */
  Moved newView(long view);

  /** States where this member stood in the entered epoch, in which its key has no seat any more. */
  Resumed resume(Basis basis);

  /** Destroys the key. */
  void retire();
}
