package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.enclave.SampleEnclave;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.enclave.SampleEvidence;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attester that fails is told of once, tried again later, and keeps nothing from starting. */
@Tag("6.1a")
final class NodeAttesterTest {
  @TempDir Path home;
  private final List<Optional<String>> told = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void withoutAPlatformEvidenceGoesAsItIs() {
    Evidence evidence = SampleEvidence.candidate().make();
    NodeAttester attester = new NodeAttester(AttesterSettings.none(), told::add);
    attester.measureLaunch(executable());
    assertEquals(evidence, attester.attach(evidence));
    assertEquals(Optional.empty(), attester.activate(Bytes.of(new byte[4])));
    assertEquals(List.of(), told);
  }

  @Test
  void evidenceThatHasAPlatformPartKeepsIt() {
    Evidence evidence = SampleEvidence.candidate().platform(Bytes.fromHex("5158")).make();
    NodeAttester attester =
        new NodeAttester(() -> other -> Bytes.fromHex("00"), told::add, () -> now);
    assertSame(evidence, attester.attach(evidence));
  }

  @Test
  void aTpmThatIsNotThereIsToldOfOnceAndTriedAgainAfterAWhile() throws Exception {
    SoftwareTpm.assumeInstalled();
    Path folder = home.resolve("tpm");
    AttesterSettings settings = settings("swtpm:path=" + folder.resolve("s"));
    NodeAttester attester = new NodeAttester(settings::open, told::add, () -> now);
    attester.measureLaunch(executable());
    Evidence evidence = SampleEvidence.candidate().make();
    assertEquals(evidence, attester.attach(evidence));
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).orElseThrow().contains("tpm2_createek"), told::toString);
    assertEquals(told.get(0), attester.failure());

    try (SoftwareTpm tpm = SoftwareTpm.start(Files.createDirectory(folder))) {
      assertEquals(settings.tcti(), tpm.tcti());
      now = now.plus(NodeAttester.PAUSE).minusMillis(1);
      assertEquals(evidence, attester.attach(evidence), "tried again too early");
      now = now.plusMillis(1);
      // It answers now, but the launch was not measured: nothing can be shown of this instance.
      assertEquals(evidence, attester.attach(evidence));
      assertTrue(told.get(1).orElseThrow().contains("measured launch"), told::toString);
      // A new instance can be, at once.
      attester.measureLaunch(executable());
      assertEquals(List.of(Optional.empty()), told.subList(2, told.size()));
    }
  }

  /** What is found running was measured when it was started, and is not measured again. */
  @Test
  void aLaunchIsMeasuredBeforeEachStartAndNotWhenAnInstanceIsFound() throws Exception {
    SoftwareTpm.assumeInstalled();
    EnclaveSettings settings = SampleEnclave.settings(home, SampleEntries.CHAIN, "member-a");
    List<Path> started = new ArrayList<>();
    try (SoftwareTpm tpm = SoftwareTpm.start(Files.createDirectory(home.resolve("tpm")));
        SampleEnclave running = SampleEnclave.start(settings, started::add)) {
      assertEquals(List.of(settings.executable()), started);
      NodeAttester attester = new NodeAttester(settings(tpm.tcti()), told::add);
      running.process().close();
      EnclaveProcess found =
          EnclaveProcess.open(
              settings,
              executable -> {
                started.add(executable);
                attester.measureLaunch(executable);
              });
      assertEquals(1, started.size(), "an instance that runs was measured");
      assertEquals(Bytes.EMPTY, attached(attester, found).platform());

      SampleEnclave.kill(settings);
      Evidence shown = attached(attester, found);
      found.close();
      assertEquals(2, started.size(), "an instance was started and not measured");
      assertEquals(
          new PlatformVerifier.Vouched(AssuranceTier.SIMULATED, List.of()),
          new TpmQuoteVerifier(TrustedRoots.none(), ActivatedKeys.NONE).verify(shown));
    }
  }

  private Evidence attached(NodeAttester attester, EnclaveProcess process) {
    Evidence evidence =
        Evidence.decode(new EnclaveClient(process).evidence(SampleEntries.hashOf("a block")));
    return attester.attach(evidence);
  }

  private AttesterSettings settings(String tcti) {
    return new AttesterSettings(
        AttesterSettings.Kind.TPM, home.resolve("attester"), tcti, Optional.empty(), "");
  }

  private static Path executable() {
    return Path.of(System.getProperty("enclave.executable"));
  }
}
