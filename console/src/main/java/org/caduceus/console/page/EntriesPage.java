package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.caduceus.ledger.query.LedgerQuery;

/** What came on the ledger last? */
@Named("entriesPage")
@RequestScoped
public class EntriesPage {
  private static final int SIZE = 50;

  @Inject Address address;
  @EJB LedgerQuery ledger;

  private List<EntryRow> rows = List.of();
  private long before;

  @PostConstruct
  void look() {
    before = address.number("before", Long.MAX_VALUE);
    rows = ledger.entries(before, SIZE).stream().map(EntryRow::of).toList();
  }

  /** Newest first. */
  public List<EntryRow> getRows() {
    return rows;
  }

  /** Where the next page begins, 0 when there is none. */
  public long getOlder() {
    return rows.size() >= SIZE && rows.getLast().height() > 1 ? rows.getLast().height() : 0;
  }

  /** Whether newer entries exist than this page shows. */
  public boolean isPaged() {
    return before != Long.MAX_VALUE;
  }
}
