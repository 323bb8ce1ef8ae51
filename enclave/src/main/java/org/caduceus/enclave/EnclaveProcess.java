package org.caduceus.enclave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;

/**
 * One member's enclave process: found again if it runs, started if not, and replaced if it dies. It
 * outlives this Java process, because a voting key lives only as long as its instance.
 *
 * <pre>
 *   DISCONNECTED --call--> connect ok ------------------> CONNECTED
 *        |                    | nobody listens                | transport error
 *        |                    v                               v
 *        |              start the process, connect       DISCONNECTED
 *        +--- start failed: EnclaveUnavailable, at most one start every {@link #RESTART_PAUSE}
 * </pre>
 *
 * Thread-safe; the enclave answers one request at a time.
 */
public final class EnclaveProcess implements AutoCloseable {
  /**
   * Least time between two starts, so that a process that cannot start does not take the machine
   * down.
   */
  public static final Duration RESTART_PAUSE = Duration.ofSeconds(2);

  private static final int NO_HANDLE = -1;
  private static final byte[] NOTHING = new byte[0];
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);
  private static final int CONNECT_TIMEOUT_MS = 2_000;

  private final EnclaveSettings settings;
  private final Consumer<Path> beforeStart;
  private final ReentrantLock lock = new ReentrantLock();
  private final CallMemory memory = new CallMemory();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private int handle = NO_HANDLE;
  private long generation;
  private long nextStartNanos = System.nanoTime();
  private boolean closed;

  private EnclaveProcess(EnclaveSettings settings, Consumer<Path> beforeStart) {
    this.settings = settings;
    this.beforeStart = beforeStart;
  }

  /**
   * Finds the member's running enclave or starts it.
   *
   * @throws EnclaveUnavailable if it neither runs nor starts
   */
  public static EnclaveProcess open(EnclaveSettings settings) {
    return open(settings, executable -> {});
  }

  /**
   * The same for whoever measures what is started.
   *
   * @param beforeStart is given the executable before each start of a process, and not when one is
   *     found running
   */
  public static EnclaveProcess open(EnclaveSettings settings, Consumer<Path> beforeStart) {
    EnclaveProcess process = lazy(settings, beforeStart);
    process.ensureConnected();
    return process;
  }

  /** Same without connecting: the first call does. */
  public static EnclaveProcess lazy(EnclaveSettings settings, Consumer<Path> beforeStart) {
    TeeClientLibrary.load(settings.library());
    return new EnclaveProcess(settings, beforeStart);
  }

  /**
   * Calls {@code listener} after every new connection (so: after each change of instance), from the
   * calling thread and outside of the lock.
   */
  public void onConnected(Runnable listener) {
    listeners.add(listener);
  }

  /** What the instance signs and seals with. */
  public Suite suite() {
    return settings.suite();
  }

  /** Counts connections; changes whenever the instance may have changed. */
  public long generation() {
    lock.lock();
    try {
      return generation;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Connects if there is no connection, starting the process if nobody listens.
   *
   * @throws EnclaveUnavailable if that fails
   */
  public void ensureConnected() {
    boolean connected;
    lock.lock();
    try {
      connected = connect();
    } finally {
      lock.unlock();
    }
    if (connected) {
      listeners.forEach(Runnable::run);
    }
  }

  /**
   * One request that may be repeated after a broken connection because asking twice does no harm.
   *
   * @param answerCapacity longest answer in bytes
   * @throws EnclaveRefusal if the enclave refuses
   * @throws EnclaveUnavailable if there is no answer
   */
  byte[] call(Operation operation, byte[] request, int answerCapacity) {
    return call(operation, request, NOTHING, answerCapacity);
  }

  /** The same of a request in two parts, so that a large one need not be put together first. */
  byte[] call(Operation operation, byte[] head, byte[] body, int answerCapacity) {
    try {
      return callOnce(operation, head, body, answerCapacity);
    } catch (EnclaveUnavailable first) {
      return callOnce(operation, head, body, answerCapacity);
    }
  }

  /** One request, never repeated by itself. */
  byte[] callOnce(Operation operation, byte[] request, int answerCapacity) {
    return callOnce(operation, request, NOTHING, answerCapacity);
  }

  private byte[] callOnce(Operation operation, byte[] head, byte[] body, int answerCapacity) {
    ensureConnected();
    int status;
    lock.lock();
    try {
      if (handle == NO_HANDLE) {
        throw new EnclaveUnavailable("Expected a connection to the enclave, but it was lost");
      }
      memory.put(head, body, answerCapacity);
      try {
        status = send(operation, answerCapacity);
        if (status == EnclaveStatus.OK.code()) {
          return memory.take();
        }
      } finally {
        memory.clear();
      }
      if (status < 0) {
        disconnect();
      }
    } finally {
      lock.unlock();
    }
    if (status < 0) {
      throw new EnclaveUnavailable(
          "Expected an answer to "
              + operation
              + " from the enclave, but the transport failed ("
              + status
              + ")");
    }
    throw new EnclaveRefusal(
        status, "The enclave refused " + operation + ": " + EnclaveStatus.of(status));
  }

  private int send(Operation operation, int answerCapacity) {
    return TeeClientLibrary.tee_call(
        handle,
        operation.code(),
        memory.request(),
        memory.requestLength(),
        memory.answer(),
        answerCapacity,
        memory.answerLength(),
        Math.toIntExact(settings.timeout().toMillis()));
  }

  /** Gives the connection back; the process goes on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      disconnect();
      memory.close();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the process, and with it whatever keys its instance had in memory; the next call starts
   * another one. For an instance that serves no more, such as one whose seat is gone.
   *
   * @throws EnclaveUnavailable if the process cannot be found or does not end
   */
  public void endInstance() {
    lock.lock();
    try {
      ProcessHandle instance = ProcessHandle.of(pid()).orElseThrow(EnclaveProcess::notFound);
      disconnect();
      instance.destroy();
      instance.onExit().get(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnclaveUnavailable("Expected the enclave to end, but was interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw new EnclaveUnavailable("Expected the enclave to end, but it did not");
    } finally {
      lock.unlock();
    }
  }

  private long pid() {
    try {
      return Long.parseLong(Files.readString(settings.directory().resolve("tee.pid")).strip());
    } catch (IOException | NumberFormatException e) {
      throw notFound();
    }
  }

  private static EnclaveUnavailable notFound() {
    return new EnclaveUnavailable("Expected the enclave's process, but it cannot be found");
  }

  private boolean connect() {
    if (closed) {
      throw new EnclaveUnavailable("Expected an open enclave client, but it was closed");
    }
    if (handle != NO_HANDLE) {
      return false;
    }
    int result = TeeClientLibrary.tee_connect(settings.socket().toString(), CONNECT_TIMEOUT_MS);
    if (result < 0) {
      start();
      result = TeeClientLibrary.tee_connect(settings.socket().toString(), CONNECT_TIMEOUT_MS);
    }
    if (result < 0) {
      throw new EnclaveUnavailable(
          "Expected the enclave to accept a connection, but it did not (" + result + ")");
    }
    handle = result;
    generation++;
    return true;
  }

  private void disconnect() {
    if (handle != NO_HANDLE) {
      TeeClientLibrary.tee_close(handle);
      handle = NO_HANDLE;
    }
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                settings.executable().toString(),
                "--dir",
                settings.directory().toString(),
                "--chain",
                settings.chainId().toHex(),
                "--member",
                settings.member(),
                "--suite",
                settings.suite().label(),
                "--daemon"));
    settings.user().ifPresent(user -> command.addAll(List.of("--user", user)));
    return command;
  }

  private void start() {
    if (System.nanoTime() - nextStartNanos < 0) {
      throw new EnclaveUnavailable(
          "Expected the enclave to run, but it does not and was started a moment ago");
    }
    nextStartNanos = System.nanoTime() + RESTART_PAUSE.toNanos();
    try {
      Path directory = settings.directory();
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      beforeStart.accept(settings.executable());
      Process process =
          new ProcessBuilder(command())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.appendTo(settings.startLog().toFile()))
              .start();
      if (!process.waitFor(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new EnclaveUnavailable(
            "Expected the enclave to be ready within " + START_TIMEOUT + ", but it was not");
      }
      if (process.exitValue() != 0) {
        throw new EnclaveUnavailable(
            "Expected the enclave to start, but it ended with code "
                + process.exitValue()
                + "; see "
                + settings.startLog());
      }
    } catch (IOException e) {
      throw new EnclaveUnavailable(
          "Expected to start " + settings.executable() + ", but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnclaveUnavailable(
          "Expected to start the enclave, but the start was interrupted", e);
    }
  }
}
