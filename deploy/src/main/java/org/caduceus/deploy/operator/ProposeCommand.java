package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deploy/caduceus propose}: the first ballot for a change. */
@Command(
    name = "propose",
    mixinStandardHelpOptions = true,
    subcommands = {
      ProposeCommand.RemoveMember.class,
      ProposeCommand.AddMember.class,
      ProposeCommand.SetRules.class,
    },
    description = {
      "Casts the first ballot for a change; the others see it in \"governance list\" and approve.",
      "It is decided once more than half of the members have voted for it in the running epoch."
    })
final class ProposeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Expected remove-member, add-member or set-rules, but there is none");
  }

  private static int propose(
      NodeClient client,
      SigningOptions signing,
      Output out,
      Function<EpochConfig, MembershipChange> change) {
    Desk desk = Desk.of(client);
    EpochConfig config = desk.config();
    MembershipChange wanted = change.apply(config);
    if (!wanted.isPossibleIn(config)) {
      throw new ToolFailure(
          "Expected a change of the running epoch, but this would change nothing or cannot be");
    }
    return GovernanceCommand.sign(
        desk, new Desk.Signable.ForChange(desk.configHash(), wanted), signing, out);
  }

  /** {@code deploy/caduceus propose remove-member}. */
  @Command(
      name = "remove-member",
      mixinStandardHelpOptions = true,
      description = "An institution loses its seat; it can be added again.")
  static final class RemoveMember implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", description = "Of the member.")
    private String id;

    @Override
    public Integer call() {
      return propose(node.client(), signing, out, config -> new MembershipChange.RemoveMember(id));
    }
  }

  /** {@code deploy/caduceus propose add-member}. */
  @Command(
      name = "add-member",
      mixinStandardHelpOptions = true,
      description = {
        "An institution gets a seat. Its own officers make FILE with \"deploy/caduceus candidate\"",
        "a moment before: the evidence in it grows old."
      })
  static final class AddMember implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "FILE", description = "What the candidate says of itself.")
    private Path file;

    @Override
    public Integer call() {
      MembershipChange change = change(file);
      return propose(node.client(), signing, out, config -> change);
    }

    private static MembershipChange change(Path file) {
      try {
        JsonNode it = Output.parse(NodeOptions.text(file));
        Bytes evidence = Bytes.wrap(Desk.bytes(it.path("evidence")));
        return new MembershipChange.AddMember(
            new Member(
                it.path("id").asText(),
                Bytes.fromHex(it.path("votingKey").asText()),
                Bytes.fromHex(it.path("signingKey").asText()),
                Bytes.fromHex(it.path("governanceKey").asText()),
                Hash.fromHex(it.path("linkKey").asText()),
                Hash.sha256(evidence.toArray())),
            evidence);
      } catch (IOException | IllegalArgumentException e) {
        throw new ToolFailure("Expected a candidate in " + file + ", but it is none", e);
      }
    }
  }

  /** {@code deploy/caduceus propose set-rules}. */
  @Command(
      name = "set-rules",
      mixinStandardHelpOptions = true,
      description = "Other rules for the same members; what is not named stays as it is.")
  static final class SetRules implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Option(names = "--slot-k", paramLabel = "N", description = "Views per leader.")
    private Integer slotK;

    @Option(names = "--timeout-ms", paramLabel = "MS", description = "First view timeout.")
    private Integer timeoutMs;

    @Option(names = "--max-timeout-ms", paramLabel = "MS", description = "Longest view timeout.")
    private Integer maxTimeoutMs;

    @Option(names = "--block-entries", paramLabel = "N", description = "Most entries in a block.")
    private Integer blockEntries;

    @Option(names = "--block-bytes", paramLabel = "N", description = "Most bytes of entries.")
    private Integer blockBytes;

    @Option(
        names = "--minimum-tier",
        paramLabel = "TIER",
        description = "Least assurance of an enclave: ${COMPLETION-CANDIDATES}.")
    private AssuranceTier minimumTier;

    @Option(
        names = "--evidence-age",
        paramLabel = "BLOCKS",
        description = "Oldest evidence that gives a seat; 0 for no bound.")
    private Integer evidenceAge;

    @Option(
        names = "--allow-measurement",
        paramLabel = "HEX",
        description = "Code that may vote from now on, too; may be repeated.")
    private List<String> allowed = List.of();

    @Option(
        names = "--forbid-measurement",
        paramLabel = "HEX",
        description = "Code that may not vote any more; may be repeated.")
    private List<String> forbidden = List.of();

    @Override
    public Integer call() {
      return propose(node.client(), signing, out, this::rules);
    }

    private MembershipChange rules(EpochConfig config) {
      List<Bytes> measurements = new ArrayList<>(config.measurements());
      forbidden.forEach(code -> measurements.remove(Bytes.fromHex(code)));
      allowed.forEach(code -> measurements.add(Bytes.fromHex(code)));
      return new MembershipChange.SetRules(
          or(slotK, config.slotK()),
          or(timeoutMs, config.timeoutMs()),
          or(maxTimeoutMs, config.maxTimeoutMs()),
          or(blockEntries, config.maxBlockEntries()),
          or(blockBytes, config.maxBlockBytes()),
          minimumTier == null ? config.minimumTier() : minimumTier,
          or(evidenceAge, config.maxEvidenceAge()),
          measurements.stream().distinct().toList());
    }

    private static int or(Integer wanted, int otherwise) {
      return wanted == null ? otherwise : wanted;
    }
  }
}
