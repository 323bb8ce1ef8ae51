package org.caduceus.console.rest;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.query.NodeStatus;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link NodeStatus} on the wire: hashes in hexadecimal, times in ISO 8601. */
@Schema(name = "Status", description = "The node's own view of the consortium")
public record StatusJson(
    @Schema(description = "This institution", example = "hospital-a") String member,
    @Schema(description = "The consortium, 64 hexadecimal digits") String chainId,
    long epoch,
    @Schema(
            description = "How blocks become final",
            enumeration = {"TEE_1P", "BFT_2P"})
        String mode,
    long view,
    @Schema(description = "Leader of the view", example = "pharmacy-b") String leader,
    @Schema(description = "Height of the last final block, 0 before the first") long height,
    @Schema(description = "Hash of the last final block") String tip,
    @Schema(description = "When it became final here") Optional<String> tipAt,
    @Schema(description = "Entries accepted here that are not final yet") long waiting,
    @Schema(description = "Entries known here that wait for a block") long pool,
    boolean voting,
    @Schema(description = "What is going on, in one sentence") String summary,
    @Schema(description = "Absent when the enclave does not answer") Optional<Enclave> enclave,
    @Schema(description = "When the certificate of its peer links ends")
        Optional<String> certificateEndsAt,
    List<Peer> members) {

  /** The enclave of this node. */
  @Schema(name = "Enclave")
  public record Enclave(
      @Schema(
              description = "What protects the enclave's memory",
              enumeration = {"SIMULATED", "MEASURED_TPM", "CONFIDENTIAL_VM", "ENCLAVE_SGX"})
          String tier,
      boolean debug,
      @Schema(description = "SHA-384 of the trusted code, 96 hexadecimal digits")
          String measurement,
      @Schema(enumeration = {"NEW", "ACTIVE", "RETIRED", "FOLLOWER", "HALTED", "DEAD"})
          String state,
      long epoch,
      String configHash,
      @Schema(description = "The seat, -1 without one") int memberIndex,
      long votedView,
      long votedHeight,
      @Schema(description = "SEC 1 point, hexadecimal") String votingKey,
      @Schema(description = "SEC 1 point, hexadecimal") String signingKey) {}

  /** A member as this node sees it. */
  @Schema(name = "MemberLink")
  public record Peer(
      String id,
      boolean self,
      Optional<String> lastHeardAt,
      long height,
      boolean connected,
      @Schema(
              description = "Of its enclave; absent without accepted evidence of the last minute",
              enumeration = {"SIMULATED", "MEASURED_TPM", "CONFIDENTIAL_VM", "ENCLAVE_SGX"})
          Optional<String> tier,
      @Schema(description = "Messages of it that were not taken: malformed, or too many at a time")
          long dropped,
      @Schema(description = "Present while this node takes nothing of it")
          Optional<CutOffJson> cutOff) {}

  static StatusJson of(NodeStatus status) {
    return new StatusJson(
        status.member(),
        status.chainId().toHex(),
        status.epoch(),
        status.mode().name(),
        status.view(),
        status.leader(),
        status.height(),
        status.tip().toHex(),
        Times.iso(status.tipAtMs()),
        status.waiting(),
        status.pool(),
        status.voting(),
        status.summary(),
        status.enclave().map(StatusJson::enclave),
        Times.iso(status.certificateEndsMs()),
        status.members().stream().map(StatusJson::peer).toList());
  }

  private static Enclave enclave(EnclaveInfo info) {
    return new Enclave(
        info.tier().name(),
        info.debug(),
        info.measurement().toHex(),
        info.state().name(),
        info.epoch(),
        info.configHash().toHex(),
        info.memberIndex(),
        info.votedView(),
        info.votedHeight(),
        info.votingKey().toHex(),
        info.signingKey().toHex());
  }

  private static Peer peer(NodeStatus.Peer peer) {
    return new Peer(
        peer.id(),
        peer.self(),
        Times.iso(peer.lastHeardMs()),
        peer.height(),
        peer.connected(),
        peer.tier().map(Enum::name),
        peer.dropped(),
        peer.cutOff().map(CutOffJson::of));
  }
}
