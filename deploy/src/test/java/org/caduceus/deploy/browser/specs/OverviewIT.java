package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.assertions.LocatorAssertions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.OverviewPage;
import org.caduceus.deploy.cluster.SharedConsortium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Is the consortium well, and does it move? */
@ExtendWith(AtTheConsole.class)
class OverviewIT {
  private static final Duration CONNECTED = Duration.ofSeconds(30);
  private static final int FINALITY_MS = 30_000;

  @Test
  void everyMemberIsThereAndTheChainHasAHeight(Visitor visitor) {
    Traffic.sent();
    OverviewPage overview = visitor.enter();
    // A link between two nodes that have just started may need another moment.
    Pause.until(
        () -> {
          visitor.open("/");
          return overview.headline().innerText().contains("All 3");
        },
        CONNECTED,
        1_000);
    assertThat(overview.headline()).containsText("All 3 members are connected");
    assertTrue(Long.parseLong(overview.height().innerText()) > 0);
    for (String member : SharedConsortium.get().installation().members()) {
      assertThat(overview.member(member)).isVisible();
    }
    assertThat(overview.member(SharedConsortium.HOSPITAL)).containsText("This node");
    assertThat(overview.member(SharedConsortium.PHARMACY)).containsText("Connected");
  }

  @Test
  void theTierIsSaidAtOnceAndLeadsToWhatItMeans(Visitor visitor) {
    OverviewPage overview = visitor.enter();
    assertThat(overview.tier()).hasText("SIMULATED");
    overview.tier().click();
    assertThat(overview.headline()).containsText("Do not use it with patient data.");
    assertThat(overview.tier()).hasText("SIMULATED");
  }

  @Test
  void everyMembersEnclaveIsSaidWhenItsEvidenceCame(Visitor visitor) {
    OverviewPage overview = visitor.enter();
    for (String member : SharedConsortium.get().installation().members()) {
      assertThat(overview.member(member))
          .containsText(
              "SIMULATED", new LocatorAssertions.ContainsTextOptions().setTimeout(FINALITY_MS));
    }
  }

  @Test
  void cardsAndFiguresFollowWithoutReloading(Visitor visitor) {
    Traffic traffic = Traffic.sent();
    OverviewPage overview = visitor.enter();
    assertThat(overview.liveState()).containsText("live");
    AtomicInteger loads = new AtomicInteger();
    visitor.page().onLoad(page -> loads.incrementAndGet());
    String before = overview.heightOf(SharedConsortium.PHARMACY).innerText();

    traffic.send();

    assertThat(overview.heightOf(SharedConsortium.PHARMACY))
        .not()
        .hasText(before, new LocatorAssertions.HasTextOptions().setTimeout(FINALITY_MS));
    assertEquals(0, loads.get(), "the page was not loaded again");
  }

  @Test
  void aNewBlockAppearsWithoutReloading(Visitor visitor) {
    Traffic traffic = Traffic.sent();
    OverviewPage overview = visitor.enter();
    assertThat(overview.liveState()).containsText("live");
    AtomicInteger loads = new AtomicInteger();
    visitor.page().onLoad(page -> loads.incrementAndGet());
    String before = overview.height().innerText();

    traffic.send();

    assertThat(overview.height())
        .not()
        .hasText(before, new LocatorAssertions.HasTextOptions().setTimeout(FINALITY_MS));
    String after = overview.height().innerText();
    assertTrue(Long.parseLong(after) > Long.parseLong(before));
    assertThat(overview.newestBlock().locator("a").first()).hasAttribute("href", "/block/" + after);
    assertEquals(0, loads.get(), "the page was not loaded again");
  }
}
