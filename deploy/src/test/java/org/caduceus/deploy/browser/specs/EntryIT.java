package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.BlockPage;
import org.caduceus.deploy.browser.pages.EntryPage;
import org.caduceus.deploy.cluster.SharedConsortium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Is my message final, and can I prove it? */
@ExtendWith(AtTheConsole.class)
class EntryIT {
  private final Traffic traffic = Traffic.sent();
  private final JsonNode entry = traffic.finalEntry();

  @Test
  void theReceiptIsCheckedInWords(Visitor visitor) {
    EntryPage page = open(visitor);
    assertThat(page.headline()).containsText("Final in block " + entry.path("height").asLong());
    assertThat(page.verdict())
        .containsText("Checked just now: this entry is final, and this receipt proves it.");
    assertThat(page.checks()).hasCount(6);
    assertThat(page.checks().first())
        .containsText("signed with the key of " + SharedConsortium.HOSPITAL);
    assertThat(page.checks().last()).containsText("of 3 members signed a vote that verifies");
    assertThat(page.stations()).hasCount(4);
  }

  @Test
  void nothingOfThePatientStandsOnThePage(Visitor visitor) {
    open(visitor);
    // The patients of the samples all live in one street and have a medical record number.
    Locator main = visitor.page().locator("main");
    assertThat(main).not().containsText("Chang An Street");
    assertThat(main).not().containsText("MRN");
  }

  @Test
  void itsBlockSaysWhoVoted(Visitor visitor) {
    BlockPage block = open(visitor).openBlock();
    long height = entry.path("height").asLong();
    assertThat(block.heading()).hasText("Block " + height);
    assertThat(block.headline()).containsText("of 3 members voted, 2 are needed");
    assertThat(block.seats()).hasCount(3);
    assertThat(block.headerIds().first()).hasAttribute("title", entry.path("blockHash").asText());
    String id = entry.path("id").asText();
    assertThat(visitor.page().locator("a[href='/entry/" + id + "']")).isVisible();
  }

  @Test
  void anEntryThatIsNotThereSaysWhatToDoNext(Visitor visitor) {
    visitor.admit();
    visitor.open("/entry/" + "0".repeat(64));
    EntryPage page = new EntryPage(visitor.page());
    assertThat(page.headline()).hasText("This node knows no entry with this identifier.");
    assertThat(visitor.page().locator("main")).containsText("Nothing was changed.");
  }

  private EntryPage open(Visitor visitor) {
    visitor.admit();
    visitor.open("/entry/" + entry.path("id").asText());
    return new EntryPage(visitor.page());
  }
}
