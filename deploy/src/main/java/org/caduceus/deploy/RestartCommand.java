package org.caduceus.deploy;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo restart}. */
@Command(
    name = "restart",
    mixinStandardHelpOptions = true,
    description = {
      "Restarts members' nodes one after the other; without a member, all of them.",
      "The others go on meanwhile. The next one is stopped when the last one votes again, has all "
          + "blocks and is linked with everybody. The enclaves go on, and with them the voting keys."
    })
final class RestartCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", arity = "0..*", description = "Member ids, in this order.")
  private List<String> members = List.of();

  @Override
  public Integer call() {
    Installation installation = home.installation();
    members.forEach(installation::memberHome);
    Cluster cluster = new Cluster(Project.locate(), installation, new Narrator(System.out));
    cluster.restart(members.isEmpty() ? installation.members() : members);
    return 0;
  }
}
