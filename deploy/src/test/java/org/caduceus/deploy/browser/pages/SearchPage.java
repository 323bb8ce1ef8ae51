package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** What is this that I have in hand? A single find is opened at once. */
public final class SearchPage extends ConsolePage {
  /** The page in a window. */
  public SearchPage(Page page) {
    super(page);
  }

  /** Entries that were found. */
  public Locator entries() {
    return page.locator("table.entries tbody tr");
  }
}
