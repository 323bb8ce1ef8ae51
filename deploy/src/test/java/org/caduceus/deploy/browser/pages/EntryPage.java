package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** Is this entry final, and how can that be proved? */
public final class EntryPage extends ConsolePage {
  /** The page in a window. */
  public EntryPage(Page page) {
    super(page);
  }

  /** What the check of the receipt says. */
  public Locator verdict() {
    return page.locator(".receipt .verdict");
  }

  /** What was checked, each in words. */
  public Locator checks() {
    return page.locator(".receipt .checks li");
  }

  /** From acceptance to finality. */
  public Locator stations() {
    return page.locator(".strip li");
  }

  /** Opens the block that holds the entry. */
  public BlockPage openBlock() {
    page.locator("section[aria-labelledby=facts] a[href^='/block/']").click();
    page.waitForLoadState();
    return new BlockPage(page);
  }
}
