package org.caduceus.ledger.ejb.account;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refuses further attempts on a name for a while after many failures. Names that do not exist count
 * too, so that the answer does not tell which do. Thread-safe.
 */
public final class SignInThrottle {
  /** Failures after which a name waits. */
  public static final int MAX_FAILURES = 10;

  /** How long, in ms. */
  public static final long WINDOW_MS = 60_000;

  private static final int MAX_NAMES = 10_000;

  private record Failures(int count, long firstMs) {}

  // Bounded: an attacker who invents names must not take the memory.
  private final Map<String, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_NAMES;
        }
      };

  /** Whether an attempt may be made now. */
  public synchronized boolean allows(String name, long nowMs) {
    Failures before = failures.get(name);
    return before == null || nowMs - before.firstMs() >= WINDOW_MS || before.count() < MAX_FAILURES;
  }

  /** Notes a failure; true when it is the one that closes the door. */
  public synchronized boolean failed(String name, long nowMs) {
    Failures before = failures.get(name);
    Failures after =
        before == null || nowMs - before.firstMs() >= WINDOW_MS
            ? new Failures(1, nowMs)
            : new Failures(before.count() + 1, before.firstMs());
    failures.put(name, after);
    return after.count() == MAX_FAILURES;
  }

  /** Forgets the failures of a name that signed in. */
  public synchronized void succeeded(String name) {
    failures.remove(name);
  }
}
