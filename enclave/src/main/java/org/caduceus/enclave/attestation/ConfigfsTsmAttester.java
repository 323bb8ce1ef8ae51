package org.caduceus.enclave.attestation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.Evidence;

/**
 * Reports of a confidential virtual machine through Linux's configfs-tsm (kernel 6.7 or later,
 * Documentation/ABI/testing/configfs-tsm): H(claims) and 32 zero bytes are written to {@code
 * inblob}, the report is read from {@code outblob}, certificates of SEV-SNP from {@code auxblob}.
 *
 * <p><b>Never run on hardware</b>: tested with a folder of ordinary files in place of the kernel's.
 */
public final class ConfigfsTsmAttester implements PlatformAttester {
  /** Where Linux offers it. */
  public static final Path ROOT = Path.of("/sys/kernel/config/tsm/report");

  private static final int INBLOB_LENGTH = 64;
  private static final int TABLE_ENTRY = 24;
  private static final int GUID = 16;

  // Guest-Hypervisor Communication Block Standardization, 56421, table 6; bytes as the text reads.
  private static final List<String> CERTIFICATES_LEAF_FIRST =
      List.of(
          "63da758de6644564adc5f4b93be8accd", // VCEK
          "a8074bc2a25a483eaae639c045a0b8a1", // VLEK
          "4ab7b379bbac4fe4a02f05aef327c782"); // ASK

  private final Path report;

  /**
   * An attester.
   *
   * @param root {@link #ROOT}
   * @param name of the report's folder, which nobody else uses
   */
  public ConfigfsTsmAttester(Path root, String name) {
    this.report = root.resolve(name);
  }

  @Override
  public synchronized Bytes attest(Evidence evidence) {
    try {
      if (!Files.isDirectory(report)) {
        Files.createDirectory(report);
      }
      byte[] inblob = Arrays.copyOf(evidence.claimsHash().toArray(), INBLOB_LENGTH);
      Files.write(report.resolve("inblob"), inblob);
      String generation = text("generation");
      byte[] outblob = Files.readAllBytes(report.resolve("outblob"));
      String provider = text("provider");
      Bytes attestation =
          switch (provider) {
            case "sev_guest" -> snp(outblob);
            case "tdx_guest" ->
                Bytes.wrap(new Writer().tag(TdxQuoteVerifier.TAG).sized(outblob).toArray());
            default ->
                throw new AttestationUnavailable(
                    "Expected provider sev_guest or tdx_guest, but got " + provider);
          };
      if (!generation.equals(text("generation"))) {
        throw new AttestationUnavailable(
            "Expected the report's folder for ourselves, but somebody else wrote to it");
      }
      return attestation;
    } catch (IOException e) {
      throw new AttestationUnavailable("Expected a report from " + report + ", but failed", e);
    }
  }

  private Bytes snp(byte[] outblob) throws IOException {
    List<byte[]> certificates = certificates(Files.readAllBytes(report.resolve("auxblob")));
    Writer out = new Writer().tag(SnpReportVerifier.TAG).sized(outblob).u8(certificates.size());
    certificates.forEach(out::sized);
    return Bytes.wrap(out.toArray());
  }

  /** The certificate table: entries of GUID 16, offset 4, length 4, up to one of zeros. */
  private static List<byte[]> certificates(byte[] table) {
    ByteBuffer buffer = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> certificates = new ArrayList<>();
    for (String wanted : CERTIFICATES_LEAF_FIRST) {
      for (int at = 0; at + TABLE_ENTRY <= table.length; at += TABLE_ENTRY) {
        byte[] guid = Arrays.copyOfRange(table, at, at + GUID);
        if (Arrays.equals(guid, new byte[GUID])) {
          break;
        }
        long offset = Integer.toUnsignedLong(buffer.getInt(at + GUID));
        long length = Integer.toUnsignedLong(buffer.getInt(at + GUID + 4));
        if (offset + length > table.length) {
          throw new AttestationUnavailable(
              "Expected certificates inside their table, but one leaves it");
        }
        if (HexFormat.of().formatHex(guid).equals(wanted)) {
          certificates.add(Arrays.copyOfRange(table, (int) offset, (int) (offset + length)));
        }
      }
    }
    return certificates;
  }

  private String text(String attribute) throws IOException {
    return Files.readString(report.resolve(attribute), StandardCharsets.US_ASCII).trim();
  }
}
