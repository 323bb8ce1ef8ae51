package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.enclave.SampleEvidence;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports as AMD's specification lays them out, constructed here and signed by a vendor of the
 * test's own: no processor was asked.
 */
final class SnpReportVerifierTest {
  private static final TestAuthority AMD = new TestAuthority("processors", "secp384r1");
  private static final KeyPair VCEK = TestAuthority.keys("secp384r1");
  private static final byte[] CHIP = new byte[64];
  private static final String OID = "1.3.6.1.4.1.3704.1.";

  static {
    for (int i = 0; i < CHIP.length; i++) {
      CHIP[i] = (byte) (i + 1);
    }
  }

  /** A report, before it is signed. */
  private static final class Made {
    private final ByteBuffer report =
        ByteBuffer.allocate(SnpReportVerifier.REPORT_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<String, byte[]> extensions = new LinkedHashMap<>();
    private KeyPair signer = VCEK;
    private boolean issuer = true;
    private boolean leaf = true;
    private int spoilSignature = -1;
    private int cut;
    private byte[] tail = new byte[0];

    Made(Evidence evidence) {
      report.putInt(0x00, 2);
      report.putLong(0x08, 0x30000); // SMT allowed, reserved bit 17
      report.putInt(0x34, 1);
      report.put(0x50, evidence.claimsHash().toArray());
      report.put(0x90, SampleEvidence.measurement(0x77).toArray());
      report.put(0x180, new byte[] {3, 0, 0, 0, 0, 0, 8, (byte) 209});
      report.put(0x1a0, CHIP);
      extensions.put(OID + "4", CHIP);
      extensions.put(OID + "3.1", new byte[] {2, 1, 3});
      extensions.put(OID + "3.2", new byte[] {2, 1, 0});
      extensions.put(OID + "3.3", new byte[] {2, 1, 8});
      extensions.put(OID + "3.8", new byte[] {2, 2, 0, (byte) 209});
    }

    Bytes platform() throws Exception {
      byte[] bytes = report.array().clone();
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(signer.getPrivate());
      signature.update(bytes, 0, 0x2a0);
      byte[] raw = signature.sign();
      for (int i = 0; i < 48; i++) {
        bytes[0x2a0 + i] = raw[47 - i];
        bytes[0x2a0 + 72 + i] = raw[95 - i];
      }
      if (spoilSignature >= 0) {
        bytes[0x2a0 + spoilSignature] ^= 1;
      }
      byte[] sent = java.util.Arrays.copyOf(bytes, bytes.length - cut);
      Writer out = new Writer().tag("CDC1SNPR").sized(sent);
      out.u8((leaf ? 1 : 0) + (issuer ? 1 : 0));
      if (leaf) {
        out.sized(AMD.leaf(VCEK.getPublic(), null, extensions).getEncoded());
      }
      if (issuer) {
        out.sized(AMD.issuer().getEncoded());
      }
      return Bytes.wrap(out.bytes(tail).toArray());
    }
  }

  @Test
  void aGenuineReportOfTheClaimsVouchesForTheImage() throws Exception {
    assertEquals(
        new PlatformVerifier.Vouched(
            AssuranceTier.CONFIDENTIAL_VM, List.of(SampleEvidence.measurement(0x77))),
        verify(made -> {}));
  }

  @Test
  void aLeasedKeyIsOfNoChip() throws Exception {
    assertTrue(
        verify(
                made -> {
                  made.report.putInt(0x48, 1 << 2);
                  made.extensions.remove(OID + "4");
                })
            instanceof PlatformVerifier.Vouched);
  }

  @Test
  void theChipMayStandInAnInnerString() throws Exception {
    assertTrue(
        verify(
                made ->
                    made.extensions.put(OID + "4", new Writer().u8(4).u8(64).bytes(CHIP).toArray()))
            instanceof PlatformVerifier.Vouched);
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrongInOnePlaceIsRefused() {
    Map<String, Consumer<Made>> wrong = new LinkedHashMap<>();
    wrong.put("version 2 to 5", made -> made.report.putInt(0, 1));
    wrong.put("version 2 to  5", made -> made.report.putInt(0, 6));
    wrong.put("debugged", made -> made.report.putLong(0x08, 0x30000 | 1 << 19));
    wrong.put("migration agent", made -> made.report.putLong(0x08, 0x30000 | 1 << 18));
    wrong.put("privilege level 0", made -> made.report.putInt(0x30, 1));
    wrong.put("another algorithm", made -> made.report.putInt(0x34, 2));
    wrong.put("of these claims", made -> made.report.put(0x50, new byte[32]));
    wrong.put("of these  claims", made -> made.report.put(0x50 + 63, (byte) 1));
    wrong.put("VCEK or VLEK", made -> made.report.putInt(0x48, 7 << 2));
    wrong.put("reporting chip", made -> made.report.put(0x1a0, (byte) 99));
    wrong.put("reporting  chip", made -> made.report.putInt(0x48, 2)); // chip key masked
    wrong.put("reporting chip ", made -> made.extensions.remove(OID + "4"));
    wrong.put("reported firmware", made -> made.report.put(0x180, (byte) 4));
    wrong.put("reported  firmware", made -> made.report.put(0x187, (byte) 210));
    wrong.put("reported firmware ", made -> made.extensions.remove(OID + "3.3"));
    wrong.put("signed by the processor", made -> made.signer = TestAuthority.keys("secp384r1"));
    wrong.put("signed by the  processor", made -> made.spoilSignature = 5);
    wrong.put("signed by the processor ", made -> made.spoilSignature = 60); // padding of r
    wrong.put("trusted root", made -> made.issuer = false);
    wrong.put(
        "trusted  root",
        made -> {
          made.issuer = false;
          made.leaf = false;
        });
    wrong.put("1184 bytes", made -> made.cut = 1);
    wrong.put("the end", made -> made.tail = new byte[1]);
    return wrong.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> assertRefused(entry.getKey(), entry.getValue())));
  }

