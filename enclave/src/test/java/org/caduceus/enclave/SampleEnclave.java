package org.caduceus.enclave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;

/** A real enclave process in a folder of the test, gone when it is closed. */
public final class SampleEnclave implements AutoCloseable {
  private final EnclaveSettings settings;
  private final EnclaveProcess process;

  private SampleEnclave(EnclaveSettings settings, Consumer<Path> beforeStart) {
    this.settings = settings;
    this.process = EnclaveProcess.open(settings, beforeStart);
  }

  /** Starts an instance with a new voting key. */
  public static SampleEnclave start(Path home, Hash chainId, String member) {
    return start(settings(home, chainId, member), executable -> {});
  }

  /** Starts an instance of that suite with a new voting key. */
  static SampleEnclave start(Path home, Hash chainId, String member, Suite suite) {
    return start(settings(home, chainId, member, suite), executable -> {});
  }

  /** Starts an instance, or finds it, with somebody who measures what is started. */
  public static SampleEnclave start(EnclaveSettings settings, Consumer<Path> beforeStart) {
    return new SampleEnclave(settings, beforeStart);
  }

  /** Where the build put executable and library. */
  public static EnclaveSettings settings(Path home, Hash chainId, String member) {
    return settings(home, chainId, member, Suite.ES256);
  }

  /** The same for an instance of that suite. */
  static EnclaveSettings settings(Path home, Hash chainId, String member, Suite suite) {
    return new EnclaveSettings(
        Path.of(System.getProperty("enclave.executable")),
        Path.of(System.getProperty("enclave.library")),
        home.resolve("enclave"),
        chainId,
        member,
        suite);
  }

  /** The running instance. */
  public EnclaveProcess process() {
    return process;
  }

  @Override
  public void close() throws IOException {
    process.close();
    kill(settings);
  }

  /** Ends the process as a power cut would. */
  public static void kill(EnclaveSettings settings) throws IOException {
    Path pidFile = settings.directory().resolve("tee.pid");
    if (Files.exists(pidFile)) {
      long pid = Long.parseLong(Files.readString(pidFile).trim());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      // ProcessHandle.onExit would poll with ever longer pauses, as the daemon is not our child.
      for (int i = 0;
          i < 500 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
          i++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    }
  }
}
