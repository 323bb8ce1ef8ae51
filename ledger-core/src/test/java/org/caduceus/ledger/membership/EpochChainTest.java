package org.caduceus.ledger.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four members; three make a quorum, and three must state and approve a cold start. */
final class EpochChainTest {
  private static final SampleSigner.Scheme SCHEME = SampleSigner.Scheme.ES256;

  private final SampleConsortium consortium = new SampleConsortium(SCHEME, 4, 4);
  private final EpochConfig config = consortium.config();
  private final EpochChain.Beginning genesis = EpochChain.Beginning.genesis(config);
  private final EpochConfig next = config.with(2, config.members());
  private final BlockHeader end = header(3, 7, 1, true, next.hash());

  private BlockHeader header(
      long view, long height, int entries, boolean last, Hash nextConfigHash) {
    return header(view, height, Hash.ZERO, entries, last, nextConfigHash);
  }

  private BlockHeader header(
      long view, long height, Hash parent, int entries, boolean last, Hash nextConfigHash) {
    return new BlockHeader(
        config.chainId(),
        1,
        view,
        height,
        parent,
        Hash.ZERO,
        StateTree.EMPTY,
        1_790_000_000_000L,
        config.leader(view),
        last,
        nextConfigHash,
        entries,
        entries);
  }

  private EpochChain.Step follow(EpochProof proof) {
    EpochProof travelled = EpochProof.decode(proof.encode().toArray());
    assertEquals(proof, travelled);
    return EpochChain.next(genesis, travelled, SCHEME.verifier());
  }

  private static void assertBroken(EpochChain.Step step) {
    assertInstanceOf(EpochChain.Step.Broken.class, step);
  }

  @Test
  void theLastBlockNamesTheNextConfigurationAndIsItsAnchor() {
    EpochProof proof =
        new EpochProof.Ended(next, List.of(end), consortium.certificate(end, 0, 1, 3));
    assertEquals(
        new EpochChain.Step.Into(new EpochChain.Beginning(next, end.hash(), 7)), follow(proof));
  }

  @Test
  void aSuffixProvesTheLastBlockAndIsNoAnchor() {
    BlockHeader above = header(9, 8, end.hash(), 0, true, next.hash());
    BlockHeader top = header(12, 9, above.hash(), 0, true, next.hash());
    EpochProof proof =
        new EpochProof.Ended(next, List.of(end, above, top), consortium.certificate(top, 0, 1, 3));
    assertEquals(
        new EpochChain.Step.Into(new EpochChain.Beginning(next, end.hash(), 7)), follow(proof));
  }

  @Test
  void whatIsNoSuffixProvesNothing() {
    for (BlockHeader above :
        List.of(
            header(9, 8, end.hash(), 1, true, next.hash()),
            header(9, 8, end.hash(), 0, false, Hash.ZERO),
            header(9, 8, end.hash(), 0, true, Hash.ZERO),
            header(9, 9, end.hash(), 0, true, next.hash()),
            header(3, 8, end.hash(), 0, true, next.hash()),
            header(9, 8, Hash.ZERO, 0, true, next.hash()))) {
      assertBroken(
          follow(
              new EpochProof.Ended(
                  next, List.of(end, above), consortium.certificate(above, 0, 1, 3))));
    }
    BlockHeader alone = header(9, 8, end.hash(), 0, true, next.hash());
    assertBroken(
        follow(new EpochProof.Ended(next, List.of(alone), consortium.certificate(alone, 0, 1, 3))));
  }

  @Test
  void twoVotesOfFourEndNoEpoch() {
    assertBroken(
        follow(new EpochProof.Ended(next, List.of(end), consortium.certificate(end, 0, 1))));
  }

  @Test
  void anEpochIsNotSkipped() {
    EpochConfig later = config.with(3, config.members());
    BlockHeader leap = header(3, 7, 1, true, later.hash());
    assertBroken(
        follow(new EpochProof.Ended(later, List.of(leap), consortium.certificate(leap, 0, 1, 2))));
  }

