package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.ConsolePage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is this that I have in hand? */
@ExtendWith(AtTheConsole.class)
class SearchIT {
  private final Traffic traffic = Traffic.sent();

  @Test
  void aMessageControlIdOpensItsEntry(Visitor visitor) {
    assertOpensEntry(visitor, traffic.admission(), traffic.admission());
  }

  @Test
  void anInstanceUidOpensItsEntry(Visitor visitor) {
    assertOpensEntry(visitor, traffic.instance(), traffic.instance());
  }

  @Test
  void anEntryIdOpensTheEntry(Visitor visitor) {
    assertOpensEntry(visitor, entry().path("id").asText(), traffic.admission());
  }

  @Test
  void aBlockHashOpensTheBlock(Visitor visitor) {
    ConsolePage found = visitor.enter().search(entry().path("blockHash").asText());
    long height = entry().path("height").asLong();
    assertEquals("/block/" + height, visitor.address());
    assertThat(found.heading()).hasText("Block " + height);
  }

  @Test
  void aRefusedMessageOpensItsLineInTheMessages(Visitor visitor) {
    ConsolePage found = visitor.enter().search(traffic.refused());
    assertEquals("/messages?externalId=" + traffic.refused(), visitor.address());
    assertThat(found.headline()).containsText("not taken");
  }

  @Test
  void whatIsNowhereSaysSo(Visitor visitor) {
    ConsolePage found = visitor.enter().search("<b>NOWHERE</b>");
    assertThat(found.headline()).hasText("Nothing on this node has this identifier.");
    assertThat(found.heading()).containsText("<b>NOWHERE</b>");
  }

  private JsonNode entry() {
    return traffic.finalEntry();
  }

  private void assertOpensEntry(Visitor visitor, String wanted, String externalId) {
    ConsolePage found = visitor.enter().search(wanted);
    String id = traffic.entry(externalId).orElseThrow().path("id").asText();
    assertEquals("/entry/" + id, visitor.address());
    assertThat(found.headline()).containsText("Final in block");
  }
}
