package org.caduceus.ledger.governance;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.MembershipChange;

/**
 * Something that waits for governance keys.
 *
 * @param id SHA-256 of the bytes to be signed; of another member's request, whose bytes only its
 *     own officers have, the hash of its new voting key
 * @param kind what it is about
 * @param subject member id that it is about; empty if it is about all
 * @param needed signatures that decide it
 * @param signers members whose signatures count, in the configuration's order, and what each did
 * @param own what this institution's officers have to do
 * @param toSign what they sign; empty if it is not theirs to sign
 * @param change what is voted for; empty for a cold start and other members' requests
 * @param plan of a cold start
 * @param evidence of the enclave that is to get a seat
 * @param keys of another mode
 */
public record Matter(
    Hash id,
    Kind kind,
    String subject,
    int needed,
    List<Signer> signers,
    Own own,
    Optional<Bytes> toSign,
    Optional<MembershipChange> change,
    Optional<ColdStartPlan> plan,
    Optional<Shown> evidence,
    Optional<Keys> keys) {
  /** Freezes the list. */
  public Matter {
    signers = List.copyOf(signers);
  }

  /** What a matter is about. */
  public enum Kind {
    /** A member's enclave has a new voting key; the member alone decides. */
    REPLACE_KEY,
    /** An institution is to get a seat. */
    ADD_MEMBER,
    /** An institution is to lose its seat. */
    REMOVE_MEMBER,
    /** Other rules for the same members. */
    SET_RULES,
    /** A member says with which key it would vote in another mode; it alone decides. */
    ANNOUNCE_KEY,
    /** Another way to make blocks final. */
    SET_MODE,
    /** An institution is registered, or what is registered of it changes. */
    REGISTER_INSTITUTION,
    /** An institution loses its seat and is not heard for a while. */
    SUSPEND,
    /** A suspension ends. */
    REINSTATE,
    /** Whom an institution's weight elects; it alone decides. */
    DELEGATE,
    /** Whether and how a committee is elected. */
    SET_ELECTIONS,
    /** An institution's links get another key; it alone decides. */
    REPLACE_LINK_KEY,
    /** Going on after a quorum lost its voting keys. */
    COLD_START;

    /** That of a change. */
    public static Kind of(MembershipChange change) {
      return switch (change) {
        case MembershipChange.ReplaceKey replaced -> REPLACE_KEY;
        case MembershipChange.AddMember added -> ADD_MEMBER;
        case MembershipChange.RemoveMember removed -> REMOVE_MEMBER;
        case MembershipChange.SetRules rules -> SET_RULES;
        case MembershipChange.AnnounceKey announced -> ANNOUNCE_KEY;
        case MembershipChange.SetMode mode -> SET_MODE;
        case MembershipChange.RegisterInstitution registered -> REGISTER_INSTITUTION;
        case MembershipChange.SetSuspended it -> it.suspended() ? SUSPEND : REINSTATE;
        case MembershipChange.Delegate delegated -> DELEGATE;
        case MembershipChange.SetElections elections -> SET_ELECTIONS;
        case MembershipChange.ReplaceLinkKey replaced -> REPLACE_LINK_KEY;
      };
    }
  }

  /** What this institution's officers have to do. */
  public enum Own {
    /** Their signature counts and is missing. */
    WANTED,
    /** They signed. */
    GIVEN,
    /** They may not sign yet: the block it goes on from is not safe on this node. */
    NOT_YET,
    /** Theirs does not count. */
    NOT_ASKED
  }

  /** What a member did. */
  public enum State {
    /** Nothing that this node knows of. */
    MISSING,
    /** Its ballot waits for a block. */
    WAITING,
    /** Its ballot is final, or its approval is known here. */
    SIGNED
  }

  /** A member whose signature counts. */
  public record Signer(String member, State state) {}

  /**
   * Evidence of an enclave, and what it is worth here.
   *
   * @param votingKey SEC 1 point of the instance
   * @param measurement SHA-384 of its code; empty if the evidence cannot be read
   * @param tier what this node could verify; empty if it refuses the evidence
   * @param age blocks between the one whose hash is its nonce and the tip; empty if none is known
   * @param refusal why it gives no seat here; empty if it does
   */
  public record Shown(
      Bytes votingKey,
      Optional<Bytes> measurement,
      Optional<AssuranceTier> tier,
      Optional<Long> age,
      Optional<String> refusal) {}

  /**
   * Keys that members announced for another mode.
   *
   * @param needed without which it waits
   * @param announced members that did, in the configuration's order
   * @param missing the others
   */
  public record Keys(int needed, List<String> announced, List<String> missing) {
    /** Freezes the lists. */
    public Keys {
      announced = List.copyOf(announced);
      missing = List.copyOf(missing);
    }
  }

  /** Signatures that are there, final or waiting. */
  public int signatures() {
    return (int) signers.stream().filter(signer -> signer.state() != State.MISSING).count();
  }
}