  // ---- cold starts ----------------------------------------------------------------------------

  private static SampleSigner successor(int member) {
    return SCHEME.signer("successor " + member);
  }

  private ResumeStatement stated(int member, long view, long height, Hash hash, boolean last) {
    Bytes formerKey = config.members().get(member).votingKey();
    ResumeStatement unsigned =
        new ResumeStatement(
            config.hash(),
            1,
            member,
            formerKey,
            view,
            height,
            hash,
            last,
            successor(member).publicKey(),
            Bytes.wrap(new byte[64]));
    return unsigned.withSignature(successor(member).sign(unsigned.signedBytes()));
  }

  private ResumeStatement stated(int member, long view) {
    return stated(member, view, 20 + view, Hash.sha256(new byte[] {(byte) view}), false);
  }

  private EpochConfig resumed(EpochConfig base, List<ResumeStatement> statements) {
    return EpochChain.resumed(config, base, statements, base);
  }

  private List<ColdStart.Approval> approvals(
      List<ResumeStatement> statements, EpochConfig approved, int... members) {
    Bytes bytes = ColdStart.approvalBytes(config.hash(), statements, approved);
    return java.util.Arrays.stream(members)
        .mapToObj(
            member ->
                new ColdStart.Approval(member, SCHEME.signer("governance " + member).sign(bytes)))
        .toList();
  }

  private EpochProof start(
      List<ResumeStatement> statements, UnaryOperator<EpochConfig> change, int... members) {
    EpochConfig changed = change.apply(resumed(config, statements));
    return new EpochProof.ColdStarted(
        changed,
        new ColdStart(
            List.of(), Optional.empty(), statements, approvals(statements, changed, members)));
  }

