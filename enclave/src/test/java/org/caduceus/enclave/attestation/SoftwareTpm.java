package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;

/** A TPM 2.0 in software, in a folder of the test, gone when it is closed. */
public final class SoftwareTpm implements AutoCloseable {
  private final Path folder;
  private final Process process;

  private SoftwareTpm(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Skips the test, and says why, where the packages are missing. */
  public static void assumeInstalled() {
    List<String> missing =
        Stream.of("swtpm", "tpm2_createek", "tpm2_quote")
            .filter(program -> !isInstalled(program))
            .toList();
    assumeTrue(
        missing.isEmpty(),
        () -> "NOT RUN: no " + missing + "; apt-get install swtpm swtpm-tools tpm2-tools");
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts one with keys of its own. */
  public static SoftwareTpm start(Path folder) throws IOException {
    Path state = Files.createDirectories(folder.toAbsolutePath().resolve("state"));
    // The tools look for the control channel beside the socket, under this name.
    Path socket = folder.toAbsolutePath().resolve("s");
    Process process =
        new ProcessBuilder(
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + state,
                "--server",
                "type=unixio,path=" + socket,
                "--ctrl",
                "type=unixio,path=" + socket + ".ctrl",
                "--flags",
                "startup-clear")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("swtpm.log").toFile())
            .start();
    for (int i = 0; i < 500 && !Files.exists(socket); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    if (!Files.exists(socket)) {
      process.destroyForcibly();
      fail(
          "Expected swtpm to listen, but it does not: "
              + Files.readString(folder.resolve("swtpm.log")));
    }
    return new SoftwareTpm(folder, process);
  }

  /** What the tools call it. */
  public String tcti() {
    return "swtpm:path=" + folder.toAbsolutePath().resolve("s");
  }

  /** The tools on this TPM, for what a vendor or an attacker does. */
  TpmTools tools(Path working) {
    return new TpmTools(working, tcti());
  }

  /**
   * What a vendor does in the factory: certifies the endorsement key and leaves the certificate.
   */
  public void certify(Path working, TestAuthority vendor) throws Exception {
    TpmTools tools = tools(working);
    tools.run("tpm2_createek", "-Q", "-c", "f.ctx", "-G", "rsa", "-u", "f.pem", "-f", "pem");
    tools.run("tpm2_flushcontext", "-t");
    String pem =
        new String(tools.read("f.pem").toArray(), java.nio.charset.StandardCharsets.US_ASCII);
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    byte[] certificate = vendor.leaf(key, "2.23.133.8.1", java.util.Map.of()).getEncoded();
    tools.write("f.der", Bytes.wrap(certificate));
    tools.run(
        "tpm2_nvdefine",
        "-Q",
        "-C",
        "p",
        "-s",
        Integer.toString(certificate.length),
        "-a",
        "platformcreate|ppwrite|ppread|authread|ownerread|no_da",
        "0x01c00002");
    tools.run("tpm2_nvwrite", "-Q", "-C", "p", "-i", "f.der", "0x01c00002");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
