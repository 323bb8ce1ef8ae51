package org.caduceus.deploy;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which consortium a command means. */
final class HomeOption {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder of the consortium; default: .caduceus in the project.")
  private Path home;

  Path path() {
    Path folder = home == null ? Project.locate().root().resolve(".caduceus") : home;
    return folder.toAbsolutePath().normalize();
  }

  Installation installation() {
    return Installation.read(path());
  }
}
