package org.caduceus.console.page;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Set;

/** The way in. Shows nothing of the node: whoever sees it has no account yet. */
@Named("signInPage")
@RequestScoped
public class SignInPage {
  private static final Set<String> FAILURES = Set.of("wrong", "throttled", "foreign");

  @Inject Address address;

  /** Text key of what went wrong before, empty at first. */
  public String getFailure() {
    String why = address.text("failed");
    return FAILURES.contains(why) ? "signIn.failed." + why : "";
  }

  /** Whether the reader has just signed out. */
  public boolean isOut() {
    return !address.text("out").isEmpty();
  }

  /** Where to go after signing in. */
  public String getTo() {
    return address.text("to");
  }
}
