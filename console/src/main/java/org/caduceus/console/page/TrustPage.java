package org.caduceus.console.page;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.caduceus.console.Consortium;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/** What protects the keys of this node, and what does it not protect against? */
@Named("trustPage")
@RequestScoped
public class TrustPage {
  /**
   * A row of the table of tiers.
   *
   * @param name as in the configuration
   * @param current whether this node runs at it
   */
  public record Tier(String name, boolean current) {}

  /**
   * A member's keys in the genesis configuration.
   *
   * @param id member
   * @param votingKey SEC 1 point, hexadecimal
   * @param signingKey SEC 1 point, hexadecimal
   * @param evidence hash of what it presented at admission
   */
  public record Seat(String id, String votingKey, String signingKey, String evidence) {}

  @Inject Frame frame;
  @Inject Consortium consortium;
  @Inject PageWords words;

  /** Whether the enclave answers. */
  public boolean isPresent() {
    return enclave().isPresent();
  }

  /** The first line. */
  public String getHeadline() {
    return words.of("trust.headline." + frame.getTier());
  }

  /** What the enclave says of itself. */
  public EnclaveInfo getInfo() {
    return enclave().orElseThrow();
  }

  /** SHA-384 of the trusted code, hexadecimal. */
  public String getMeasurement() {
    return getInfo().measurement().toHex();
  }

  /** The voting key, hexadecimal. */
  public String getVotingKey() {
    return getInfo().votingKey().toHex();
  }

  /** The institution's key, hexadecimal. */
  public String getSigningKey() {
    return getInfo().signingKey().toHex();
  }

  /** {@code listed}, {@code any} or {@code unlisted}: what the genesis says of the measurement. */
  public String getMeasured() {
    List<Bytes> allowed = genesis().measurements();
    if (allowed.isEmpty()) {
      return "any";
    }
    return allowed.contains(getInfo().measurement()) ? "listed" : "unlisted";
  }

  /** {@code seat}, {@code other} or {@code none}: what the genesis says of the voting key. */
  public String getSeated() {
    return genesis().members().stream()
        .filter(member -> member.id().equals(frame.getInstitution()))
        .findFirst()
        .map(member -> member.votingKey().equals(getInfo().votingKey()) ? "seat" : "other")
        .orElse("none");
  }

  /** Every tier, weakest first. */
  public List<Tier> getTiers() {
    return Arrays.stream(AssuranceTier.values())
        .map(tier -> new Tier(tier.name(), tier.name().equals(frame.getTier())))
        .toList();
  }

  /** The consortium, hexadecimal. */
  public String getChainId() {
    return genesis().chainId().toHex();
  }

  /** Hash of the genesis configuration. */
  public String getConfigHash() {
    return genesis().hash().toHex();
  }

  /** How blocks become final. */
  public String getMode() {
    return genesis().mode().name();
  }

  /** Votes that make a block final, and members. */
  public String getQuorum() {
    return words.of("trust.quorum.value", genesis().quorum(), genesis().n());
  }

  /** Members with their keys. */
  public List<Seat> getSeats() {
    return genesis().members().stream().map(TrustPage::seat).toList();
  }

  private static Seat seat(Member member) {
    return new Seat(
        member.id(),
        member.votingKey().toHex(),
        member.signingKey().toHex(),
        member.evidence().toHex());
  }

  private EpochConfig genesis() {
    return consortium.genesis();
  }

  private Optional<EnclaveInfo> enclave() {
    return frame.status().enclave();
  }
}
