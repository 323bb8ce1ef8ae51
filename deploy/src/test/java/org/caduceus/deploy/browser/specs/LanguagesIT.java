package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Texts;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.OverviewPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Does the console speak my language, on every page? Each page is opened once in each language,
 * read for texts that were not translated, measured, and kept as a picture in {@code
 * deploy/target/screenshots}.
 */
@ExtendWith(AtTheConsole.class)
class LanguagesIT {
  private final Traffic traffic = Traffic.sent();

  @ParameterizedTest
  @EnumSource(Place.class)
  void everyPageSpeaksEnglish(Place place, Visitor visitor) {
    visit(place, visitor, "en-GB");
    assertEquals("en", language(visitor));
    assertEquals(List.of(), Texts.unfinishedAmong(visitor.texts()), "unfinished texts");
    photograph(place, visitor, "en");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void everyPageSpeaksChinese(Place place, Visitor visitor) {
    visit(place, visitor, "zh-CN");
    assertEquals("zh-CN", language(visitor));
    assertEquals(List.of(), Texts.unfinishedAmong(visitor.texts()), "unfinished texts");
    assertEquals(List.of(), Texts.englishAmong(visitor.texts()), "English on a Chinese page");
    photograph(place, visitor, "zh");
  }

  @Test
  void theSwitchChangesTheLanguageAndStaysOnThePage(Visitor visitor) {
    OverviewPage console = visitor.enter();
    visitor.open("/messages?outcome=refused");
    console.changeLanguage();
    assertEquals("/messages?outcome=refused", visitor.address());
    assertThat(console.heading()).hasText("收到的消息");
    visitor.open("/blocks");
    assertEquals("zh-CN", language(visitor));
    console.changeLanguage();
    assertThat(console.heading()).hasText("Blocks");
  }

  private void visit(Place place, Visitor visitor, String locale) {
    visitor.takeWindow(locale, ColorScheme.LIGHT);
    place.open(visitor, traffic);
  }

  private static void photograph(Place place, Visitor visitor, String suffix) {
    visitor.photograph(place.fileName() + "-" + suffix);
    int width = (Integer) visitor.page().evaluate("() => document.documentElement.scrollWidth");
    assertTrue(
        width <= Visitor.WIDTH,
        () -> place + " is " + width + " pixels wide in a window of " + Visitor.WIDTH);
  }

  private static String language(Visitor visitor) {
    return visitor.page().locator("html").getAttribute("lang");
  }
}
