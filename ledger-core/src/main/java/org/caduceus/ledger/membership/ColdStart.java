package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;

/**
 * How an epoch ends whose quorum has lost its keys: enough members state under new keys where they
 * stood, and their institutions' governance keys approve going on from the highest of them. Layout
 * {@code CDC1COLD}.
 *
 * @param end if the highest voted block ends its epoch: that block's header and its suffix; else
 *     empty
 * @param base the configuration it names; empty if {@code end} is
 * @param statements ascending by member
 * @param approvals ascending by member, each of one that stated
 */
public record ColdStart(
    List<BlockHeader> end,
    Optional<EpochConfig> base,
    List<ResumeStatement> statements,
    List<Approval> approvals) {
  private static final String TAG = "CDC1COLD";
  private static final int SIGNATURE_LENGTH = 64;

  /**
   * An institution's consent to going on from these statements, at most one per epoch.
   *
   * @param member index
   * @param signature by its governance key over {@link #approvalBytes}
   */
  public record Approval(int member, Bytes signature) {}

  /** Freezes the lists. */
  public ColdStart {
    end = List.copyOf(end);
    statements = List.copyOf(statements);
    approvals = List.copyOf(approvals);
    if (statements.isEmpty() || end.isEmpty() != base.isEmpty()) {
      throw new MalformedException(
          "Expected statements, and the epoch's last block with the configuration it names or"
              + " neither, but it is not so");
    }
  }

  /**
   * Members that must state and approve: 2f + 1, so that one whose word is true voted for the last
   * final block; and enough that two such sets share one that approves only once.
   */
  public static int membersNeeded(EpochConfig config) {
    return Math.max(2 * config.faults() + 1, (config.n() + config.faults() + 2) / 2);
  }

  /** The statement of the highest voted block. */
  public ResumeStatement best() {
    return best(statements);
  }

  /** Same, of these. */
  public static ResumeStatement best(List<ResumeStatement> statements) {
    return statements.stream()
        .max(Comparator.comparingLong(ResumeStatement::votedView))
        .orElseThrow();
  }

  /**
   * What governance signs, layout {@code CDC1CACC}.
   *
   * @param configHash of the epoch that ends
   */
  public static Bytes approvalBytes(
      Hash configHash, List<ResumeStatement> statements, EpochConfig next) {
    Writer all = new Writer();
    statements.forEach(statement -> all.bytes(statement.encode()));
    return Bytes.wrap(
        new Writer()
            .tag("CDC1CACC")
            .hash(configHash)
            .hash(Hash.sha256(all.toArray()))
            .hash(next.hash())
            .toArray());
  }

  /** Whether the third part of a proof is one of these and no certificate. */
  static boolean isColdStart(byte[] proof) {
    byte[] tag = TAG.getBytes(StandardCharsets.US_ASCII);
    return proof.length >= tag.length && Arrays.equals(tag, Arrays.copyOf(proof, tag.length));
  }

  Bytes encode() {
    Writer out =
        new Writer()
            .tag(TAG)
            .sized(base.map(config -> config.encode().toArray()).orElse(new byte[0]))
            .u16(statements.size());
    statements.forEach(statement -> out.bytes(statement.encode()));
    out.u16(approvals.size());
    approvals.forEach(approval -> out.u16(approval.member()).bytes(approval.signature()));
    return Bytes.wrap(out.toArray());
  }

  static ColdStart decode(List<BlockHeader> end, byte[] bytes) {
    Reader in = new Reader(bytes, "cold start");
    in.tag(TAG);
    byte[] base = in.sized();
    List<ResumeStatement> statements = new ArrayList<>();
    for (int count = in.u16(); count > 0; count--) {
      statements.add(ResumeStatement.read(in));
    }
    List<Approval> approvals = new ArrayList<>();
    for (int count = in.u16(); count > 0; count--) {
      approvals.add(new Approval(in.u16(), Bytes.wrap(in.bytes(SIGNATURE_LENGTH))));
    }
    in.end();
    return new ColdStart(
        end,
        base.length == 0 ? Optional.empty() : Optional.of(EpochConfig.decode(base)),
        statements,
        approvals);
  }
}
