package org.caduceus.deploy;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo token}. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a bearer token of a member's administrator.",
      "curl -H \"Authorization: Bearer $(deploy/demo token hospital-a)\" .../api/status"
    })
final class TokenCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", description = "Member id.")
  private String member;

  @Override
  public Integer call() {
    MemberHome memberHome = home.installation().memberHome(member);
    new Narrator(System.out).line(new NodeClient(memberHome).token());
    return 0;
  }
}
