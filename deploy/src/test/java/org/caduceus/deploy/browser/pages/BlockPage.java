package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** Who made this block final, and what is in it? */
public final class BlockPage extends ConsolePage {
  /** The page in a window. */
  public BlockPage(Page page) {
    super(page);
  }

  /** Each member and whether it voted. */
  public Locator seats() {
    return page.locator(".votes li");
  }

  /** The entries of the block. */
  public Locator entries() {
    return page.locator("table.entries tbody tr");
  }

  /** An identifier of the header, whole. */
  public Locator headerIds() {
    return page.locator("section[aria-labelledby=header] .id");
  }
}
