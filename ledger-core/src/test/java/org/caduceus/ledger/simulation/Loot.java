package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Vote;

/** What malicious hosts have seen signed, all of them together: they share what they know. */
final class Loot {
  private static final int REMEMBERED = 200;

  private final SplittableRandom random;
  private final int quorum;
  private final List<PeerMessage> messages = new ArrayList<>();
  private final List<BlockStore.Candidate> proposals = new ArrayList<>();
  private final List<NewView> reports = new ArrayList<>();
  private final List<QuorumCertificate> certificates = new ArrayList<>();
  private Optional<NewView> newest = Optional.empty();
  private final Map<Ballot, TreeMap<Integer, Vote>> votes = new LinkedHashMap<>();

  private record Ballot(Hash blockHash, int phase) {}

  /**
   * Nothing yet.
   *
   * @param quorum as the enclaves count it, which is what a certificate must convince
   */
  Loot(SplittableRandom random, int quorum) {
    this.random = random;
    this.quorum = quorum;
  }

  void see(PeerMessage message) {
    keep(messages, message);
    switch (message) {
      case PeerMessage.Propose(BlockStore.Candidate candidate, Justification why) -> {
        see(candidate);
        switch (why) {
          case Justification.Anchor() -> {}
          case Justification.Certified(QuorumCertificate certificate) -> see(certificate);
          case Justification.NewViews(List<NewView> shown) -> shown.forEach(this::see);
          case Justification.Reported(List<NewView> shown, QuorumCertificate highest) -> {
            shown.forEach(this::see);
            see(highest);
          }
        }
      }
      case PeerMessage.VoteMessage(Vote vote) -> see(vote);
      case PeerMessage.Prepared(QuorumCertificate certificate) -> see(certificate);
      case PeerMessage.Decide(QuorumCertificate certificate) -> see(certificate);
      case PeerMessage.NewViewMessage(long epoch, NewView report, var highest, var voted) -> {
        see(report);
        highest.ifPresent(this::see);
        voted.ifPresent(this::see);
      }
      case PeerMessage.SyncBlocks(var blocks) -> blocks.forEach(each -> see(each.certificate()));
      case PeerMessage.CandidateReply(BlockStore.Candidate candidate) -> see(candidate);
      default -> {}
    }
  }

  void see(BlockStore.Candidate candidate) {
    if (proposals.stream().noneMatch(each -> each.block().equals(candidate.block()))) {
      keep(proposals, candidate);
    }
  }

  void see(NewView report) {
    if (!reports.contains(report)) {
      keep(reports, report);
      newest = Optional.of(report);
    }
  }

  void see(QuorumCertificate certificate) {
    if (certificates.stream()
        .noneMatch(
            each ->
                each.blockHash().equals(certificate.blockHash())
                    && each.phase() == certificate.phase())) {
      keep(certificates, certificate);
    }
  }

  void see(Vote vote) {
    TreeMap<Integer, Vote> cast =
        votes.computeIfAbsent(
            new Ballot(vote.blockHash(), vote.phase()), ballot -> new TreeMap<>());
    if (cast.putIfAbsent(vote.member(), vote) == null && cast.size() >= quorum) {
      see(certificate(cast));
    }
  }

  private static QuorumCertificate certificate(SortedMap<Integer, Vote> cast) {
    Vote any = cast.get(cast.firstKey());
    long signers = cast.keySet().stream().mapToLong(member -> 1L << member).sum();
    List<Bytes> signatures = cast.values().stream().map(Vote::signature).toList();
    return new QuorumCertificate(
        any.epoch(),
        any.view(),
        any.height(),
        any.blockHash(),
        any.lastInEpoch(),
        any.phase(),
        signers,
        signatures);
  }

  private <T> void keep(List<T> list, T item) {
    if (list.size() < REMEMBERED) {
      list.add(item);
    } else {
      list.set(random.nextInt(REMEMBERED), item);
    }
  }

  Optional<PeerMessage> anyMessage() {
    return any(messages);
  }

  Optional<BlockStore.Candidate> anyProposal() {
    return any(proposals);
  }

  /** The report that was seen last. */
  Optional<NewView> newestReport() {
    return newest;
  }

  Optional<NewView> anyReport() {
    return any(reports);
  }

  Optional<QuorumCertificate> anyCertificate() {
    return any(certificates);
  }

  /** A certificate for the block of this report, if one was seen. */
  Optional<QuorumCertificate> certificateOf(NewView report) {
    return certificates.stream()
        .filter(each -> each.blockHash().equals(report.votedHash()))
        .findFirst();
  }

  /** The header of this block, if it was seen. */
  Optional<BlockHeader> header(Hash hash) {
    return proposals.stream()
        .map(each -> each.block().header())
        .filter(header -> header.hash().equals(hash))
        .findFirst();
  }

  List<NewView> reportsFor(long view) {
    return reports.stream().filter(report -> report.newView() == view).toList();
  }

  /** The highest view in which anything was proposed, 1 before. */
  long highestView() {
    return proposals.stream().mapToLong(each -> each.block().header().view()).max().orElse(1);
  }

  private <T> Optional<T> any(List<T> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
  }
}
