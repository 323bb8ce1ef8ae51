package org.caduceus.deploy.browser.specs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.caduceus.deploy.browser.AtTheConsole;
import org.caduceus.deploy.browser.Visitor;
import org.caduceus.deploy.browser.pages.ConsolePage;
import org.caduceus.deploy.browser.pages.SignInPage;
import org.caduceus.deploy.cluster.SharedConsortium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How do I get in and out? */
@ExtendWith(AtTheConsole.class)
class SignInIT {
  @Test
  void aWrongPasswordSaysSoInWordsAndChangesNothing(Visitor visitor) {
    visitor.open("/sign-in");
    SignInPage form = new SignInPage(visitor.page());
    form.signIn(visitor.name(), "not the password");
    assertThat(form.failure())
        .containsText("Name and password do not fit. Check both and try again.");
    visitor.open("/blocks");
    assertThat(form.name()).isVisible();
  }

  @Test
  void theRightPasswordOpensTheOverviewOfMyInstitution(Visitor visitor) {
    ConsolePage overview = visitor.signIn();
    assertThat(overview.heading()).hasText("Overview");
    assertThat(overview.institution()).hasText(SharedConsortium.HOSPITAL);
    assertEquals("/", visitor.address());
  }

  @Test
  void aPageWithoutASessionAsksForOneAndComesBack(Visitor visitor) {
    visitor.open("/messages?outcome=refused");
    SignInPage form = new SignInPage(visitor.page());
    form.signIn(visitor.name(), visitor.password());
    assertEquals("/messages?outcome=refused", visitor.address());
    assertThat(new ConsolePage(visitor.page()).heading()).hasText("Messages in");
  }

  @Test
  void afterSigningOutNoPageOpens(Visitor visitor) {
    SignInPage form = visitor.signIn().signOut();
    assertThat(form.farewell()).containsText("You are signed out.");
    visitor.open("/blocks");
    assertThat(form.name()).isVisible();
    visitor.page().goBack();
    assertThat(form.name()).isVisible();
  }
}
