package org.caduceus.deploy.operator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.caduceus.deploy.CandidateJson;
import org.caduceus.deploy.ModeOption;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;
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
      ProposeCommand.SetMode.class,
      ProposeCommand.RegisterInstitution.class,
      ProposeCommand.Suspend.class,
      ProposeCommand.Reinstate.class,
      ProposeCommand.Delegate.class,
      ProposeCommand.SetElections.class,
      ProposeCommand.ReplaceLinkKey.class,
    },
    description = {
      "Casts the first ballot for a change; the others see it in \"governance list\" and approve.",
      "It is decided once more than half of the institutions that have weight have voted for it in",
      "the running epoch; what concerns an institution's own key or weight it decides alone."
    })
final class ProposeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Expected the name of a change, such as add-member, but there is none");
  }

  private static int propose(
      NodeClient client,
      SigningOptions signing,
      Output out,
      Function<EpochConfig, MembershipChange> change) {
    Desk desk = Desk.of(client);
    Constitution constitution = desk.constitution();
    MembershipChange wanted = change.apply(constitution.config());
    if (!wanted.isPossibleIn(constitution)) {
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

    static MembershipChange.AddMember change(Path file) {
      try {
        return CandidateJson.change(Output.parse(NodeOptions.text(file)));
      } catch (IOException | IllegalArgumentException e) {
        throw new ToolFailure("Expected a candidate in " + file + ", but it is none", e);
      }
    }
  }

  /** {@code deploy/caduceus propose set-mode}. */
  @Command(
      name = "set-mode",
      mixinStandardHelpOptions = true,
      description = {
        "Blocks become final in another way. Besides the ballots it needs keys: every node offers",
        "its officers the one it would vote with, as ANNOUNCE_KEY in \"governance list\"; a node",
        "that has its governance key announces by itself. \"governance list\" says what is missing."
      })
  static final class SetMode implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(
        paramLabel = "MODE",
        converter = ModeOption.class,
        description = "bft-2p: processes vote twice; tee-1p: enclaves vote once.")
    private EpochConfig.Mode mode;

    @Override
    public Integer call() {
      return propose(node.client(), signing, out, config -> new MembershipChange.SetMode(mode));
    }
  }

  /** {@code deploy/caduceus propose register}. */
  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = {
        "An institution is registered without a seat: its node may follow and its entries are taken.",
        "Of one that is registered already, what is not named stays as it is. FILE is what",
        "\"deploy/caduceus candidate\" made there."
      })
  static final class RegisterInstitution implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "FILE|ID", description = "What it says of itself, or its id.")
    private String subject;

    @Option(
        names = "--category",
        paramLabel = "CATEGORY",
        description = "What it is: ${COMPLETION-CANDIDATES}; OTHER if nothing is said.")
    private Institution.Category category;

    @Option(
        names = "--weight",
        paramLabel = "N",
        description =
            "Its share in elections; its ballots count if above 0, which it is not if nothing is said.")
    private Integer weight;

    @Override
    public Integer call() {
      Desk desk = Desk.of(node.client());
      Optional<Institution> known = desk.constitution().register().institution(subject);
      Institution it =
          known.orElseGet(() -> Institution.of(AddMember.change(Path.of(subject)).member()));
      return propose(
          node.client(),
          signing,
          out,
          config ->
              new MembershipChange.RegisterInstitution(
                  it.id(),
                  category == null ? it.category() : category,
                  weight == null ? known.map(Institution::weight).orElse(0) : weight,
                  it.signingKey(),
                  it.governanceKey(),
                  it.linkKey()));
    }
  }

  /** {@code deploy/caduceus propose suspend}. */
  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "An institution loses its seat and is not heard until it is reinstated.")
  static final class Suspend implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", description = "Of the institution.")
    private String id;

    @Override
    public Integer call() {
      return propose(
          node.client(), signing, out, config -> new MembershipChange.SetSuspended(id, true));
    }
  }

  /** {@code deploy/caduceus propose reinstate}. */
  @Command(
      name = "reinstate",
      mixinStandardHelpOptions = true,
      description = "The suspension of an institution ends; a seat it gets by add-member.")
  static final class Reinstate implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", description = "Of the institution.")
    private String id;

    @Override
    public Integer call() {
      return propose(
          node.client(), signing, out, config -> new MembershipChange.SetSuspended(id, false));
    }
  }

  /** {@code deploy/caduceus propose delegate}. */
  @Command(
      name = "delegate",
      mixinStandardHelpOptions = true,
      description = {
        "This institution's weight elects another one from the next epoch on; without ID itself.",
        "It alone decides that."
      })
  static final class Delegate implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Whom it elects.")
    private String to;

    @Override
    public Integer call() {
      String member = Desk.of(node.client()).member();
      String elected = to == null || to.equals(member) ? "" : to;
      return propose(
          node.client(), signing, out, config -> new MembershipChange.Delegate(member, elected));
    }
  }

  /** {@code deploy/caduceus propose set-elections}. */
  @Command(
      name = "set-elections",
      mixinStandardHelpOptions = true,
      description = {
        "A committee is elected from the registered institutions by their weights, or with",
        "--committee 0 no longer."
      })
  static final class SetElections implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Option(
        names = "--committee",
        required = true,
        paramLabel = "SEATS",
        description = "Odd, 3 to 63; 0 ends elections.")
    private int committee;

    @Option(
        names = "--epoch-blocks",
        paramLabel = "N",
        description = "Blocks from one election to the next; default ${DEFAULT-VALUE}.")
    private int epochBlocks = 5_000;

    @Override
    public Integer call() {
      Register.Elections elections;
      try {
        elections = new Register.Elections(committee, committee == 0 ? 0 : epochBlocks);
      } catch (IllegalArgumentException e) {
        throw new ToolFailure(e.getMessage(), e);
      }
      return propose(
          node.client(), signing, out, config -> new MembershipChange.SetElections(elections));
    }
  }

  /** {@code deploy/caduceus propose replace-link-key}. */
  @Command(
      name = "replace-link-key",
      mixinStandardHelpOptions = true,
      description = {
        "The others accept this institution's links with another key from the next epoch on. It",
        "alone decides that. A certificate renewed with the same key needs no such change."
      })
  static final class ReplaceLinkKey implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private SigningOptions signing;
    @Mixin private Output out;

    @Parameters(paramLabel = "HASH", description = "SHA-256 of the new key, 64 hex digits.")
    private String key;

    @Override
    public Integer call() {
      String member = Desk.of(node.client()).member();
      Hash linkKey;
      try {
        linkKey = Hash.fromHex(key);
      } catch (IllegalArgumentException e) {
        throw new ToolFailure("Expected a hash of 64 hexadecimal digits, but it is none", e);
      }
      return propose(
          node.client(),
          signing,
          out,
          config -> new MembershipChange.ReplaceLinkKey(member, linkKey));
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