  @Test
  void enoughStatementsAndApprovalsGoOnFromTheHighest() {
    List<ResumeStatement> statements = List.of(stated(0, 4), stated(1, 6), stated(3, 5));
    EpochProof proof = start(statements, UnaryOperator.identity(), 0, 1, 3);
    EpochChain.Beginning begun = assertInstanceOf(EpochChain.Step.Into.class, follow(proof)).next();
    assertEquals(statements.get(1).votedHash(), begun.anchor());
    assertEquals(26, begun.anchorHeight());
    assertEquals(successor(0).publicKey(), begun.config().members().get(0).votingKey());
    assertEquals(config.members().get(2).votingKey(), begun.config().members().get(2).votingKey());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void tooFewStatementsOrApprovalsDoNot(int fewer) {
    List<ResumeStatement> all = List.of(stated(0, 4), stated(1, 6), stated(3, 5));
    assertBroken(follow(start(all.subList(0, 2), UnaryOperator.identity(), 0, 1)));
    int[] some = java.util.Arrays.copyOf(new int[] {0, 1, 3}, fewer);
    assertBroken(follow(start(all, UnaryOperator.identity(), some)));
    assertBroken(follow(start(all, UnaryOperator.identity(), 0, 1, 2)));
  }

  @Test
  void twoBlocksOfTheHighestViewDoNot() {
    List<ResumeStatement> statements =
        List.of(stated(0, 6), stated(1, 6, 26, Hash.ZERO, false), stated(3, 5));
    assertBroken(follow(start(statements, UnaryOperator.identity(), 0, 1, 3)));
  }

  @Test
  void nobodyVotedForAnythingButTheAnchor() {
    List<ResumeStatement> none =
        List.of(
            stated(0, 0, 0, config.hash(), false),
            stated(1, 0, 0, config.hash(), false),
            stated(2, 0, 0, config.hash(), false));
    assertInstanceOf(
        EpochChain.Step.Into.class, follow(start(none, UnaryOperator.identity(), 0, 1, 2)));
    List<ResumeStatement> other =
        List.of(
            stated(0, 0, 0, Hash.ZERO, false),
            stated(1, 0, 0, Hash.ZERO, false),
            stated(2, 0, 0, Hash.ZERO, false));
    assertBroken(follow(start(other, UnaryOperator.identity(), 0, 1, 2)));
  }

  @Test
  void nothingElseMayChange() {
    List<ResumeStatement> statements = List.of(stated(0, 4), stated(1, 6), stated(3, 5));
    assertBroken(
        follow(
            start(
                statements,
                right ->
                    new MembershipChange.SetRules(
                            9,
                            right.timeoutMs(),
                            right.maxTimeoutMs(),
                            right.maxBlockEntries(),
                            right.maxBlockBytes(),
                            right.minimumTier(),
                            right.maxEvidenceAge(),
                            List.of())
                        .appliedTo(Constitution.of(right), List.of())
                        .orElseThrow()
                        .config(),
                0,
                1,
                3)));
    assertBroken(
        follow(start(statements, right -> right.with(2, right.members().subList(0, 3)), 0, 1, 3)));
  }

  @Test
  void afterABlockThatEndsTheEpochAllAreNeeded() {
    List<ResumeStatement> three =
        List.of(stated(0, end.view(), end.height(), end.hash(), true), stated(1, 1), stated(2, 2));
    List<ResumeStatement> four = List.of(three.get(0), three.get(1), three.get(2), stated(3, 2));
    for (List<ResumeStatement> statements : List.of(three, four)) {
      EpochConfig changed = resumed(next, statements);
      int[] members = statements.stream().mapToInt(ResumeStatement::member).toArray();
      EpochProof proof =
          new EpochProof.ColdStarted(
              changed,
              new ColdStart(
                  List.of(end),
                  Optional.of(next),
                  statements,
                  approvals(statements, changed, members)));
      EpochChain.Step step = follow(proof);
      if (statements.size() == 4) {
        assertEquals(
            end.hash(), assertInstanceOf(EpochChain.Step.Into.class, step).next().anchor());
      } else {
        assertBroken(step);
      }
    }
  }

  /** All four state, the first of them this of a block that names the base. */
  private EpochChain.Step startAt(ResumeStatement first, BlockHeader last, EpochConfig base) {
    List<ResumeStatement> statements = List.of(first, stated(1, 1), stated(2, 2), stated(3, 2));
    EpochConfig changed = resumed(base, statements);
    EpochProof proof =
        new EpochProof.ColdStarted(
            changed,
            new ColdStart(
                List.of(last),
                Optional.of(base),
                statements,
                approvals(statements, changed, 0, 1, 2, 3)));
    return follow(proof);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1})
  void theStatedHeightIsTheHeaders(long off) {
    EpochChain.Step step =
        startAt(stated(0, end.view(), end.height() + off, end.hash(), true), end, next);
    if (off == 0) {
      assertInstanceOf(EpochChain.Step.Into.class, step);
    } else {
      assertBroken(step);
    }
  }

  /** No process was lost: enclaves' keys in their seats would vote for nothing. */
  @Test
  void aConfigurationOfProcessesKeepsItsKeys() {
    EpochConfig processes = next.with(EpochConfig.Mode.BFT_2P);
    BlockHeader names = header(3, 7, 1, true, processes.hash());
    EpochChain.Step step =
        startAt(stated(0, names.view(), names.height(), names.hash(), true), names, processes);
    assertEquals(processes, assertInstanceOf(EpochChain.Step.Into.class, step).next().config());
  }

  /** Keys of the lost epoch's suite were stated: none of them could vote in the next one. */
  @Test
  void theNamedConfigurationIsOfTheLostEpochsSuite() {
    EpochConfig foreign =
        new SampleConsortium(
                SampleSigner.Scheme.SM2,
                4,
                4,
                config.members().stream().map(Member::votingKey).toList(),
                2)
            .config();
    BlockHeader names = header(3, 7, 1, true, foreign.hash());
    EpochChain.Step step =
        startAt(stated(0, names.view(), names.height(), names.hash(), true), names, foreign);
    assertEquals(
        new EpochChain.Step.Broken(
            "Expected a next epoch of the suite in which keys were stated, but it is of another"),
        step);
  }
}
