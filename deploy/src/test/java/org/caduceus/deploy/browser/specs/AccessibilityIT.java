package org.caduceus.deploy.browser.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Axe;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Can everybody use the console? WCAG 2.2, level AA, as far as axe can tell, in both themes. */
@ExtendWith(AtTheConsole.class)
class AccessibilityIT {
  private final Traffic traffic = Traffic.sent();

  @ParameterizedTest
  @EnumSource(Place.class)
  void noPageBreaksTheGuidelines(Place place, Visitor visitor) {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      visitor.takeWindow("en-GB", scheme);
      visitor.bring(Axe.script());
      place.open(visitor, traffic);
      assertEquals(List.of(), Axe.violations(visitor.page()), () -> place + " in " + scheme);
      if (scheme == ColorScheme.DARK) {
        visitor.photograph(place.fileName() + "-dark");
      }
    }
  }
}
