package org.caduceus.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The built tree that the tool runs from.
 *
 * @param root folder of the parent pom.xml
 */
public record Project(Path root) {
  private static final String PAYARA = "payara7";

  /** The tree that {@code caduceus.project} names, else the working folder or its parent. */
  public static Project locate() {
    String named = System.getProperty("caduceus.project");
    Path start = Path.of(named == null ? "" : named).toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("deploy/pom.xml"))) {
        return new Project(folder);
      }
    }
    throw new ToolFailure("Expected to run inside the project, but " + start + " is not");
  }

  /** {@code caduceus-teed}. */
  public Path enclaveExecutable() {
    return built("enclave/target/native/caduceus-teed");
  }

  /** {@code libteeclient.so}. */
  public Path enclaveLibrary() {
    return built("enclave/target/native/libteeclient.so");
  }

  /** {@code tee-speed}, which measures the trusted core. */
  public Path enclaveSpeed() {
    return built("enclave/target/native/tee-speed");
  }

  /** {@code tee-echo}, which shows what the operating system costs of a call to the enclave. */
  public Path enclaveEcho() {
    return built("enclave/target/native/tee-echo");
  }

  /** The application. */
  public Path application() {
    Path target = root.resolve("ear/target");
    return newest(target, ".ear")
        .orElseThrow(
            () -> new ToolFailure("Expected an .ear in " + target + ": build the project first"));
  }

  /** JDBC drivers of the domains. */
  public List<Path> drivers() {
    Path distribution = root.resolve("deploy/target/distribution");
    return Stream.of("h2-", "postgresql-")
        .map(
            prefix ->
                list(distribution).stream()
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(
                        () ->
                            new ToolFailure(
                                "Expected "
                                    + prefix
                                    + "*.jar in "
                                    + distribution
                                    + ": build first")))
        .toList();
  }

  /** The server's zip. */
  public Path serverArchive() {
    Path distribution = root.resolve("deploy/target/distribution");
    return newest(distribution, ".zip")
        .orElseThrow(
            () -> new ToolFailure("Expected Payara's zip in " + distribution + ": build first"));
  }

  /** Where the server is unpacked, once for all installations of this tree. */
  public Path server() {
    return root.resolve("deploy/target/server").resolve(PAYARA).resolve("glassfish");
  }

  /** The sample messages of the demo. */
  public Path samples() {
    return root.resolve("deploy/samples");
  }

  private Path built(String path) {
    Path file = root.resolve(path);
    if (!Files.exists(file)) {
      throw new ToolFailure("Expected " + file + ", but it is absent: build the project first");
    }
    return file;
  }

  private static Optional<Path> newest(Path folder, String suffix) {
    return list(folder).stream()
        .filter(file -> file.getFileName().toString().endsWith(suffix))
        .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new ToolFailure("Expected to list " + folder + ", but that failed", e);
    }
  }
}
