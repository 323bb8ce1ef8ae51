package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.ModelVoter.Mutant;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochProof;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Goal: agreement rests on the checkers alone. Method: every host is malicious; one random driver
 * owns all checkers and all signatures ever made, asks for whatever it likes in any order, and
 * tries to make two blocks final that contradict each other. It never succeeds against the checker
 * as it is, and does so quickly against each seeded mistake: the same explorer that clears the
 * checker is shown to see. Same idea as the TLA+ model, with the real code of the model checker.
 * Mistakes that fork nothing by themselves, or need more than calls, are {@link
 * MutationGateTest}'s.
 */
final class MaliciousHostsTest {
  private static final int STEPS = 160;
  private static final int MUTANT_SEEDS = 1_000;
  private static final int MAX_VIEW = 5;

  @Test
  @Tag("6.2b")
  void noSequenceOfCallsMakesTwoContradictingBlocksFinal() {
    for (int n : new int[] {3, 4, 5}) {
      for (long seed = 0; seed < 200; seed++) {
        Optional<String> fork = new Attack(n, Mutant.NONE, seed).run();
        assertEquals(Optional.empty(), fork, "n=" + n + " seed=" + seed);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mutant.class,
      names = {
        "QUORUM_TOO_SMALL",
        "NEW_VIEW_KEEPS_V",
        "ACCUMULATOR_NOT_MAX",
        "DUPLICATE_SIGNER_COUNTED",
        "PLAST_IGNORED",
        "PROPOSES_TWICE",
        "OLD_CERTIFICATE_ACCEPTED",
        "ANCHOR_IN_ANY_VIEW",
        "REPORT_HIDES_VOTE"
      })
  @Tag("6.2b")
  void everySeededMistakeIsFound(Mutant mutant) {
    int n = mutant == Mutant.QUORUM_TOO_SMALL ? 4 : 3;
    for (long seed = 0; seed < MUTANT_SEEDS; seed++) {
      if (new Attack(n, mutant, seed).run().isPresent()) {
        return;
      }
    }
    assertTrue(false, mutant + " survived " + MUTANT_SEEDS + " seeds");
  }

  /** One run of the driver. */
  private static final class Attack {
    private record Known(BlockHeader header, Hash hash) {}

    private record Proposed(Known block, Bytes signature) {}

    private final SplittableRandom random;
    private final SampleConsortium consortium;
    private final List<ModelVoter> voters = new ArrayList<>();
    private final Map<Hash, Known> blocks = new LinkedHashMap<>();
    private final List<Proposed> proposals = new ArrayList<>();
    private final Map<Hash, Map<Integer, Bytes>> votes = new HashMap<>();
    private final TreeMap<Long, List<NewView>> reports = new TreeMap<>();
    private final List<QuorumCertificate> certificates = new ArrayList<>();
    private final Set<Hash> certified = new HashSet<>();
    private final int quorum;
    private final int n;

    Attack(int n, Mutant mutant, long seed) {
      this.n = n;
      this.random = new SplittableRandom(seed);
      this.consortium = new SampleConsortium(SampleSigner.Scheme.FAST, n, 1);
      for (int i = 0; i < n; i++) {
        ModelVoter voter =
            new ModelVoter(
                SampleSigner.Scheme.FAST,
                SampleConsortium.votingKeyName(i),
                mutant,
                Optional.empty());
        voter.enterEpoch(List.of(EpochProof.genesis(consortium.config())));
        voters.add(voter);
      }
      this.quorum = voters.get(0).quorum(n);
    }

    Optional<String> run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> propose();
          case 3, 4, 5 -> vote();
          default -> move();
        }
        Optional<String> fork = fork();
        if (fork.isPresent()) {
          return fork;
        }
      }
      return Optional.empty();
    }

