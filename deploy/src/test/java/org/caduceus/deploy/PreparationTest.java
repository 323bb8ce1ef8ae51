package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.EpochConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The preparation for real, with the enclaves of this build, which are SIMULATED. */
@Tag("6.1a")
final class PreparationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = "SIMULATED", mode = EnumSource.Mode.EXCLUDE)
  void aSimulatedMemberDoesNotJoinWhereTheGenesisAsksForMore(AssuranceTier asked) {
    Path home = folder.resolve("h");
    StringWriter errors = new StringWriter();
    int code =
        Consortium.commandLine()
            .setErr(new PrintWriter(errors))
            .execute(
                "--home",
                home.toString(),
                "--port-base",
                Integer.toString(freePortBase()),
                "--minimum-tier",
                asked.name().toLowerCase(Locale.ROOT));
    List<String> lines = errors.toString().lines().toList();
    assertEquals(1, code, errors::toString);
    assertEquals(2, lines.size(), errors::toString);
    assertTrue(
        lines
            .get(0)
            .startsWith(
                "error: hospital-a cannot join: its enclave is of tier SIMULATED, but the policy of"
                    + " this consortium (--minimum-tier) asks for "
                    + asked
                    + ": "),
        errors::toString);
    assertTrue(
        lines.get(1).contains("hospital-a 无法加入")
            && lines.get(1).contains("SIMULATED")
            && lines.get(1).contains(asked.name()),
        errors::toString);
    assertFalse(Installation.exists(home));
    assertFalse(Files.exists(home.resolve("hospital-a")), "Expected nothing of the member's");
    assertFalse(runsAnEnclaveIn(home), "Expected no enclave to run on");
  }

  /** Else each node would take its key for one whose log was lost, and none could vote. */
  @Test
  void eachVoterOfBft2pHasAKeyThatIsMarkedAsUnused() throws IOException {
    Installation installation =
        new Installation(
            folder.resolve("h"),
            Installation.NAMES.subList(0, 4),
            Ports.freeBase(4),
            Installation.Database.H2,
            "",
            "b2".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "2e".repeat(32));
    Narrator narrator = new Narrator(System.out);
    try {
      new Preparation(
              Project.locate(),
              installation,
              narrator,
              Map.of(),
              Map.of(),
              Assurance.SIMULATED,
              EpochConfig.Mode.BFT_2P)
          .makeMembers(1_000);
      EpochConfig genesis = EpochConfig.decode(installation.genesis());
      for (MemberHome home : installation.memberHomes()) {
        assertEquals(
            genesis.members().get(genesis.indexOf(home.id()).orElseThrow()).votingKey(),
            Bytes.wrap(Files.readAllBytes(home.unusedVoterKey())));
      }
    } finally {
      new Cluster(Project.locate(), installation, narrator).stopEnclaves();
    }
  }

  private static boolean runsAnEnclaveIn(Path home) {
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      return processes
          .map(process -> process.info().commandLine().orElse(""))
          .anyMatch(line -> line.contains("caduceus-teed") && line.contains(home.toString()));
    }
  }

  static int freePortBase() {
    for (int base = 20_000; base < 60_000; base += 1_000) {
      int candidate = base;
      if (IntStream.range(0, 3)
          .allMatch(member -> Ports.of(candidate, member).all().stream().allMatch(Ports::isFree))) {
        return candidate;
      }
    }
    throw new IllegalStateException("Expected free ports above 20000, but there are none");
  }
}
