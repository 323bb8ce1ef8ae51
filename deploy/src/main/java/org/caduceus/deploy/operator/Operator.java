package org.caduceus.deploy.operator;

import org.caduceus.deploy.ToolFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code deploy/caduceus}. */
@Command(
    name = "deploy/caduceus",
    mixinStandardHelpOptions = true,
    version = "Caduceus",
    sortOptions = false,
    subcommands = {
      StatusCommand.class,
      DiagnoseCommand.class,
      GovernanceCommand.class,
      ProposeCommand.class,
      EvidenceCommand.class,
      CandidateCommand.class,
      CertificatesCommand.class,
      InstitutionsCommand.class,
      PeersCommand.class,
    },
    description = {
      "What operators and governance officers of a node do, over its web interface.",
      "The officers' key is read on this machine and never sent: only signatures are.",
      "节点运维与治理：治理密钥只在本机读取，绝不发送，只发送签名。"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed; what happened is on stderr",
      "2:wrong usage",
      "3:the node does not answer",
      "4:all is not well (status, diagnose), or the officer said no (approve, propose)"
    },
    footer = {
      "",
      "Examples:",
      "  deploy/caduceus status --node https://node.example --token-file token",
      "  deploy/caduceus governance list --home .caduceus --member hospital-a",
      "  deploy/caduceus governance approve --key governance-key.pem 3fa94c10d2e7",
      "  deploy/caduceus peers set insurer-d 10.1.2.3:5445",
      "  deploy/caduceus propose remove-member regulator-c --key governance-key.pem",
      "",
      "Without --node and --home: the consortium of deploy/demo in .caduceus, its first member."
    })
public final class Operator implements Runnable {
  /** Done, and all is well. */
  static final int DONE = 0;

  /** The node does not answer. */
  static final int AWAY = 3;

  /** All is not well, or the officer said no. */
  static final int NOT_WELL = 4;

  @Spec private CommandSpec spec;

  private Operator() {}

  /** Runs the tool and ends the process with one of its exit codes. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the tool and returns the exit code. */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Operator())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(110)
        .setExecutionExceptionHandler(Operator::report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Expected a command, but there is none");
  }

  private static int report(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    int code = ToolFailure.report(failure, commandLine, parsed);
    return failure instanceof NodeAway ? AWAY : code;
  }
}
