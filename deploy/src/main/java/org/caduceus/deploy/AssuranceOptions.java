package org.caduceus.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.ledger.enclave.AssuranceTier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@link Assurance} on the command line. */
final class AssuranceOptions {
  @Option(
      names = "--minimum-tier",
      paramLabel = "TIER",
      defaultValue = "SIMULATED",
      description =
          "What the genesis asks of every member's enclave: SIMULATED, MEASURED_TPM, "
              + "CONFIDENTIAL_VM or ENCLAVE_SGX; a member with less is refused. Default "
              + "${DEFAULT-VALUE}, all that enclaves without hardware are.")
  private AssuranceTier minimumTier;

  @Option(
      names = "--attester",
      paramLabel = "none|tpm|configfs-tsm",
      defaultValue = "none",
      converter = KindOption.class,
      description = {
        "Which platform attests the members' enclaves: a TPM 2.0 (needs the package tpm2-tools) or "
            + "a confidential virtual machine; default ${DEFAULT-VALUE}.",
        "由哪个平台为各成员的飞地作证明：TPM 2.0（需要 tpm2-tools）或机密虚拟机；默认无。"
      })
  private AttesterSettings.Kind attester;

  @Option(
      names = "--tpm-tcti",
      paramLabel = "TCTI",
      defaultValue = AttesterSettings.DEFAULT_TCTI,
      description =
          "Which TPM, as tpm2-tools name it, with {member} where each member has one of its own; "
              + "default ${DEFAULT-VALUE}.")
  private String tcti;

  @Option(
      names = "--tpm-issuers",
      paramLabel = "FILE",
      description =
          "PEM: the certificates above the one that the TPM holds of its endorsement key, "
              + "ascending.")
  private Path issuers;

  @Option(
      names = "--tpm-roots",
      paramLabel = "FILE",
      description =
          "PEM: the TPM vendors' roots that the members trust; without it every TPM is worth "
              + "SIMULATED.")
  private Path roots;

  @Option(
      names = "--enclave-user",
      paramLabel = "USER",
      description =
          "Root only: the user, by name or number, that the enclaves become; the servers stay root's, "
              + "who reads everything. The script names caduceus-enclave if it can.")
  private String user;

  /** What they say. */
  Assurance assurance() {
    if (user != null && !runsAsRoot()) {
      throw new ToolFailure("Expected root, who alone can give enclaves a user (--enclave-user)");
    }
    return new Assurance(
        minimumTier, attester, tcti, absolute(issuers), absolute(roots), Optional.ofNullable(user));
  }

  private static Optional<Path> absolute(Path file) {
    if (file != null && !Files.isReadable(file)) {
      throw new ToolFailure("Expected certificates at " + file + ", but it cannot be read");
    }
    return Optional.ofNullable(file).map(named -> named.toAbsolutePath().normalize());
  }

  private static boolean runsAsRoot() {
    return PrivateFiles.owner(Path.of("/proc/self")) == 0;
  }

  /** An attester by the name that a node's settings take too. */
  static final class KindOption implements ITypeConverter<AttesterSettings.Kind> {
    @Override
    public AttesterSettings.Kind convert(String label) {
      try {
        return AttesterSettings.Kind.of(label);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