  @Test
  void noByteOfTheReportMayBeChanged() throws Exception {
    Evidence shown = shown(made -> {});
    byte[] bytes = shown.platform().toArray();
    for (int at = 12; at < 12 + 0x2a0 + 144; at++) {
      bytes[at] ^= 1;
      PlatformVerifier.Finding finding =
          new SnpReportVerifier(AMD.roots()).verify(shown.withPlatform(Bytes.of(bytes)));
      assertTrue(finding instanceof PlatformVerifier.Refused, "byte " + at);
      bytes[at] ^= 1;
    }
  }

  @Test
  void otherRootsAndOtherTimesTrustNothing() throws Exception {
    for (TrustedRoots roots :
        List.of(
            TrustedRoots.none(),
            AMD.rootsLater(),
            new TestAuthority("others", "secp384r1").roots())) {
      assertTrue(
          new SnpReportVerifier(roots).verify(shown(made -> {}))
              instanceof PlatformVerifier.Refused);
    }
  }

  /** The kernel's files, played by ordinary ones. */
  @Test
  void aReportComesThroughTheKernelsFolder(@TempDir Path root) throws Exception {
    Evidence evidence = SampleEvidence.candidate().make();
    byte[] whole = new Made(evidence).platform().toArray();
    LittleEndian part = new LittleEndian(whole, "part");
    byte[] leaf = AMD.leaf(VCEK.getPublic(), null, new Made(evidence).extensions).getEncoded();
    byte[] issuer = AMD.issuer().getEncoded();
    Path folder = Files.createDirectory(root.resolve("caduceus"));
    Files.write(folder.resolve("outblob"), part.slice(12, SnpReportVerifier.REPORT_LENGTH));
    Files.writeString(folder.resolve("provider"), "sev_guest\n");
    Files.writeString(folder.resolve("generation"), "1\n");
    ByteBuffer table =
        ByteBuffer.allocate(3 * 24 + leaf.length + issuer.length).order(ByteOrder.LITTLE_ENDIAN);
    entry(table, "4ab7b379bbac4fe4a02f05aef327c782", 72 + leaf.length, issuer.length);
    entry(table, "63da758de6644564adc5f4b93be8accd", 72, leaf.length);
    table.put(new byte[24]).put(leaf).put(issuer);
    Files.write(folder.resolve("auxblob"), table.array());

    Evidence attested = new ConfigfsTsmAttester(root, "caduceus").attach(evidence);

    byte[] inblob = Files.readAllBytes(folder.resolve("inblob"));
    assertEquals(64, inblob.length);
    assertEquals(Bytes.wrap(evidence.claimsHash().toArray()), Bytes.of(inblob, 0, 32));
    assertTrue(
        PlatformVerifiers.trusting(TrustedRoots.none(), AMD.roots(), TrustedRoots.none())
                .verify(attested)
            instanceof PlatformVerifier.Vouched);
    Files.writeString(folder.resolve("provider"), "arm_cca_guest\n");
    org.junit.jupiter.api.Assertions.assertThrows(
        AttestationUnavailable.class,
        () -> new ConfigfsTsmAttester(root, "caduceus").attach(evidence));
  }

  private static void entry(ByteBuffer table, String guid, int offset, int length) {
    table.put(HexFormat.of().parseHex(guid)).putInt(offset).putInt(length);
  }

  private static void assertRefused(String why, Consumer<Made> change) throws Exception {
    PlatformVerifier.Finding finding = verify(change);
    String sentence = why.strip().replaceAll(" +", " ");
    assertTrue(
        finding instanceof PlatformVerifier.Refused refused && refused.reason().contains(sentence),
        "Expected a refusal for " + sentence + ", but got " + finding);
  }

  private static PlatformVerifier.Finding verify(Consumer<Made> change) throws Exception {
    return new SnpReportVerifier(AMD.roots()).verify(shown(change));
  }

  private static Evidence shown(Consumer<Made> change) throws Exception {
    Evidence evidence = SampleEvidence.candidate().make();
    Made made = new Made(evidence);
    change.accept(made);
    return evidence.withPlatform(made.platform());
  }
}
