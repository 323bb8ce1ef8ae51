package org.caduceus.enclave.attestation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caduceus.ledger.Bytes;

/** The commands of tpm2-tools 5, each run to its end in one folder. */
final class TpmTools {
  private static final int TIMEOUT_SECONDS = 60;
  private static final String LOG = "tpm.log";
  private static final long MAX_LOG_BYTES = 64 * 1024;

  private final Path folder;
  private final String tcti;

  /**
   * Runs commands.
   *
   * @param folder working directory, for this user alone
   * @param tcti which TPM, e.g. {@code device:/dev/tpmrm0} (tpm2-tools, common/tcti.md)
   */
  TpmTools(Path folder, String tcti) {
    this.folder = folder;
    this.tcti = tcti;
  }

  /** Runs a command that must succeed. */
  void run(String... command) {
    int code = exit(command);
    if (code != 0) {
      throw new AttestationUnavailable(
          "Expected " + command[0] + " to succeed, but it ended with " + code + "; see tpm.log");
    }
  }

  /** Runs a command that may fail; whether it succeeded. */
  boolean succeeds(String... command) {
    return exit(command) == 0;
  }

  Bytes read(String file) {
    try {
      return Bytes.wrap(Files.readAllBytes(folder.resolve(file)));
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected the tools to write " + file + ", but no", e);
    }
  }

  void write(String file, Bytes content) {
    try {
      Files.write(folder.resolve(file), content.unsafeArray());
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected to write " + file + ", but that failed", e);
    }
  }

  boolean has(String file) {
    return Files.exists(folder.resolve(file));
  }

  void delete(String file) {
    try {
      Files.deleteIfExists(folder.resolve(file));
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected to delete " + file + ", but that failed", e);
    }
  }

  /** The log begins anew when it is long: it is for the last failure, not for history. */
  private File log() {
    Path log = folder.resolve(LOG);
    try {
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected to begin " + LOG + " anew, but that failed", e);
    }
    return log.toFile();
  }

  private int exit(String... command) {
    List<String> line = new ArrayList<>(List.of(command));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log()));
    builder.environment().put("TPM2TOOLS_TCTI", tcti);
    try {
      Process process = builder.start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AttestationUnavailable("Expected " + command[0] + " to end, but it did not");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new AttestationUnavailable(
          "Expected to run " + command[0] + " (package tpm2-tools), but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AttestationUnavailable(
          "Expected " + command[0] + " to end, but was interrupted", e);
    }
  }
}
