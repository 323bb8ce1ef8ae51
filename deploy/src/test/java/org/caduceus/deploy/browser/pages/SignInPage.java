package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The way in. */
public final class SignInPage {
  private final Page page;

  /** The page in a window. */
  public SignInPage(Page page) {
    this.page = page;
  }

  /** Fills the form and sends it. */
  public void signIn(String name, String password) {
    page.locator("#name").fill(name);
    page.locator("#password").fill(password);
    page.locator("main form button").click();
    page.waitForLoadState();
  }

  /** Where the name goes. */
  public Locator name() {
    return page.locator("#name");
  }

  /** Why it did not work. */
  public Locator failure() {
    return page.locator("[role=alert]");
  }

  /** That the session has ended. */
  public Locator farewell() {
    return page.locator("[role=status]");
  }
}
