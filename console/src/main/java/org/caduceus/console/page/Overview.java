package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.LedgerQuery;
import org.caduceus.ledger.query.NodeStatus;

/** Is the consortium well, and does it move? */
@Named("overview")
@RequestScoped
public class Overview {
  private static final int CHARTED = 60;
  private static final int LISTED = 12;

  /**
   * A member's card.
   *
   * @param id member
   * @param self whether it is this institution
   * @param leader whether it leads the current view
   * @param state {@code self}, {@code up} or {@code down}: text key and colour
   * @param height last height it announced
   * @param behind how far that is below this node's, not below 0
   * @param heard when it was last heard
   * @param tier of its enclave, {@code ABSENT} without accepted evidence
   * @param cutOff that this node takes nothing of it, why and until when; empty if it does
   */
  public record MemberCard(
      String id,
      boolean self,
      boolean leader,
      String state,
      long height,
      long behind,
      Moment heard,
      String tier,
      String cutOff) {}

  @Inject Frame frame;
  @Inject PageWords words;
  @EJB LedgerQuery ledger;

  private List<BlockSummary> recent = List.of();

  @PostConstruct
  void look() {
    recent = ledger.blocks(Long.MAX_VALUE, CHARTED);
  }

  /** The first line. */
  public String getHeadline() {
    return Headline.of(frame.status(), words.words());
  }

  /** What the node itself says while something waits or is wrong, in English; else empty. */
  public String getDetail() {
    return Headline.detail(frame.status());
  }

  /** {@code ok}, {@code warn} or {@code bad}. */
  public String getMood() {
    return Headline.mood(frame.status());
  }

  /** Height of the last final block. */
  public long getHeight() {
    return frame.status().height();
  }

  /** When it became final here. */
  public Moment getTipAt() {
    return Moment.of(frame.status().tipAtMs());
  }

  /** Entries accepted here that wait. */
  public long getWaiting() {
    return frame.status().waiting();
  }

  /** The current epoch. */
  public long getEpoch() {
    return frame.status().epoch();
  }

  /** How blocks become final, for {@code mode.}. */
  public String getMode() {
    return frame.status().mode().name();
  }

  /** The current view. */
  public long getView() {
    return frame.status().view();
  }

  /** Whether this node votes. */
  public boolean isVoting() {
    return frame.status().voting();
  }

  /** Everybody. */
  public List<MemberCard> getMembers() {
    NodeStatus status = frame.status();
    return status.members().stream().map(peer -> card(status, peer)).toList();
  }

  /** The newest blocks. */
  public List<BlockRow> getBlocks() {
    return recent.stream().limit(LISTED).map(BlockRow::of).toList();
  }

  /** Entries in each recent block. */
  public Chart getThroughput() {
    List<BlockRow> rows = oldestFirst();
    return Chart.of(
        rows.stream().map(row -> (long) row.entries()).toList(),
        rows.stream()
            .map(row -> words.of("overview.chart.entries", row.height(), row.entries()))
            .toList(),
        CHARTED);
  }

  /** Milliseconds from proposal to finality of each recent block. */
  public Chart getLatency() {
    List<BlockRow> rows = oldestFirst();
    return Chart.of(
        rows.stream().map(BlockRow::latencyMs).toList(),
        rows.stream()
            .map(row -> words.of("overview.chart.latency", row.height(), row.latencyMs()))
            .toList(),
        CHARTED);
  }

  /** Median of the recent latencies in milliseconds, 0 without blocks. */
  public long getMedianLatency() {
    List<Long> sorted = oldestFirst().stream().map(BlockRow::latencyMs).sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  /** Entries in the charted blocks for each second that they span, in words. */
  public String getRate() {
    if (recent.size() < 2) {
      return words.of("overview.rate.none");
    }
    long entries = recent.stream().mapToLong(block -> block.header().entryCount()).sum();
    long span = recent.getFirst().finalAtMs() - recent.getLast().finalAtMs();
    return words.of("overview.rate", entries * 1000.0 / Math.max(1, span));
  }

  private List<BlockRow> oldestFirst() {
    return recent.reversed().stream().map(BlockRow::of).toList();
  }

  private MemberCard card(NodeStatus status, NodeStatus.Peer peer) {
    String state = peer.self() ? "self" : peer.connected() ? "up" : "down";
    return new MemberCard(
        peer.id(),
        peer.self(),
        peer.id().equals(status.leader()),
        state,
        peer.height(),
        Math.max(0, status.height() - peer.height()),
        Moment.of(peer.lastHeardMs()),
        peer.tier().map(Enum::name).orElse("ABSENT"),
        peer.cutOff().map(cut -> words.cutOff(peer.id(), cut)).orElse(""));
  }
}
