package org.caduceus.ledger.query;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * A node's own view of the consortium.
 *
 * @param member this institution
 * @param chainId the consortium
 * @param epoch current epoch
 * @param mode how its blocks become final
 * @param view current view
 * @param leader member id of that view's leader
 * @param height height of the last final block, 0 before the first
 * @param tip its hash, or the anchor
 * @param tipAtMs when it became final here, 0 before the first
 * @param waiting entries accepted here that are not final yet
 * @param pool entries known here that wait for a block
 * @param voting whether this node's enclave has a seat and votes
 * @param summary one English sentence: what is going on, and if consensus does not move, why
 * @param enclave the enclave, if it answers
 * @param certificateEndsMs when the certificate of its peer links ends, ms since 1970-01-01 UTC
 * @param members everybody, in the order of the configuration
 */
public record NodeStatus(
    String member,
    Hash chainId,
    long epoch,
    EpochConfig.Mode mode,
    long view,
    String leader,
    long height,
    Hash tip,
    long tipAtMs,
    long waiting,
    long pool,
    boolean voting,
    String summary,
    Optional<EnclaveInfo> enclave,
    long certificateEndsMs,
    List<Peer> members) {

  /** Freezes the list. */
  public NodeStatus {
    members = List.copyOf(members);
  }

  /**
   * Another member as this node sees it (itself included).
   *
   * @param id member id
   * @param self whether this is the node itself
   * @param lastHeardMs when its last message arrived, ms since 1970-01-01 UTC, 0 if never
   * @param height last height it announced
   * @param connected whether the link to it is up
   * @param tier of its enclave, if its evidence of the last minute was accepted here
   * @param dropped messages of it that this node did not take since it started: malformed, or more
   *     than a peer may have waiting
   * @param cutOff that this node takes nothing of it for a while, and why
   */
  public record Peer(
      String id,
      boolean self,
      long lastHeardMs,
      long height,
      boolean connected,
      Optional<AssuranceTier> tier,
      long dropped,
      Optional<CutOff> cutOff) {}
}
