package org.caduceus.ledger.consensus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/**
 * Who may vote in an epoch, and whether a signed statement is theirs. Holds what would otherwise be
 * hashed again for every message.
 */
public final class Electorate {
  private final EpochConfig config;
  private final Hash configHash;
  private final int leaderOfViewZero;
  private final Map<String, Integer> indexById = new HashMap<>();
  private final SignatureVerifier signatures;

  /**
   * The voters of {@code config}.
   *
   * @param signatures of the configuration's suite
   */
  public Electorate(EpochConfig config, SignatureVerifier signatures) {
    this.config = config;
    this.configHash = config.hash();
    this.leaderOfViewZero = config.leader(0);
    this.signatures = signatures;
    for (int i = 0; i < config.n(); i++) {
      indexById.put(config.members().get(i).id(), i);
    }
  }

  /** The configuration. */
  public EpochConfig config() {
    return config;
  }

  /** Its hash: what every statement is bound to, and the anchor of epoch 1. */
  public Hash configHash() {
    return configHash;
  }

  /** Same as {@link EpochConfig#leader}, without hashing. */
  public int leader(long view) {
    return (int) ((view / config.slotK() + leaderOfViewZero) % config.n());
  }

  /** The member of this id. */
  public Optional<Integer> indexOf(String id) {
    return Optional.ofNullable(indexById.get(id));
  }

  /** The member's id, or its number if there is no such member. */
  public String name(int member) {
    return isMember(member) ? config.members().get(member).id() : "member " + member;
  }

  /** Whether there is a member of this index. */
  public boolean isMember(int member) {
    return member >= 0 && member < config.n();
  }

  /** Whether the leader of the header's view proposed it. */
  public boolean proposed(BlockHeader header, Hash blockHash, Bytes signature) {
    return signatures.verifies(
        votingKey(leader(header.view())),
        Statements.proposal(configHash, header, blockHash),
        signature);
  }

  /** Whether the named member cast this vote. */
  public boolean voted(Vote vote) {
    return isMember(vote.member())
        && isPhase(vote.phase())
        && vote.epoch() == config.epoch()
        && signatures.verifies(
            votingKey(vote.member()),
            Statements.vote(
                configHash,
                vote.phase(),
                vote.epoch(),
                vote.view(),
                vote.height(),
                vote.blockHash(),
                vote.lastInEpoch()),
            vote.signature());
  }

  /** Whether the named member signed this report and it can be an honest voter's. */
  public boolean reported(NewView report) {
    return isMember(report.member())
        && report.votedView() < report.newView()
        && signatures.verifies(
            votingKey(report.member()),
            Statements.newView(configHash, config.epoch(), report),
            report.signature());
  }

  /** Whether this is the last phase of the mode, whose votes make a block final. */
  public boolean commits(QuorumCertificate certificate) {
    return certificate.phase() == config.mode().phases();
  }

  private boolean isPhase(int phase) {
    return phase >= 1 && phase <= config.mode().phases();
  }

  /** Whether a quorum of distinct members made final what the certificate names. */
  public boolean certified(QuorumCertificate certificate) {
    return commits(certificate) && prepared(certificate);
  }

  /**
   * Whether a quorum of distinct members voted, in whatever phase, for what the certificate names.
   * There is no such certificate of another block of the view.
   */
  public boolean prepared(QuorumCertificate certificate) {
    long outsiders = config.n() == Long.SIZE ? 0 : certificate.signers() >>> config.n();
    if (certificate.epoch() != config.epoch()
        || !isPhase(certificate.phase())
        || outsiders != 0
        || Long.bitCount(certificate.signers()) < config.quorum()) {
      return false;
    }
    Bytes message =
        Statements.vote(
            configHash,
            certificate.phase(),
            certificate.epoch(),
            certificate.view(),
            certificate.height(),
            certificate.blockHash(),
            certificate.lastInEpoch());
    int next = 0;
    for (int member = 0; member < config.n(); member++) {
      if ((certificate.signers() >>> member & 1) == 1
          && !signatures.verifies(
              votingKey(member), message, certificate.signatures().get(next++))) {
        return false;
      }
    }
    return true;
  }

  /** Whether these signatures with members' entry keys verify, in their order. */
  boolean[] signedByInstitutions(List<SignatureVerifier.Claim> claims) {
    return signatures.verifyEach(claims);
  }

  private Bytes votingKey(int member) {
    Member seat = config.members().get(member);
    return seat.votingKey();
  }
}
