package org.caduceus.ledger.membership;

import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * What enclave instances show of themselves when they ask for a seat, and what it is worth here.
 * Who must show something, and who must not: an enclave that is to vote shows evidence; an ordinary
 * process has nothing to show, so its institution's governance key vouches for it, and evidence
 * beside its key would be another's.
 */
public interface SeatEvidence {
  /**
   * Evidence of this member's own instance.
   *
   * @param nonce hash of a final block, or of the configuration, that the peers know
   * @return empty if the enclave does not answer
   */
  Optional<Bytes> own(Hash nonce);

  /**
   * Why this evidence of an enclave does not give a seat; empty if it does.
   *
   * @param config of the running epoch, whose policy decides
   * @param member id of the institution
   * @param votingKey of the instance, which the evidence must be of
   */
  Optional<String> instanceViolation(
      Bytes evidence, EpochConfig config, String member, Bytes votingKey);

  /**
   * Why a key may not get a seat; empty if it may.
   *
   * @param mode in which it would vote
   * @param config of the running epoch
   */
  default Optional<String> violation(
      EpochConfig.Mode mode, Bytes evidence, EpochConfig config, String member, Bytes votingKey) {
    return switch (mode) {
      case TEE_1P -> instanceViolation(evidence, config, member, votingKey);
      case BFT_2P ->
          evidence.length() == 0
              ? Optional.empty()
              : Optional.of("Expected no evidence of a process, but got some");
    };
  }

  /** Why a change asks for a seat that it may not have; empty if it may or asks for none. */
  default Optional<String> violation(MembershipChange change, EpochConfig config) {
    return switch (change) {
      case MembershipChange.ReplaceKey(String member, Bytes key, Bytes shown) ->
          violation(config.mode(), shown, config, member, key);
      case MembershipChange.AnnounceKey(
              String member,
              EpochConfig.Mode mode,
              Bytes key,
              Bytes shown) ->
          violation(mode, shown, config, member, key);
      case MembershipChange.AddMember(Member added, Bytes shown) ->
          added.evidence().equals(Hash.sha256(shown.unsafeArray()))
              ? violation(config.mode(), shown, config, added.id(), added.votingKey())
              : Optional.of("Expected the evidence that the member's seat names, but got other");
      case MembershipChange.RemoveMember removed -> Optional.empty();
      case MembershipChange.SetRules rules -> Optional.empty();
      case MembershipChange.SetMode mode -> Optional.empty();
      case MembershipChange.RegisterInstitution registered -> Optional.empty();
      case MembershipChange.SetSuspended suspended -> Optional.empty();
      case MembershipChange.Delegate delegated -> Optional.empty();
      case MembershipChange.SetElections elections -> Optional.empty();
      case MembershipChange.ReplaceLinkKey replaced -> Optional.empty();
    };
  }
}
