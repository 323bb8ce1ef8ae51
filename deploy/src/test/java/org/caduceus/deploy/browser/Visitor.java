package org.caduceus.deploy.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.browser.pages.OverviewPage;
import org.caduceus.deploy.browser.pages.SignInPage;
import org.caduceus.deploy.cluster.SharedConsortium;

/** A person in front of the hospital's console: one window of 1280 by 800, one language. */
public final class Visitor {
  /** What no page may need more of before it scrolls sideways. */
  public static final int WIDTH = 1280;

  private static final int HEIGHT = 800;
  private static final String TEXTS =
      """
      () => {
        const found = [document.title];
        const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) { found.push(walker.currentNode.textContent); }
        for (const element of document.querySelectorAll("*")) {
          for (const name of ["aria-label", "title", "placeholder", "alt"]) {
            if (element.hasAttribute(name)) { found.push(element.getAttribute(name)); }
          }
        }
        return found.map(text => text.trim()).filter(text => text !== "");
      }
      """;

  private static List<Cookie> session = List.of();

  private final Browser browser;
  private final MemberHome home;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> unknownPaths = new ArrayList<>();
  private BrowserContext window;
  private Page page;

  Visitor(Browser browser) {
    this.browser = browser;
    this.home = SharedConsortium.get().installation().memberHome(SharedConsortium.HOSPITAL);
    takeWindow("en-GB", ColorScheme.LIGHT);
  }

  /** The node whose console this is. */
  public MemberHome home() {
    return home;
  }

  /** The page in the window. */
  public Page page() {
    return page;
  }

  /** Goes on in a new window: another language or colour scheme of the browser, no session. */
  public void takeWindow(String locale, ColorScheme scheme) {
    if (window != null) {
      window.close();
    }
    window =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(WIDTH, HEIGHT)
                .setLocale(locale)
                .setColorScheme(scheme)
                .setTimezoneId("Asia/Shanghai")
                .setBaseURL(home.url()));
    page = window.newPage();
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            complain(message.type() + ": " + message.text(), message.location());
          }
        });
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onRequestFailed(
        request -> {
          // Leaving a page aborts what it still loads.
          if (!"net::ERR_ABORTED".equals(request.failure())) {
            complaints.add("failed: " + request.url() + " " + request.failure());
          }
        });
  }

  /** A script that runs in every page before its own. */
  public void bring(String script) {
    window.addInitScript(script);
  }

  /** Opens an address of the console. */
  public void open(String path) {
    page.navigate(path);
  }

  /** Opens an address where nothing is: for this one the browser's complaint is in order. */
  public void openNothing(String path) {
    unknownPaths.add(path);
    page.navigate(path);
  }

  /** Signs in as the administrator. */
  public OverviewPage signIn() {
    open("/sign-in");
    new SignInPage(page).signIn(name(), password());
    return new OverviewPage(page);
  }

  /** Opens the overview, signed in. */
  public OverviewPage enter() {
    admit();
    open("/");
    return new OverviewPage(page);
  }

  /**
   * Signs in without the form if somebody has used it before: for pages that are not about signing
   * in, where its slow check of the password would take most of the time.
   */
  public void admit() {
    if (session.isEmpty()) {
      signIn();
      session = window.cookies();
    } else {
      window.addCookies(session);
    }
  }

  /** Name of the administrator. */
  public String name() {
    return home.setting("caduceus.admin.name");
  }

  /** Password of the administrator. */
  public String password() {
    return home.setting("caduceus.admin.password");
  }

  /** Path and query of the page in the window. */
  public String address() {
    return page.url().substring(home.url().length());
  }

  /** Waits until the page has its pictures, its times and its place in the feed. */
  public void settle() {
    page.waitForLoadState();
    page.locator("#feed .live-state.on").or(page.locator("body:not(:has(#feed))")).waitFor();
    page.waitForFunction("() => document.fonts.ready.then(() => true)");
  }

  /** Every text on the page and in the attributes that are read aloud. */
  public List<String> texts() {
    return ((List<?>) page.evaluate(TEXTS)).stream().map(String::valueOf).toList();
  }

  /** Keeps a picture of the whole page in {@code deploy/target/screenshots}. */
  public Path photograph(String name) {
    Path file = Project.locate().root().resolve("deploy/target/screenshots/" + name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    return file;
  }

  void leave() {
    window.close();
  }

  void requireSilence() {
    assertEquals(List.of(), complaints, "the browser complains of nothing");
  }

  private void complain(String text, String location) {
    if (unknownPaths.stream().noneMatch(path -> location.contains(home.url() + path))) {
      complaints.add(text + " at " + location);
    }
  }
}