    private void propose() {
      long view = 1L + random.nextInt(MAX_VIEW);
      int leader = consortium.config().leader(view);
      Optional<Known> parent = pickParent();
      Hash parentHash = parent.map(Known::hash).orElse(consortium.config().hash());
      long height = parent.map(block -> block.header().height()).orElse(0L) + 1;
      BlockHeader header =
          new BlockHeader(
              consortium.config().chainId(),
              1,
              view,
              height,
              parentHash,
              SampleEntries.hashOf("body " + random.nextInt(2)),
              StateTree.EMPTY,
              0,
              leader,
              random.nextInt(4) == 0,
              Hash.ZERO,
              0,
              0);
      justification(view)
          .map(justification -> voters.get(leader).propose(header, justification))
          .ifPresent(
              answer -> {
                if (answer instanceof Voter.Signed.Yes(Bytes signature)) {
                  Known block = new Known(header, header.hash());
                  blocks.put(block.hash(), block);
                  proposals.add(new Proposed(block, signature));
                }
              });
    }

    private Optional<Known> pickParent() {
      List<Known> all = new ArrayList<>(blocks.values());
      int pick = random.nextInt(all.size() + 1);
      return pick == all.size() ? Optional.empty() : Optional.of(all.get(pick));
    }

    private Optional<Justification> justification(long view) {
      if (random.nextInt(view == 1 ? 2 : 8) == 0) {
        return Optional.of(new Justification.Anchor());
      }
      if (!certificates.isEmpty() && random.nextInt(3) == 0) {
        return Optional.of(
            new Justification.Certified(certificates.get(random.nextInt(certificates.size()))));
      }
      List<NewView> known = reports.getOrDefault(view, List.of());
      if (known.isEmpty()) {
        return Optional.empty();
      }
      List<NewView> chosen = new ArrayList<>();
      for (int i = 0; i < quorum; i++) {
        chosen.add(known.get(random.nextInt(known.size())));
      }
      chosen.sort(Comparator.comparingInt(NewView::member));
      return Optional.of(new Justification.NewViews(chosen));
    }

    private void vote() {
      if (proposals.isEmpty()) {
        return;
      }
      Proposed proposed = proposals.get(random.nextInt(proposals.size()));
      int member = random.nextInt(n);
      Voter.Signed answer =
          voters
              .get(member)
              .vote(1, proposed.block().header(), proposed.signature(), new Justification.Anchor());
      if (answer instanceof Voter.Signed.Yes(Bytes signature)) {
        Known block = proposed.block();
        Map<Integer, Bytes> cast = votes.computeIfAbsent(block.hash(), hash -> new TreeMap<>());
        cast.put(member, signature);
        if (cast.size() == quorum) {
          certified.add(block.hash());
          long signers = cast.keySet().stream().mapToLong(each -> 1L << each).sum();
          certificates.add(
              new QuorumCertificate(
                  1,
                  block.header().view(),
                  block.header().height(),
                  block.hash(),
                  block.header().lastInEpoch(),
                  1,
                  signers,
                  List.copyOf(cast.values())));
        }
      }
    }

    private void move() {
      long view = 1L + random.nextInt(MAX_VIEW);
      if (voters.get(random.nextInt(n)).newView(view) instanceof Voter.Moved.Yes(NewView report)) {
        reports.computeIfAbsent(view, each -> new ArrayList<>()).add(report);
      }
    }

    /**
     * Two final blocks of which neither descends from the other, or one beyond an epoch's last, or
     * a view with two proposals. (Those alone fork nothing: the checker that is shown votes for
     * both halts. They are the first of two walls.)
     */
    private Optional<String> fork() {
      Map<Long, Hash> byView = new HashMap<>();
      for (Proposed each : proposals) {
        Hash before = byView.put(each.block().header().view(), each.block().hash());
        if (before != null && !before.equals(each.block().hash())) {
          return Optional.of("two proposals in view " + each.block().header().view());
        }
      }
      for (Hash one : certified) {
        for (Hash other : certified) {
          if (!ancestors(one).contains(other) && !ancestors(other).contains(one)) {
            return Optional.of("two final blocks: " + one + " and " + other);
          }
        }
        for (Hash below : ancestors(one)) {
          Known block = blocks.get(below);
          if (!below.equals(one) && block != null && block.header().lastInEpoch()) {
            return Optional.of("a final block beyond its epoch's last");
          }
        }
      }
      return Optional.empty();
    }

    private Set<Hash> ancestors(Hash hash) {
      Set<Hash> result = new HashSet<>();
      Hash at = hash;
      while (blocks.containsKey(at)) {
        result.add(at);
        at = blocks.get(at).header().parentHash();
      }
      return result;
    }
  }
}
