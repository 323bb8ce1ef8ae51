package org.caduceus.console.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing down: after ten failures of one name from one address within ten minutes, further
 * attempts are refused unseen until the ten minutes are over. Keyed by both, so that nobody can
 * lock somebody else out from another address.
 */
@ApplicationScoped
public class SignInThrottle {
  static final int ATTEMPTS = 10;
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** More than a real institution has people at once; bounds the memory an attacker can take. */
  private static final int MAX_REMEMBERED = 10_000;

  private record Key(String name, String remote) {}

  private record Failures(int count, long firstAtMs) {}

  private final Clock clock;
  private final Map<Key, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** With the system's clock. */
  public SignInThrottle() {
    this(Clock.systemUTC());
  }

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Whether an attempt of this name from this address may be looked at. */
  public synchronized boolean mayTry(String name, String remote) {
    return current(new Key(name, remote)).count() < ATTEMPTS;
  }

  /** Remembers what became of an attempt. */
  public synchronized void record(String name, String remote, boolean succeeded) {
    Key key = new Key(name, remote);
    if (succeeded) {
      failures.remove(key);
      return;
    }
    Failures before = current(key);
    failures.put(key, new Failures(before.count() + 1, before.firstAtMs()));
  }

  private Failures current(Key key) {
    long now = clock.millis();
    Failures found = failures.get(key);
    boolean live = found != null && now - found.firstAtMs() < WINDOW.toMillis();
    return live ? found : new Failures(0, now);
  }
}
