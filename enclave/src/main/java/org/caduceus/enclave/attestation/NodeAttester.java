package org.caduceus.enclave.attestation;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.enclave.Evidence;

/**
 * A node's attester, which is never in its way: opened when it is first needed, and while the
 * platform gives nothing the evidence goes without its part. Thread-safe.
 *
 * <pre>
 *   CLOSED --needed--> open ok ----> OPEN --a call fails--> FAILED
 *      |                                                      |
 *      +--- open fails ---> FAILED --a launch, or PAUSE later--+--> CLOSED
 * </pre>
 */
public final class NodeAttester {
  /** Least time between two attempts to attest where the last one failed. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final Supplier<PlatformAttester> opening;
  private final Consumer<Optional<String>> listener;
  private final InstantSource clock;
  private Optional<PlatformAttester> attester = Optional.empty();
  private volatile Optional<String> failure = Optional.empty();
  private long restsUntilMs;

  /**
   * The attester of these settings.
   *
   * @param listener is told why the platform gives nothing, or, with nothing, that it does again;
   *     once a change, from the calling thread
   */
  public NodeAttester(AttesterSettings settings, Consumer<Optional<String>> listener) {
    this(settings::open, listener, InstantSource.system());
  }

  NodeAttester(
      Supplier<PlatformAttester> opening,
      Consumer<Optional<String>> listener,
      InstantSource clock) {
    this.opening = opening;
    this.listener = listener;
    this.clock = clock;
  }

  /** To be called before an enclave's executable is started, and only then. */
  public synchronized void measureLaunch(Path executable) {
    attempt(
        open -> {
          open.measureLaunch(executable);
          return executable;
        });
  }

  /** The evidence with the platform's part, or as it is if it has one or there is none to have. */
  public synchronized Evidence attach(Evidence evidence) {
    if (!evidence.platform().equals(Bytes.EMPTY) || clock.millis() < restsUntilMs) {
      return evidence;
    }
    return attempt(open -> open.attach(evidence)).orElse(evidence);
  }

  /** The answer to a peer's challenge, if the platform knows it. */
  public synchronized Optional<Bytes> activate(Bytes challenge) {
    if (attester.isEmpty()) {
      return Optional.empty(); // then no evidence of this platform was shown either
    }
    try {
      return attester.map(open -> open.activate(challenge));
    } catch (AttestationUnavailable e) {
      // Whoever sends nonsense must not be able to make the attester look broken.
      return Optional.empty();
    }
  }

  /** Why the platform gave nothing when it was last asked; waits for no platform. */
  public Optional<String> failure() {
    return failure;
  }

  private <T> Optional<T> attempt(Function<PlatformAttester, T> call) {
    try {
      PlatformAttester open = attester.orElseGet(opening);
      T result = call.apply(open);
      attester = Optional.of(open);
      restsUntilMs = 0;
      note(Optional.empty());
      return Optional.of(result);
    } catch (AttestationUnavailable | MalformedException e) {
      attester = Optional.empty();
      restsUntilMs = clock.millis() + PAUSE.toMillis();
      note(Optional.of(e.getMessage()));
      return Optional.empty();
    }
  }

  private void note(Optional<String> now) {
    if (!now.equals(failure)) {
      failure = now;
      listener.accept(now);
    }
  }
}
