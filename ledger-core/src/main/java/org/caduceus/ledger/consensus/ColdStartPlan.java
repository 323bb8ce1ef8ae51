package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;

/**
 * How a member proposes to go on after an epoch whose quorum lost its keys. Each institution
 * approves at most one per epoch.
 *
 * @param end see {@link ColdStart}
 * @param base see {@link ColdStart}
 * @param statements ascending by member
 * @param next configuration of the epoch that shall begin
 */
public record ColdStartPlan(
    List<BlockHeader> end,
    Optional<EpochConfig> base,
    List<ResumeStatement> statements,
    EpochConfig next) {
  /** Freezes the lists. */
  public ColdStartPlan {
    end = List.copyOf(end);
    statements = List.copyOf(statements);
    if (statements.isEmpty()) {
      throw new MalformedException("Expected statements in a plan, but there are none");
    }
  }

  /** The statement of the highest voted block. */
  public ResumeStatement best() {
    return ColdStart.best(statements);
  }

  /** Whether it goes on from the epoch of this configuration. */
  public boolean isOf(EpochConfig ended) {
    return statements.getFirst().configHash().equals(ended.hash());
  }

  /** What a governance key signs to approve it. */
  public Bytes approvalBytes() {
    return ColdStart.approvalBytes(statements.getFirst().configHash(), statements, next);
  }

  /** Names the plan: two members that approve the same sign the same. */
  public Hash hash() {
    return Hash.sha256(approvalBytes().unsafeArray());
  }

  /** The plan as a proof, once enough approve it. */
  public EpochProof.ColdStarted approved(List<ColdStart.Approval> approvals) {
    return new EpochProof.ColdStarted(next, new ColdStart(end, base, statements, approvals));
  }

  /** Layout of the formats page: that of a proof without approvals. */
  public Bytes encode() {
    return approved(List.of()).encode();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are no plan
   */
  public static ColdStartPlan decode(byte[] bytes) {
    if (EpochProof.decode(bytes)
        instanceof EpochProof.ColdStarted(EpochConfig next, ColdStart it)) {
      return new ColdStartPlan(it.end(), it.base(), it.statements(), next);
    }
    throw new MalformedException("Expected a cold start plan, but it is another proof");
  }

  /** Both parts of a plan that this member approved, as a node keeps them. */
  public record Approved(ColdStartPlan plan, Bytes signature) {
    /** Layout: the plan after its length, then the signature. */
    public Bytes encode() {
      return Bytes.wrap(new Writer().sized(plan.encode().unsafeArray()).bytes(signature).toArray());
    }

    /** Reads what {@link #encode} wrote. */
    public static Approved decode(byte[] bytes) {
      Reader in = new Reader(bytes, "approved plan");
      Approved approved =
          new Approved(
              ColdStartPlan.decode(in.sized()),
              Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH)));
      in.end();
      return approved;
    }
  }

  /** Members that stated, ascending. */
  public List<Integer> members() {
    List<Integer> members = new ArrayList<>();
    statements.forEach(statement -> members.add(statement.member()));
    return members;
  }
}
