package org.caduceus.deploy;

import java.util.concurrent.Callable;
import org.caduceus.ledger.membership.MembershipChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo leave}. */
@Command(
    name = "leave",
    mixinStandardHelpOptions = true,
    description = {
      "More than half of the members vote that an institution loses its seat; they cut its links off.",
      "Its node goes on and follows no further; \"stop\" ends it, \"join\" brings back who was not in "
          + "the genesis."
    })
final class LeaveCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", description = "Member id.")
  private String member;

  @Override
  public Integer call() {
    Narrator narrator = new Narrator(System.out);
    Installation installation = home.installation();
    installation.memberHome(member);
    if (installation.governance() == Installation.Governance.OFFICERS) {
      throw new ToolFailure(
          "Officers sign here: \"deploy/caduceus propose remove-member " + member + "\"");
    }
    TrialGovernance governance = new TrialGovernance(installation);
    long ended = governance.decide(new MembershipChange.RemoveMember(member));
    String other =
        governance.seated(running(installation)).stream()
            .filter(id -> !id.equals(member))
            .findFirst()
            .orElseThrow();
    governance.await(other, ended, status -> true);
    narrator.step(
        member + " has no seat from epoch " + (ended + 1) + " on",
        member + " 自纪元 " + (ended + 1) + " 起没有席位");
    return 0;
  }

  private String running(Installation installation) {
    return installation.memberHomes().stream()
        .filter(each -> !each.id().equals(member) && each.node().isPresent())
        .map(MemberHome::id)
        .findFirst()
        .orElseThrow(() -> new ToolFailure("Expected another node that runs, but there is none"));
  }
}
