package org.caduceus.deploy;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/demo clean}. */
@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description = "Ends everything and deletes the consortium: ledgers, databases, keys, logs.")
final class CleanCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    Path folder = home.path();
    Narrator narrator = new Narrator(System.out);
    if (!Installation.exists(folder)) {
      narrator.line("There is no consortium in " + folder + ".");
      return 0;
    }
    Cluster cluster = new Cluster(Project.locate(), home.installation(), narrator);
    cluster.killAll();
    PrivateFiles.deleteTree(folder);
    narrator.step("deleted " + folder, "已删除 " + folder);
    return 0;
  }
}
