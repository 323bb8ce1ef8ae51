package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.caduceus.ledger.query.LedgerQuery;

/** Which blocks are final? */
@Named("blocksPage")
@RequestScoped
public class BlocksPage {
  private static final int SIZE = 50;

  @Inject Address address;
  @EJB LedgerQuery ledger;

  private List<BlockRow> rows = List.of();
  private long before;

  @PostConstruct
  void look() {
    before = address.number("before", Long.MAX_VALUE);
    rows = ledger.blocks(before, SIZE).stream().map(BlockRow::of).toList();
  }

  /** Newest first. */
  public List<BlockRow> getRows() {
    return rows;
  }

  /** Where the next page begins, 0 when there is none. */
  public long getOlder() {
    return rows.size() == SIZE && rows.getLast().height() > 1 ? rows.getLast().height() : 0;
  }

  /** Whether newer blocks exist than this page shows. */
  public boolean isPaged() {
    return before != Long.MAX_VALUE;
  }
}
