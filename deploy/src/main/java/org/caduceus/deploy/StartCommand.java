package org.caduceus.deploy;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo start}. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a member's node again; without a member, all that are down.",
      "Its enclave is found if it still runs. A new one has a new voting key, for which the node "
          + "asks the members for its seat: the next epoch begins with it."
    })
final class StartCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", arity = "0..1", description = "Member id.")
  private String member;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    Cluster cluster = new Cluster(Project.locate(), installation, new Narrator(System.out));
    if (member != null) {
      installation.memberHome(member);
    }
    cluster.start(member == null ? installation.members() : List.of(member));
    return 0;
  }
}
