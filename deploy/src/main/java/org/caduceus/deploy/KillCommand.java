package org.caduceus.deploy;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo kill}. */
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    description =
        "Ends a member's node (or, with --enclave, its enclave) by SIGKILL, as a power failure "
            + "would; for trials.")
final class KillCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", description = "Member id.")
  private String member;

  @Option(names = "--enclave", description = "The enclave, not the node: its vote is lost.")
  private boolean enclave;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    Narrator narrator = new Narrator(System.out);
    Cluster cluster = new Cluster(Project.locate(), installation, narrator);
    installation.memberHome(member);
    if (enclave) {
      cluster.killEnclave(member);
    } else {
      cluster.kill(member);
    }
    narrator.step("killed the " + (enclave ? "enclave" : "node") + " of " + member);
    return 0;
  }
}
