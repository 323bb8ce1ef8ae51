package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.LedgerQuery;

/**
 * Takes anything a person may hold in hand: MSH-10, SOPInstanceUID, eventID, entry id, block height
 * or hash. A single find is opened at once.
 */
@Named("searchPage")
@RequestScoped
public class SearchPage {
  private static final int MOST = 100;

  @Inject Address address;
  @Inject Frame frame;
  @Inject PageWords words;
  @EJB LedgerQuery ledger;
  @EJB MessageJournal journal;

  private String wanted = "";
  private List<BlockRow> blocks = List.of();
  private List<EntryRow> entries = List.of();
  private int messages;

  @PostConstruct
  void look() {
    wanted = address.text("q");
    if (wanted.isEmpty()) {
      return;
    }
    Optional<Hash> hash = Address.hash(wanted);
    blocks =
        hash.flatMap(ledger::block)
            .or(() -> Address.wholeNumber(wanted).flatMap(ledger::block))
            .map(this::row)
            .map(List::of)
            .orElse(List.of());
    List<EntryView> found = new ArrayList<>();
    hash.flatMap(ledger::entry).ifPresent(found::add);
    found.addAll(ledger.entriesByExternalId(wanted, MOST));
    entries = found.stream().map(EntryRow::of).toList();
    if (frame.mayOpen("/messages")) {
      messages =
          journal
              .list(Long.MAX_VALUE, MOST, Optional.empty(), Optional.empty(), Optional.of(wanted))
              .size();
    }
  }

  /** Opens the only find; called before the page is written. */
  public void open() throws IOException {
    String only = "";
    if (blocks.size() + entries.size() == 1) {
      only =
          blocks.isEmpty()
              ? "/entry/" + entries.getFirst().id()
              : "/block/" + blocks.getFirst().height();
    } else if (blocks.isEmpty() && entries.isEmpty() && messages > 0) {
      only = "/messages?externalId=" + frame.encode(wanted);
    }
    if (!only.isEmpty()) {
      FacesContext.getCurrentInstance().getExternalContext().redirect(only);
    }
  }

  /** What was asked for. */
  public String getWanted() {
    return wanted;
  }

  /** The first line. */
  public String getHeadline() {
    if (wanted.isEmpty()) {
      return words.of("search.headline.empty");
    }
    int finds = blocks.size() + entries.size();
    return finds == 0 ? words.of("search.headline.none") : words.of("search.headline.some", finds);
  }

  /** Blocks of this height or hash. */
  public List<BlockRow> getBlocks() {
    return blocks;
  }

  /** Entries of this id or external id. */
  public List<EntryRow> getEntries() {
    return entries;
  }

  /** Messages with this identifier, at most 100. */
  public int getMessages() {
    return messages;
  }

  private BlockRow row(CommittedBlock block) {
    return BlockRow.of(ledger.blocks(block.block().header().height() + 1, 1).getFirst());
  }
}
