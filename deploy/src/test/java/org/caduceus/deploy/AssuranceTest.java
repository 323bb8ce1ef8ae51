package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.enclave.attestation.SoftwareTpm;
import org.caduceus.enclave.attestation.TestAuthority;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: a prepared consortium is worth what its platforms show, and its enclaves are whose they are
 * said to be.
 *
 * <p>Method: the preparation for real, up to the first start of a server; a software TPM for each
 * member, whose vendor is the test's own.
 */
@Tag("6.1a")
final class AssuranceTest {
  private static final TestAuthority VENDOR = new TestAuthority("TPM vendor", "secp384r1");
  private static final List<String> MEMBERS = List.of("hospital-a", "pharmacy-b");
  private static final String OWN_USER = "60001";

  @TempDir Path folder;
  private final List<SoftwareTpm> tpms = new ArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Installation installation;

  @BeforeEach
  void plan() {
    installation =
        new Installation(
            folder.resolve("h"),
            MEMBERS,
            PreparationTest.freePortBase(),
            Installation.Database.H2,
            "",
            "c0".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "1e".repeat(32));
  }

  @AfterEach
  void stop() {
    installation
        .memberHomes()
        .forEach(
            home ->
                home.enclaveProcess().ifPresent(process -> process.stop(Duration.ofSeconds(10))));
    tpms.forEach(SoftwareTpm::close);
  }

  @Test
  void membersOfATrustedVendorsTpmsJoinWhereThatIsAsked() throws Exception {
    startTpms();
    prepare(tpm(AssuranceTier.MEASURED_TPM, Optional.of(pem("roots", VENDOR.root()))));
    for (MemberHome home : installation.memberHomes()) {
      byte[] shown = Files.readAllBytes(home.folder().resolve("evidence.bin"));
      Evidence evidence = Evidence.decode(Bytes.wrap(shown));
      assertTrue(evidence.platform().toHex().startsWith("4344433154504d51"), "no CDC1TPMQ");
      EpochConfig genesis = EpochConfig.decode(Files.readAllBytes(home.genesis()));
      assertEquals(AssuranceTier.MEASURED_TPM, genesis.minimumTier());
      assertEquals(List.of(evidence.measurement()), genesis.measurements());
      int seat = genesis.indexOf(home.id()).orElseThrow();
      assertEquals(Hash.sha256(shown), genesis.members().get(seat).evidence());
      assertEquals("tpm", home.setting("caduceus.attester"));
      assertEquals(tcti(home.id()), home.setting("caduceus.attester.tpm.tcti"));
      assertTrue(
          said().contains("the evidence of " + home.id() + " is worth MEASURED_TPM"), this::said);
    }
  }

  @Test
  void aTpmOfNobodyTrustedIsWorthSimulated() throws Exception {
    startTpms();
    Assurance demanding = tpm(AssuranceTier.MEASURED_TPM, Optional.empty());
    ToolFailure refusal = assertThrows(ToolFailure.class, () -> prepare(demanding));
    assertTrue(refusal.getMessage().contains("the evidence is worth SIMULATED"), refusal::toString);
    prepare(tpm(AssuranceTier.SIMULATED, Optional.empty()));
    assertTrue(said().contains("the evidence of hospital-a is worth SIMULATED"), this::said);
  }

  @Test
  void aPlatformThatAttestsNothingIsSaidBeforeAnythingStands() {
    SoftwareTpm.assumeInstalled();
    ToolFailure refusal =
        assertThrows(
            ToolFailure.class,
            () -> prepare(tpmOf(AssuranceTier.SIMULATED, Optional.empty(), Optional.empty())));
    assertTrue(
        refusal
            .getMessage()
            .startsWith("The platform of hospital-a (--attester tpm) attests nothing: "),
        refusal::toString);
    MemberHome home = installation.memberHomes().get(0);
    assertFalse(Files.exists(home.folder()), "Expected nothing of the member's");
  }

  @Test
  void anEnclaveHasAUserOfItsOwnIfRootGivesItOne() throws Exception {
    assumeTrue(PrivateFiles.owner(Path.of("/proc/self")) == 0, "NOT RUN: needs root");
    prepare(
        new Assurance(
            AssuranceTier.SIMULATED,
            AttesterSettings.Kind.NONE,
            AttesterSettings.DEFAULT_TCTI,
            Optional.empty(),
            Optional.empty(),
            Optional.of(OWN_USER)));
    for (MemberHome home : installation.memberHomes()) {
      assertEquals(List.of(OWN_USER, OWN_USER, OWN_USER, OWN_USER), uids(enclave(home)));
      assertNotEquals(uids("self"), uids(enclave(home)));
      assertEquals(Integer.parseInt(OWN_USER), PrivateFiles.owner(home.enclave()));
      assertTrue(PrivateFiles.isPrivate(home.enclave()), "others may look into the folder");
      assertEquals(OWN_USER, home.setting("caduceus.enclave.user"));
    }
  }

  @Test
  void anEnclaveSharesTheUserOtherwise() throws Exception {
    prepare(Assurance.SIMULATED);
    assertEquals(uids("self"), uids(enclave(installation.memberHomes().get(0))));
  }

  private void startTpms() throws Exception {
    SoftwareTpm.assumeInstalled();
    for (String member : MEMBERS) {
      SoftwareTpm tpm = SoftwareTpm.start(Files.createDirectory(folder.resolve(member)));
      tpms.add(tpm);
      assertEquals(tcti(member), tpm.tcti());
      tpm.certify(Files.createDirectory(folder.resolve("factory-" + member)), VENDOR);
    }
  }

  private String tcti(String member) {
    return "swtpm:path=" + folder.resolve(member).resolve("s");
  }

  private Assurance tpm(AssuranceTier minimum, Optional<Path> roots) throws Exception {
    return tpmOf(minimum, Optional.of(pem("issuers", VENDOR.issuer())), roots);
  }

  private Assurance tpmOf(AssuranceTier minimum, Optional<Path> issuers, Optional<Path> roots) {
    return new Assurance(
        minimum, AttesterSettings.Kind.TPM, tcti("{member}"), issuers, roots, Optional.empty());
  }

  private Path pem(String name, X509Certificate certificate) throws Exception {
    return Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  private void prepare(Assurance assurance) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    new Preparation(
            Project.locate(),
            installation,
            new Narrator(out),
            Map.of(),
            Map.of(),
            assurance,
            org.caduceus.ledger.membership.EpochConfig.Mode.TEE_1P)
        .makeMembers(1_000);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String enclave(MemberHome home) {
    return Long.toString(home.enclaveProcess().orElseThrow().pid());
  }

  /** Real, effective, saved and file system user of a process. */
  private static List<String> uids(String pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> List.of(line.substring(4).strip().split("\\s+")))
        .findFirst()
        .orElseThrow();
  }
}
