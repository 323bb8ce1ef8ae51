package org.caduceus.deploy;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code deploy/demo}: a medical consortium on this machine. Without a subcommand: {@link
 * DemoCommand}.
 */
@Command(
    name = "deploy/demo",
    mixinStandardHelpOptions = true,
    versionProvider = Consortium.Version.class,
    sortOptions = false,
    subcommands = {
      StatusCommand.class,
      SendCommand.class,
      TokenCommand.class,
      SignCertificateCommand.class,
      LogsCommand.class,
      StartCommand.class,
      StopCommand.class,
      RestartCommand.class,
      JoinCommand.class,
      LeaveCommand.class,
      KillCommand.class,
      CleanCommand.class,
    },
    description = {
      "A medical consortium on this machine: a node for each member with its own server, database, "
          + "broker and enclave, linked by mutual TLS.",
      "Without a subcommand: prepares it, starts it, sends sample messages through the real inlets "
          + "and prints what became of each, then the addresses and logins."
    },
    footer = {
      "",
      "Examples:",
      "  deploy/demo                              three members, H2",
      "  deploy/demo --database postgresql        three members on a PostgreSQL of its own",
      "  deploy/demo --suite sm2                  three members that sign and seal by GM/T",
      "  deploy/demo send admission.hl7 ct.dcm    send files, wait until they are final",
      "  deploy/demo join lab-f; deploy/demo leave lab-f   one more member; and it goes again",
      "  deploy/demo status --json                for programs",
      "  deploy/demo stop; deploy/demo clean      end everything; delete everything"
    })
public final class Consortium implements Callable<Integer> {
  @Mixin private DemoCommand demo;

  private Consortium() {}

  /** Runs the tool; ends the process with 0, 1 (failed, message on stderr) or 2 (wrong usage). */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Consortium())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(110)
        .setExecutionExceptionHandler(ToolFailure::report);
  }

  @Override
  public Integer call() {
    return demo.call();
  }

  /** The version of the project. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Consortium.class.getPackage().getImplementationVersion();
      return new String[] {"Caduceus " + (version == null ? "(from classes)" : version)};
    }
  }
}
