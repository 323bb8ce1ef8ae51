package org.caduceus.deploy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.EpochConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo join}. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = {
      "One more institution, which is not in the genesis, joins while the others run: prepares its "
          + "keys, certificate, database and node, starts it, and tells the others where it is.",
      "Then more than half of the members vote for it; where officers sign (--governance officers) "
          + "their commands are printed instead."
    })
final class JoinCommand implements Callable<Integer> {
  private static final String NAME = "[a-z0-9-]{1,64}";

  @Mixin private HomeOption home;

  @Parameters(paramLabel = "NAME", description = "Its id: a to z, 0 to 9 and -.")
  private String name;

  @Override
  public Integer call() {
    Narrator narrator = new Narrator(System.out);
    Installation before = home.installation();
    require(before);
    boolean known = before.members().contains(name);
    Installation installation = known ? before : before.with(name);
    Cluster cluster = new Cluster(Project.locate(), installation, narrator);
    if (known) {
      // A voting key that lost its seat never gets one again.
      cluster.stop(name);
      cluster.stopEnclave(name);
    } else {
      cluster.prepareJoiner(name, assurance(before));
    }
    cluster.start(List.of(name));
    TrialGovernance governance = new TrialGovernance(installation);
    governance.tellAddress(name);
    narrator.step("the members know the address of " + name, "各成员已获知 " + name + " 的地址");
    if (installation.governance() == Installation.Governance.OFFICERS) {
      narrator.line("Its officers ask, and those of the members sign:", "由其治理人员申请、各成员治理人员签署：");
      commands(installation).forEach(narrator::line);
      return 0;
    }
    long ended = governance.decide(governance.candidacy(name));
    governance.await(name, ended, status -> status.path("voting").asBoolean());
    narrator.step(
        name + " has a seat and votes, from epoch " + (ended + 1) + " on",
        name + " 已取得席位并投票，始于纪元 " + (ended + 1));
    return 0;
  }

  private void require(Installation installation) {
    if (!name.matches(NAME)) {
      throw new ToolFailure("Expected a name of a to z, 0 to 9 and -, but got " + name);
    }
    EpochConfig genesis = EpochConfig.decode(installation.genesis());
    if (genesis.indexOf(name).isPresent()) {
      throw new ToolFailure(name + " is in the genesis: \"deploy/demo start " + name + "\"");
    }
    if (genesis.mode() != EpochConfig.Mode.TEE_1P
        || genesis.minimumTier() != AssuranceTier.SIMULATED) {
      throw new ToolFailure(
          "Expected a consortium of mode TEE-1P that asks for no attestation, but it is another");
    }
  }

  /** As the first member's enclave is run. */
  private static Assurance assurance(Installation installation) {
    return new Assurance(
        AssuranceTier.SIMULATED,
        AttesterSettings.Kind.NONE,
        AttesterSettings.DEFAULT_TCTI,
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(
            installation.memberHomes().getFirst().setting("caduceus.enclave.user")));
  }

  private List<String> commands(Installation installation) {
    String at = " --home " + installation.home() + " --member ";
    String first = installation.members().getFirst();
    return List.of(
        "  deploy/caduceus candidate" + at + name + " > candidate.json",
        "  deploy/caduceus propose add-member candidate.json"
            + at
            + first
            + " --key "
            + installation.memberHome(first).governanceKey(),
        "  deploy/caduceus governance list" + at + "MEMBER",
        "  deploy/caduceus governance approve ID" + at + "MEMBER --key MEMBER/governance-key.pem");
  }
}
