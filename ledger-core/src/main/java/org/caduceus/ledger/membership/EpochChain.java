package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.Electorate;

/**
 * Follows a consortium from epoch to epoch, as a light client does: who trusts the configuration of
 * one epoch and is shown one proof per change needs nothing else. The enclave's checker follows the
 * same rules.
 */
public final class EpochChain {
  /**
   * Where an epoch begins.
   *
   * @param config its configuration
   * @param anchor parent of its first block
   * @param anchorHeight height of that, 0 for genesis
   */
  public record Beginning(EpochConfig config, Hash anchor, long anchorHeight) {
    /** The first epoch's: its anchor is the hash of its configuration. */
    public static Beginning genesis(EpochConfig config) {
      return new Beginning(config, config.hash(), 0);
    }
  }

  /** What became of a proof. */
  public sealed interface Step {
    /** It holds, and the next epoch begins there. */
    record Into(Beginning next) implements Step {}

    /**
     * It does not.
     *
     * @param reason "Expected …, but …"
     */
    record Broken(String reason) implements Step {}
  }

  private EpochChain() {}

  /**
   * Checks one proof.
   *
   * @param before an epoch that is trusted
   * @param proof of the epoch after it
   * @param signatures of that epoch's suite
   */
  public static Step next(Beginning before, EpochProof proof, SignatureVerifier signatures) {
    EpochConfig config = proof.config();
    if (!config.chainId().equals(before.config().chainId())
        || config.epoch() != before.config().epoch() + 1) {
      return new Step.Broken(
          "Expected the configuration of epoch "
              + (before.config().epoch() + 1)
              + " of this chain, but it is of another");
    }
    return switch (proof) {
      case EpochProof.Genesis genesis ->
          new Step.Broken("Expected a proof of a later epoch, but there is none");
      case EpochProof.Ended ended -> ended(before, ended, signatures);
      case EpochProof.ColdStarted started -> new ColdStartRules(before, signatures).check(started);
    };
  }

  private static Step ended(
      Beginning before, EpochProof.Ended proof, SignatureVerifier signatures) {
    BlockHeader end = proof.headers().getFirst();
    BlockHeader last = proof.headers().getLast();
    if (!isEnd(proof.headers(), before.config())
        || !end.nextConfigHash().equals(proof.config().hash())) {
      return new Step.Broken("Expected the epoch's last block to name the next, but it does not");
    }
    if (!proof.certificate().isFor(last, last.hash())
        || !new Electorate(before.config(), signatures).certified(proof.certificate())) {
      return new Step.Broken("Expected votes of a quorum for the epoch's last block, but no");
    }
    return new Step.Into(new Beginning(proof.config(), end.hash(), end.height()));
  }

  /** Whether the first header ends the epoch and the others are its suffix. */
  static boolean isEnd(List<BlockHeader> headers, EpochConfig config) {
    BlockHeader end = headers.getFirst();
    if (!end.chainId().equals(config.chainId())
        || end.epoch() != config.epoch()
        || !end.lastInEpoch()
        || end.entryCount() == 0) {
      return false;
    }
    return isSuffix(end, headers.subList(1, headers.size()));
  }

  /** Whether each header is of an empty block, of a later view, upon the one before. */
  public static boolean isSuffix(BlockHeader end, List<BlockHeader> suffix) {
    BlockHeader below = end;
    for (BlockHeader header : suffix) {
      if (!header.isSuffixOf(below) || header.view() <= below.view()) {
        return false;
      }
      below = header;
    }
    return true;
  }

  /** The rules of a cold start, numbered as the formats page numbers them. */
  private record ColdStartRules(Beginning before, SignatureVerifier signatures) {
    Step check(EpochProof.ColdStarted proof) {
      ColdStart it = proof.coldStart();
      Optional<String> broken =
          planViolation(it, proof.config())
              .or(() -> approvalsViolation(it, proof.config()))
              .or(() -> count(it.approvals().size(), needed(it.best()), "approvals"));
      if (broken.isPresent()) {
        return new Step.Broken(broken.get());
      }
      ResumeStatement best = it.best();
      return new Step.Into(
          it.end().isEmpty()
              ? new Beginning(proof.config(), best.votedHash(), best.votedHeight())
              : new Beginning(
                  proof.config(), it.end().getFirst().hash(), it.end().getFirst().height()));
    }

    Optional<String> planViolation(ColdStart it, EpochConfig next) {
      return statementsViolation(before, it.statements(), signatures)
          .or(() -> endViolation(it, it.best()))
          .or(() -> configViolation(it, next))
          .or(() -> count(it.statements().size(), needed(it.best()), "statements"));
    }

    /** A block that ends its epoch may have changed the quorum: then all are needed. */
    private int needed(ResumeStatement best) {
      return best.votedLast() ? before.config().n() : ColdStart.membersNeeded(before.config());
    }

    private static Optional<String> count(int got, int needed, String what) {
      return got >= needed
          ? Optional.empty()
          : Optional.of("Expected " + needed + " " + what + ", but got " + got);
    }

