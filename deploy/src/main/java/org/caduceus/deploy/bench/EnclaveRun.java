package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.caduceus.deploy.EnclaveFolder;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.RecordedProcess;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.enclave.EnclaveVerifier;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.Suite;

/**
 * The enclave's operations: inside the trusted core, in processor time, and from Java through the
 * socket of a running instance, as time passes. No server takes part.
 */
final class EnclaveRun {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final int BATCH = 64;
  // Bytes of the formats page: a frame's head, INFO's answer, what sealing adds.
  private static final int HEAD = 6;
  private static final int INFO = 291;
  private static final int SEALED = 98;
  private static final String MEMBER = "hospital-a";
  private static final Bytes CONTEXT = Bytes.of("context".getBytes(StandardCharsets.UTF_8));
  private static final Hash CHAIN = Hash.sha256(CONTEXT.unsafeArray());

  private final Project project;
  private final Bench.Plan plan;
  private final Narrator narrator;

  EnclaveRun(Project project, Bench.Plan plan, Narrator narrator) {
    this.project = project;
    this.plan = plan;
    this.narrator = narrator;
  }

  /**
   * What is measured from Java.
   *
   * @param items in one call
   * @param bytes of payload in one call, 0 if its length does not matter
   */
  private record Operation(String name, Runnable call, int items, int bytes) {}

  ObjectNode measure() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", "enclave");
    result.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    result.set("machine", Machine.describe(project));
    result.put("load", "one caller");
    result.put("warmUpSeconds", plan.seconds());
    result.put("seconds", plan.seconds());
    result.put("repeat", plan.repeat());
    ArrayNode rows = result.putArray("rows");
    core(rows);
    Path folder = folder();
    try {
      bareSocket(folder, rows);
      throughTheSocket(folder, rows);
    } finally {
      EnclaveFolder.process(folder).ifPresent(RecordedProcess::kill);
      PrivateFiles.deleteTree(folder);
    }
    return result;
  }

  /** A folder that is deleted after the benchmark. */
  static Path folder() {
    try {
      return Files.createTempDirectory("caduceus-bench");
    } catch (IOException e) {
      throw new ToolFailure("Expected to make a folder, but that failed", e);
    }
  }

  // ---- inside ----------------------------------------------------------------------------------

  private void core(ArrayNode rows) {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    Map<String, Integer> bytes = new TreeMap<>();
    for (int run = 0; run < plan.repeat(); run++) {
      narrator.step("trusted core, run " + (run + 1) + " of " + plan.repeat());
      for (String line : speed().lines().toList()) {
        String[] cells = line.split("\t", -1);
        times.computeIfAbsent(cells[0], name -> new ArrayList<>()).add(Double.valueOf(cells[1]));
        bytes.put(cells[0], Integer.valueOf(cells[2]));
      }
    }
    times.forEach(
        (name, each) -> {
          Collections.sort(each);
          add(rows, "core", name, each.get(each.size() / 2), bytes.get(name));
        });
  }

  private String speed() {
    try {
      Process process =
          new ProcessBuilder(project.enclaveSpeed().toString(), "--tsv")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new ToolFailure("Expected tee-speed to measure, but it failed");
      }
      return text;
    } catch (IOException e) {
      throw new ToolFailure("Expected to run tee-speed, but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  // ---- nothing ---------------------------------------------------------------------------------

  /** As many bytes as INFO and as SEAL of 1 MiB, in each direction, to nobody. */
  private void bareSocket(Path folder, ArrayNode rows) {
    int sealRequest = HEAD + 4 + CONTEXT.length() + 4 + MIB;
    try (BareSocket info = new BareSocket(project, folder.resolve("info.sock"), HEAD, HEAD + INFO);
        BareSocket seal =
            new BareSocket(
                project, folder.resolve("seal.sock"), sealRequest, HEAD + MIB + SEALED)) {
      measure(new Operation("bytes of INFO", info::roundTrip, 1, 0), "bare socket", rows);
      measure(new Operation("bytes of SEAL 1 MiB", seal::roundTrip, 1, MIB), "bare socket", rows);
    }
  }

  // ---- from Java -------------------------------------------------------------------------------

  private void throughTheSocket(Path folder, ArrayNode rows) {
    EnclaveSettings settings =
        new EnclaveSettings(
            project.enclaveExecutable(),
            project.enclaveLibrary(),
            folder,
            CHAIN,
            MEMBER,
            Suite.ES256);
    try (EnclaveProcess process = EnclaveProcess.open(settings)) {
      for (Operation operation : operations(process)) {
        measure(operation, "Java", rows);
      }
    }
  }

  private void measure(Operation operation, String where, ArrayNode rows) {
    narrator.step(operation.name() + ", " + where);
    passes(operation, plan.seconds());
    List<Double> medians = new ArrayList<>();
    for (int run = 0; run < plan.repeat(); run++) {
      medians.add(passes(operation, plan.seconds()).quantileMs(0.5) * 1000);
    }
    Collections.sort(medians);
    add(
        rows,
        where,
        operation.name(),
        medians.get(medians.size() / 2) / operation.items(),
        operation.bytes());
  }

  private static List<Operation> operations(EnclaveProcess process) {
    EnclaveClient client = new EnclaveClient(process);
    Bytes entry = SampleEntry.of(CHAIN, MEMBER, 1);
    List<Operation> operations = new ArrayList<>();
    operations.add(new Operation("INFO", client::info, 1, 0));
    operations.add(new Operation("SIGN_ENTRY", () -> client.sign(entry), 1, 0));
    for (int size : new int[] {KIB, MIB}) {
      String name = size == KIB ? "1 KiB" : "1 MiB";
      Bytes text = Bytes.wrap(new byte[size]);
      Bytes sealed = client.seal(CONTEXT, text);
      operations.add(new Operation("SEAL " + name, () -> client.seal(CONTEXT, text), 1, size));
      operations.add(new Operation("OPEN " + name, () -> client.open(CONTEXT, sealed), 1, size));
    }
    operations.add(
        verifying("entry signature by VERIFY_BATCH", new EnclaveVerifier(process), client, entry));
    operations.add(
        verifying("entry signature by Bouncy Castle", SignatureVerifier.es256(), client, entry));
    return operations;
  }

  private static Operation verifying(
      String name, SignatureVerifier verifier, EnclaveClient client, Bytes entry) {
    Bytes key = client.info().signingKey();
    List<SignatureVerifier.Claim> claims = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      SignedEntry signed = client.sign(entry);
      claims.add(new SignatureVerifier.Claim(key, signed.signedBytes(), signed.signature()));
    }
    return new Operation(
        name,
        () -> {
          for (boolean valid : verifier.verifyEach(claims)) {
            if (!valid) {
              throw new ToolFailure("Expected valid signatures, but one is not");
            }
          }
        },
        BATCH,
        0);
  }

  private static Latencies passes(Operation operation, double seconds) {
    Latencies latencies = new Latencies();
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    long before = System.nanoTime();
    while (before < end) {
      operation.call().run();
      long after = System.nanoTime();
      latencies.add(after - before);
      before = after;
    }
    return latencies;
  }

  private static void add(ArrayNode rows, String where, String name, double micros, int bytes) {
    ObjectNode row = rows.addObject();
    row.put("where", where);
    row.put("operation", name);
    row.put("micros", IngestRun.rounded(micros));
    row.put("perSecond", Math.round(1e6 / micros));
    if (bytes > 0) {
      row.put("megabytesPerSecond", Math.round(bytes / micros));
    }
  }
}
