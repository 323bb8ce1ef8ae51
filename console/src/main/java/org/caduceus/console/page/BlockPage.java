package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.LedgerQuery;

/** Who made this block final, and what is in it? */
@Named("blockPage")
@RequestScoped
public class BlockPage {
  /**
   * A seat in the picture of votes.
   *
   * @param member id
   * @param voted whether its vote is in the certificate
   * @param proposer whether it led
   * @param path SVG path of its part of the ring
   */
  public record Seat(String member, boolean voted, boolean proposer, String path) {}

  @Inject Address address;
  @Inject PageWords words;
  @EJB LedgerQuery ledger;

  private Optional<CommittedBlock> block = Optional.empty();
  private Optional<BlockSummary> summary = Optional.empty();

  @PostConstruct
  void look() {
    String wanted = address.segment();
    block =
        Address.hash(wanted)
            .flatMap(ledger::block)
            .or(() -> Address.wholeNumber(wanted).flatMap(ledger::block));
    summary = block.map(found -> ledger.blocks(header().height() + 1, 1).getFirst());
  }

  /** Whether there is such a block. */
  public boolean isFound() {
    return block.isPresent();
  }

  /** What was asked for. */
  public String getWanted() {
    return address.segment();
  }

  /** The header. */
  public BlockHeader header() {
    return block.orElseThrow().block().header();
  }

  /** The block as lists show it. */
  public BlockRow getRow() {
    return BlockRow.of(summary.orElseThrow());
  }

  /** The first line. */
  public String getHeadline() {
    return words.of(
        "block.headline", getRow().votes(), voters().n(), voters().quorum(), getRow().latencyMs());
  }

  /** Votes that were needed. */
  public int getQuorum() {
    return voters().quorum();
  }

  /** Whose votes made the block final: after a cold start those of the next epoch. */
  private EpochConfig voters() {
    return ledger.config(block.orElseThrow().certificate().epoch());
  }

  /** The proposer's time. */
  public Moment getProposedAt() {
    return Moment.of(header().timeMs());
  }

  /** Hash of the block below, hexadecimal. */
  public String getParent() {
    return header().parentHash().toHex();
  }

  /** Merkle tree head over the entries, hexadecimal. */
  public String getEntriesRoot() {
    return header().entriesRoot().toHex();
  }

  /** World state after the parent, hexadecimal. */
  public String getStateRoot() {
    return header().stateRoot().toHex();
  }

  /** The seats around the ring, in the order of the configuration. */
  public List<Seat> getSeats() {
    List<Member> members = voters().members();
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      String id = members.get(i).id();
      seats.add(
          new Seat(
              id,
              getRow().voters().contains(id),
              getRow().proposer().equals(id),
              Ring.segment(i, members.size())));
    }
    return seats;
  }

  /** The entries in order. */
  public List<EntryRow> getEntries() {
    return block.orElseThrow().block().entries().stream().map(this::row).toList();
  }

  /** Whether there is a block above. */
  public boolean isHasNext() {
    return ledger.block(header().height() + 1).isPresent();
  }

  private EntryRow row(SignedEntry signed) {
    LedgerEntry entry = signed.entry();
    return new EntryRow(
        signed.id().toHex(),
        entry.kind(),
        entry.member(),
        "",
        Moment.of(entry.timeMs()),
        true,
        header().height());
  }
}