    private Optional<String> endViolation(ColdStart it, ResumeStatement best) {
      if (best.votedLast() == it.end().isEmpty()) {
        return Optional.of(
            "Expected the epoch's last block exactly if it was voted for, but it is not so");
      }
      if (it.end().isEmpty()) {
        return Optional.empty();
      }
      EpochConfig base = it.base().orElseThrow();
      if (base.suite() != before.config().suite()) {
        return Optional.of(
            "Expected a next epoch of the suite in which keys were stated, but it is of another");
      }
      boolean holds =
          isEnd(it.end(), before.config())
              && it.end().getLast().hash().equals(best.votedHash())
              && it.end().getLast().height() == best.votedHeight()
              && it.end().getFirst().nextConfigHash().equals(base.hash());
      return holds
          ? Optional.empty()
          : Optional.of("Expected the block voted for and the configuration it names, but no");
    }

    private Optional<String> configViolation(ColdStart it, EpochConfig next) {
      EpochConfig base = it.base().orElse(before.config());
      boolean same =
          next.n() == base.n()
              && resumed(before.config(), base, it.statements(), next).equals(next);
      return same
          ? Optional.empty()
          : Optional.of("Expected nothing but the stated keys to change, but more does");
    }

    private Optional<String> approvalsViolation(ColdStart it, EpochConfig next) {
      Bytes approved = ColdStart.approvalBytes(before.config().hash(), it.statements(), next);
      int above = -1;
      for (ColdStart.Approval approval : it.approvals()) {
        int member = approval.member();
        boolean stated =
            it.statements().stream().anyMatch(statement -> statement.member() == member);
        if (member <= above || !stated) {
          return Optional.of("Expected approvals of members that stated, but one is not");
        }
        Bytes key = before.config().members().get(member).governanceKey();
        if (!signatures.verifies(key, approved, approval.signature())) {
          return Optional.of("Expected a governance key's approval, but it does not verify");
        }
        above = member;
      }
      return Optional.empty();
    }
  }

  /**
   * Why nobody may approve going on like this; empty if governance may. Its approvals, if there are
   * any, are not looked at.
   *
   * @param before the epoch that ends
   * @param signatures of its suite
   */
  public static Optional<String> planViolation(
      Beginning before, EpochProof.ColdStarted plan, SignatureVerifier signatures) {
    return new ColdStartRules(before, signatures).planViolation(plan.coldStart(), plan.config());
  }

  /**
   * Why these statements of an epoch do not stand together; empty if they do, however few.
   *
   * @param signatures of the epoch's suite
   */
  public static Optional<String> statementsViolation(
      Beginning epoch, List<ResumeStatement> statements, SignatureVerifier signatures) {
    if (epoch.config().mode() != EpochConfig.Mode.TEE_1P) {
      return Optional.of("Expected statements of enclaves, but no other mode starts cold");
    }
    Hash configHash = epoch.config().hash();
    int above = -1;
    for (ResumeStatement statement : statements) {
      if (statement.member() <= above || statement.member() >= epoch.config().n()) {
        return Optional.of("Expected statements ascending by member, but they are not");
      }
      above = statement.member();
      Member seat = epoch.config().members().get(above);
      if (!statement.configHash().equals(configHash)
          || statement.epoch() != epoch.config().epoch()
          || !statement.formerKey().equals(seat.votingKey())
          || statement.votingKey().equals(seat.votingKey())) {
        return Optional.of("Expected a statement of a seat of this epoch, but it is another's");
      }
      if (!signatures.verifies(
          statement.votingKey(), statement.signedBytes(), statement.signature())) {
        return Optional.of("Expected a signed statement, but the signature does not verify");
      }
    }
    return statements.isEmpty() ? Optional.empty() : bestViolation(epoch, statements);
  }

  private static Optional<String> bestViolation(Beginning epoch, List<ResumeStatement> statements) {
    ResumeStatement best = ColdStart.best(statements);
    boolean one =
        statements.stream()
            .filter(each -> each.votedView() == best.votedView())
            .allMatch(
                each ->
                    each.votedHash().equals(best.votedHash())
                        && each.votedHeight() == best.votedHeight()
                        && each.votedLast() == best.votedLast());
    boolean anchored =
        best.votedView() > 0
            || (best.votedHash().equals(epoch.anchor())
                && best.votedHeight() == epoch.anchorHeight()
                && !best.votedLast());
    return one && anchored
        ? Optional.empty()
        : Optional.of("Expected one highest block that was voted for, but the statements differ");
  }

  /**
   * The configuration with which an epoch goes on after these statements. Where the base is of a
   * mode in which processes vote, of which none was lost, all keys stay.
   *
   * @param ended of the epoch that ends; its indexes are those of the statements
   * @param base the same, or the one its last block names
   * @param evidence of members that stated, from whose configuration only that is taken
   */
  public static EpochConfig resumed(
      EpochConfig ended, EpochConfig base, List<ResumeStatement> statements, EpochConfig evidence) {
    if (base.mode() != EpochConfig.Mode.TEE_1P) {
      return base.with(ended.epoch() + 1, base.members());
    }
    List<Member> members = new ArrayList<>(base.members());
    for (ResumeStatement statement : statements) {
      String id = ended.members().get(statement.member()).id();
      OptionalInt seat = base.indexOf(id);
      OptionalInt shown = evidence.indexOf(id);
      if (seat.isPresent() && shown.isPresent()) {
        Member before = base.members().get(seat.getAsInt());
        members.set(
            seat.getAsInt(),
            before.withVotingKey(
                statement.votingKey(), evidence.members().get(shown.getAsInt()).evidence()));
      }
    }
    return base.with(ended.epoch() + 1, members);
  }
}
