package org.caduceus.deploy.operator;

import java.nio.file.Path;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import picocli.CommandLine.Option;

/** Whose files on this machine a command works with. */
final class SettingsOptions {
  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "The node.properties of a node on this machine.")
  private Path settings;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder of a consortium of deploy/demo, in place of --settings.")
  private Path home;

  @Option(
      names = "--member",
      paramLabel = "MEMBER",
      description = "Whose node in --home; default: the first.")
  private String member;

  /** The key store of the node's links. */
  LinkKeyStore keyStore() {
    Path file = file().toAbsolutePath();
    return LinkKeyStore.of(PrivateFiles.properties(file), file.getParent());
  }

  private Path file() {
    if (settings != null) {
      return settings;
    }
    Path folder = home == null ? Project.locate().root().resolve(".caduceus") : home;
    Installation installation = Installation.read(folder.toAbsolutePath().normalize());
    MemberHome memberHome =
        installation.memberHome(member == null ? installation.members().get(0) : member);
    return memberHome.nodeProperties();
  }
}
