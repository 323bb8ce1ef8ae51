package org.caduceus.deploy.browser.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;

/** What stands around every page: institution, search, tier, language, person. */
public class ConsolePage {
  protected final Page page;

  /** The page in a window. */
  public ConsolePage(Page page) {
    this.page = page;
  }

  /** Its title line. */
  public Locator heading() {
    return page.locator("main h1");
  }

  /** Its first line, which answers the page's question in words. */
  public Locator headline() {
    return page.locator("main .headline");
  }

  /** Whose console it is. */
  public Locator institution() {
    return page.locator(".bar .institution");
  }

  /** What protects the keys. */
  public Locator tier() {
    return page.locator(".bar .tier");
  }

  /** Names of the pages in the navigation. */
  public List<String> places() {
    return page.locator("#nav li a").allInnerTexts().stream().map(String::strip).toList();
  }

  /** Asks the search box. */
  public SearchPage search(String wanted) {
    Locator box = page.locator(".search input");
    box.fill(wanted);
    box.press("Enter");
    page.waitForLoadState();
    return new SearchPage(page);
  }

  /** Changes to the other language. */
  public void changeLanguage() {
    page.locator(".bar .language").click();
    page.waitForLoadState();
  }

  /** Signs out. */
  public SignInPage signOut() {
    page.locator(".person summary").click();
    page.locator(".person form button").click();
    page.waitForLoadState();
    return new SignInPage(page);
  }
}
