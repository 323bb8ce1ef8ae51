package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** Did my message arrive, and if not, why not? */
public final class MessagesPage extends ConsolePage {
  /** The page in a window. */
  public MessagesPage(Page page) {
    super(page);
  }

  /** The line of the message with this identifier. */
  public Locator row(String externalId) {
    return rows().filter(new Locator.FilterOptions().setHasText(externalId));
  }

  /** All lines. */
  public Locator rows() {
    return page.locator("table.messages tbody tr");
  }

  /** What became of the message of a line. */
  public Locator outcome(Locator row) {
    return row.locator(".tag");
  }

  /** Where in the message the fault is. */
  public Locator place(Locator row) {
    return row.locator("code.place");
  }

  /** The standard's code, the place and the reason in words, or the entry. */
  public Locator detail(Locator row) {
    return row.locator("td.detail");
  }

  /** Shows only what fits. */
  public void filter(String outcome, String externalId) {
    page.locator("select[name=outcome]").selectOption(outcome);
    page.locator("input[name=externalId]").fill(externalId);
    page.locator(".filters button").click();
    page.waitForLoadState();
  }
}
