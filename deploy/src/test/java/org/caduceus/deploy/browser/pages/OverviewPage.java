package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** Is the consortium well, and does it move? */
public final class OverviewPage extends ConsolePage {
  /** The page in a window. */
  public OverviewPage(Page page) {
    super(page);
  }

  /** Height of the chain. */
  public Locator height() {
    return page.locator("#height");
  }

  /** A member's card. */
  public Locator member(String id) {
    return page.locator(".member", new Page.LocatorOptions().setHasText(id));
  }

  /** The height on a member's card. */
  public Locator heightOf(String id) {
    return member(id).locator("dl.facts dd").first();
  }

  /** Whether the page moves by itself: live or not connected. */
  public Locator liveState() {
    return page.locator("#feed .live-state");
  }

  /** The newest block of the list. */
  public Locator newestBlock() {
    return page.locator("#feed tbody tr").first();
  }
}
