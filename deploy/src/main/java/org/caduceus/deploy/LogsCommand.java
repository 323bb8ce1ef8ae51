package org.caduceus.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo logs}. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Prints the end of a member's logs.")
final class LogsCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Parameters(paramLabel = "MEMBER", description = "Member id.")
  private String member;

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "100",
      description = "Lines from the end; default ${DEFAULT-VALUE}.")
  private int lines;

  @Option(names = "--enclave", description = "The enclave's log instead of the server's.")
  private boolean enclave;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as the log grows; end with Ctrl-C.")
  private boolean follow;

  @Override
  public Integer call() throws IOException {
    MemberHome memberHome = home.installation().memberHome(member);
    Path file = enclave ? memberHome.enclave().resolve("tee.log") : memberHome.log();
    if (!Files.exists(file)) {
      throw new ToolFailure("There is no log " + file + " yet.");
    }
    Narrator narrator = new Narrator(System.out);
    List<String> all = Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    all.subList(Math.max(0, all.size() - lines), all.size()).forEach(narrator::line);
    narrator.line("-- " + file);
    if (follow) {
      follow(file, narrator);
    }
    return 0;
  }

  private static void follow(Path file, Narrator narrator) throws IOException {
    try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      in.skip(Files.size(file));
      while (true) {
        String line = in.readLine();
        if (line == null) {
          Pause.milliseconds(300);
        } else {
          narrator.line(line);
        }
      }
    }
  }
}
