package org.caduceus.enclave.attestation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.caduceus.ledger.Bytes;

/**
 * Whose attestation a node attaches to its enclave's evidence.
 *
 * @param kind which platform is asked
 * @param folder the TPM tools' files, for this user alone; kept as long as the enclave's folder
 * @param tcti which TPM, e.g. {@value #DEFAULT_TCTI} (tpm2-tools, common/tcti.md)
 * @param issuers PEM: the certificates above the one that the TPM holds of its endorsement key, in
 *     ascending order
 * @param report name of the folder of reports in configfs-tsm, which nobody else uses
 */
public record AttesterSettings(
    Kind kind, Path folder, String tcti, Optional<Path> issuers, String report) {
  /** The machine's own TPM, through the kernel's resource manager. */
  public static final String DEFAULT_TCTI = "device:/dev/tpmrm0";

  /** A platform. */
  public enum Kind {
    /** None: evidence goes as the instance made it. */
    NONE("none"),
    /** A TPM 2.0. */
    TPM("tpm"),
    /** A confidential virtual machine, asked through Linux. */
    CONFIGFS_TSM("configfs-tsm");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Its name in settings. */
    public String label() {
      return label;
    }

    /**
     * The kind of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(String label) {
      return Arrays.stream(values())
          .filter(kind -> kind.label.equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Expected one of "
                          + Arrays.stream(values())
                              .map(Kind::label)
                              .collect(Collectors.joining(", "))
                          + ", but got "
                          + label));
    }
  }

  /** No platform's. */
  public static AttesterSettings none() {
    return new AttesterSettings(Kind.NONE, Path.of(""), "", Optional.empty(), "");
  }

  /**
   * The attester itself.
   *
   * @throws AttestationUnavailable if the platform does not answer, or a file cannot be read
   */
  PlatformAttester open() {
    return switch (kind) {
      case NONE -> PlatformAttester.NONE;
      case TPM -> new TpmAttester(made(folder), tcti, read(issuers));
      case CONFIGFS_TSM -> new ConfigfsTsmAttester(ConfigfsTsmAttester.ROOT, report);
    };
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(
          folder.toAbsolutePath(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected to make " + folder + ", but that failed", e);
    }
  }

  private static List<Bytes> read(Optional<Path> issuers) {
    List<Bytes> encoded = new ArrayList<>();
    if (issuers.isEmpty()) {
      return encoded;
    }
    try {
      for (X509Certificate issuer : TrustedRoots.certificates(issuers.get())) {
        encoded.add(Bytes.wrap(issuer.getEncoded()));
      }
      return encoded;
    } catch (IOException | CertificateEncodingException e) {
      throw new AttestationUnavailable(
          "Expected certificates at " + issuers.get() + ", but reading failed", e);
    }
  }
}
