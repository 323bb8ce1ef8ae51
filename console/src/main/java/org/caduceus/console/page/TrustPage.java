package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
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
import org.caduceus.ledger.query.LedgerQuery;

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
   * A member's keys in the running epoch.
   *
   * @param id member
   * @param votingKey SEC 1 point, hexadecimal
   * @param signingKey SEC 1 point, hexadecimal
   * @param evidence hash of what it presented when it got the seat
   */
  public record Seat(String id, String votingKey, String signingKey, String evidence) {}

  @Inject Frame frame;
  @Inject Consortium consortium;
  @Inject PageWords words;
  @EJB LedgerQuery ledger;

  private EpochConfig running;

  @PostConstruct
  void look() {
    running = ledger.config(frame.status().epoch());
  }

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

  /**
   * {@code listed}, {@code any} or {@code unlisted}: what the running epoch says of the
   * measurement.
   */
  public String getMeasured() {
    List<Bytes> allowed = running.measurements();
    if (allowed.isEmpty()) {
      return "any";
    }
    return allowed.contains(getInfo().measurement()) ? "listed" : "unlisted";
  }

  /**
   * {@code seat}, {@code process}, {@code other} or {@code none}: what the running epoch says of
   * the voting key.
   */
  public String getSeated() {
    return running.members().stream()
        .filter(member -> member.id().equals(frame.getInstitution()))
        .findFirst()
        .map(this::seated)
        .orElse("none");
  }

  private String seated(Member member) {
    return switch (running.mode()) {
      case TEE_1P -> member.votingKey().equals(getInfo().votingKey()) ? "seat" : "other";
      case BFT_2P -> "process";
    };
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
  public String getGenesisHash() {
    return genesis().hash().toHex();
  }

  /** The running epoch. */
  public long getEpoch() {
    return running.epoch();
  }

  /** Hash of its configuration. */
  public String getConfigHash() {
    return running.hash().toHex();
  }

  /** How blocks become final. */
  public String getMode() {
    return running.mode().name();
  }

  /** Votes that make a block final, and members. */
  public String getQuorum() {
    return words.of("trust.quorum.value", running.quorum(), running.n());
  }

  /** Members with their keys in the running epoch. */
  public List<Seat> getSeats() {
    return running.members().stream().map(TrustPage::seat).toList();
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
