package org.caduceus.ledger.governance;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Member;

/**
 * Where the officers of this node's institution see what waits for their signature and hand in what
 * they signed elsewhere. Thread-safe.
 */
public interface GovernanceDesk {
  /** What waits now. */
  Agenda agenda();

  /** Proofs kept here that voters are broken, the newest first. */
  List<KeptFault> faults();

  /**
   * Proof that a voter is broken.
   *
   * @param keptAtMs when this node kept it, ms since 1970-01-01 UTC
   * @param member whose voter it is, empty if it is one of several
   * @param reason what it proves: "Expected …, but …"
   * @param entry that this node entered it on the ledger with, once it did
   */
  record KeptFault(
      VoterFault fault,
      long keptAtMs,
      Optional<String> member,
      String reason,
      Optional<Hash> entry) {}

  /**
   * What this institution shows to get a seat, with fresh evidence of its enclave.
   *
   * @throws org.caduceus.ledger.enclave.EnclaveUnavailable if the enclave does not answer
   */
  Candidate candidate();

  /**
   * An institution that asks for a seat.
   *
   * @param member its keys, those of its enclave included
   * @param evidence of its enclave
   */
  record Candidate(Member member, Bytes evidence) {}

  /**
   * Casts a ballot of this institution; it counts once it is in a final block of the running epoch.
   *
   * @param author account that hands it in
   */
  HandedIn cast(Ballot ballot, String author);

  /**
   * Approves going on after a lost quorum, once in an epoch, for good.
   *
   * @param plan hash of the plan that waits
   * @param signature by the institution's governance key over its approval bytes
   */
  HandedIn approve(Hash plan, Bytes signature);

  /** What became of something that was handed in. */
  sealed interface HandedIn {
    /**
     * It is durable here.
     *
     * @param entry that carries the ballot; empty for an approval, which stands in the next epoch's
     *     proof
     */
    record Taken(Optional<Hash> entry) implements HandedIn {}

    /**
     * The signature is not that of this institution's governance key over these bytes.
     *
     * @param reason "Expected …, but …"
     */
    record Unsigned(String reason) implements HandedIn {}

    /**
     * It is signed, but not what can be taken now: of another epoch, a second one, without effect.
     *
     * @param reason "Expected …, but …"
     */
    record Untimely(String reason) implements HandedIn {}
  }
}
