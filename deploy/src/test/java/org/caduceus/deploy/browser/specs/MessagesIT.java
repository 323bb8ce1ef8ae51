package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import java.util.regex.Pattern;
import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.EntryPage;
import org.caduceus.deploy.browser.pages.MessagesPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Did my message arrive, and if not, why not? */
@ExtendWith(AtTheConsole.class)
class MessagesIT {
  private final Traffic traffic = Traffic.sent();

  @Test
  void anAcceptedMessageLeadsToItsEntry(Visitor visitor) {
    MessagesPage messages = open(visitor, "/messages?externalId=" + traffic.admission());
    Locator row = messages.row(traffic.admission());
    assertThat(row).hasCount(1);
    assertThat(messages.outcome(row)).hasText("accepted");
    assertThat(messages.detail(row)).containsText("in block");
    messages.detail(row).locator("a").first().click();
    assertThat(new EntryPage(visitor.page()).headline()).containsText("Final in block");
  }

  @Test
  void aRefusedMessageSaysWhereAndWhy(Visitor visitor) {
    MessagesPage messages = open(visitor, "/messages");
    Locator row = messages.row(traffic.refused());
    assertThat(messages.outcome(row)).hasText("refused");
    assertThat(messages.place(row)).hasText("PID^1^3");
    assertThat(messages.detail(row)).containsText(Pattern.compile("101.*Expected .*, but"));
    assertThat(messages.headline()).containsText("the reason stands beside each");
  }

  @Test
  void theFilterStandsInTheAddressSoThatAColleagueSeesTheSame(Visitor visitor) {
    MessagesPage messages = open(visitor, "/messages");
    messages.filter("refused", traffic.refused());
    assertEquals(
        "/messages?inlet=&outcome=refused&externalId=" + traffic.refused(), visitor.address());
    assertThat(messages.rows()).hasCount(1);
    visitor.open(visitor.address());
    assertThat(messages.rows()).hasCount(1);
    assertThat(messages.outcome(messages.rows())).hasText("refused");
  }

  @Test
  void anIdentifierThatNobodySentSaysSo(Visitor visitor) {
    MessagesPage messages = open(visitor, "/messages?externalId=NEVER-SENT");
    assertThat(messages.headline()).hasText("No message fits these filters.");
    assertThat(messages.rows()).hasCount(0);
  }

  private static MessagesPage open(Visitor visitor, String path) {
    visitor.admit();
    visitor.open(path);
    return new MessagesPage(visitor.page());
  }
}
