package org.caduceus.console.rest;

import java.util.Base64;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The genesis configuration on the wire. */
@Schema(name = "Genesis", description = "The configuration to check receipts against")
public record GenesisJson(
    String chainId,
    long epoch,
    @Schema(enumeration = {"TEE_1P", "BFT_2P"}) String mode,
    @Schema(
            description = "Algorithms of all signatures",
            enumeration = {"ES256", "SM2_SM3"})
        String suite,
    @Schema(description = "H(encoded): the anchor of epoch 1") String configHash,
    int slotK,
    int timeoutMs,
    int maxTimeoutMs,
    int maxBlockEntries,
    int maxBlockBytes,
    @Schema(
            description = "Least assurance a member's enclave must show",
            enumeration = {"SIMULATED", "MEASURED_TPM", "CONFIDENTIAL_VM", "ENCLAVE_SGX"})
        String minimumTier,
    @Schema(description = "Most blocks of age of a member's evidence; 0 for no bound")
        int maxEvidenceAge,
    @Schema(description = "Votes that make a block final") int quorum,
    List<Seat> members,
    @Schema(description = "Trusted code that may vote, hexadecimal; empty allows any")
        List<String> measurements,
    @Schema(description = "The configuration as it is hashed (CDC1CONF), Base64") String encoded) {

  /** A member with its keys. */
  @Schema(name = "Seat")
  public record Seat(
      int index,
      String id,
      @Schema(description = "SEC 1 point, hexadecimal") String votingKey,
      @Schema(description = "SEC 1 point, hexadecimal") String signingKey,
      @Schema(description = "SEC 1 point, hexadecimal") String governanceKey,
      @Schema(description = "SHA-256 of the public key of its peer links") String linkKey,
      @Schema(description = "Hash of the evidence presented at admission") String evidence) {}

  static GenesisJson of(EpochConfig config) {
    List<Member> members = config.members();
    return new GenesisJson(
        config.chainId().toHex(),
        config.epoch(),
        config.mode().name(),
        config.suite().name(),
        config.hash().toHex(),
        config.slotK(),
        config.timeoutMs(),
        config.maxTimeoutMs(),
        config.maxBlockEntries(),
        config.maxBlockBytes(),
        config.minimumTier().name(),
        config.maxEvidenceAge(),
        config.quorum(),
        java.util.stream.IntStream.range(0, members.size())
            .mapToObj(index -> seat(index, members.get(index)))
            .toList(),
        config.measurements().stream().map(Bytes::toHex).toList(),
        Base64.getEncoder().encodeToString(config.encode().toArray()));
  }

  private static Seat seat(int index, Member member) {
    return new Seat(
        index,
        member.id(),
        member.votingKey().toHex(),
        member.signingKey().toHex(),
        member.governanceKey().toHex(),
        member.linkKey().toHex(),
        member.evidence().toHex());
  }
}
