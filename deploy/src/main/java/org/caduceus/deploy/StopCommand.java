package org.caduceus.deploy;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo stop}. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    description = {
      "Ends a member's node in order, its enclave goes on; without a member, ends everything.",
      "Voting keys live only as long as the enclave processes. After everything has ended, "
          + "\"deploy/demo\" goes on with the same ledger: the members state where they stood, "
          + "their governance keys approve, and a new epoch begins with new keys."
    })
final class StopCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", arity = "0..1", description = "Member id.")
  private String member;

  @Option(
      names = "--enclave",
      description = "End the member's enclave too: its voting key is gone.")
  private boolean enclave;

  @Option(names = "--keep-enclaves", description = "Without a member: leave the enclaves running.")
  private boolean keepEnclaves;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    Narrator narrator = new Narrator(System.out);
    Cluster cluster = new Cluster(Project.locate(), installation, narrator);
    if (member == null) {
      cluster.stopNodes();
      narrator.step("all nodes have ended", "所有节点已停止");
      if (keepEnclaves) {
        narrator.line("The enclaves go on: \"deploy/demo\" starts the nodes again.");
        return 0;
      }
      cluster.stopEnclaves();
      narrator.step("all enclaves have ended", "所有可信执行环境进程已停止");
      switch (installation.firstMode()) {
        case TEE_1P ->
            narrator.line(
                "The voting keys ended with their enclaves; \"deploy/demo\" goes on with the same "
                    + "ledger under new ones.",
                "投票密钥随可信执行环境进程一起消失；再次运行 deploy/demo 时将以新密钥在同一账本上继续。");
        case BFT_2P ->
            narrator.line(
                "The voters keep their keys and logs; \"deploy/demo\" goes on where they stand.",
                "投票者保留密钥和日志；再次运行 deploy/demo 时从原处继续。");
      }
      return 0;
    }
    installation.memberHome(member);
    cluster.stop(member);
    narrator.step("the node of " + member + " has ended");
    if (enclave) {
      cluster.stopEnclave(member);
      narrator.step("the enclave of " + member + " has ended; its voting key is gone");
    }
    return 0;
  }
}
