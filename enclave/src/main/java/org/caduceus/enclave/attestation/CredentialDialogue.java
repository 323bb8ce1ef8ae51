package org.caduceus.enclave.attestation;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.caduceus.ledger.Bytes;

/**
 * The asker's side of {@link CredentialChallenge} with one peer, who shows evidence again and
 * again. A verifier that meets keys not shown to live together asks {@link #confirm}; whoever runs
 * the link then sends {@link #challenge} and brings back the answer, and the next evidence counts.
 * Thread-safe.
 *
 * <pre>
 *   IDLE --confirm: other keys--> WANTED --challenge--> ASKED --right answer--> SHOWN
 *                                   ^                     |                       |
 *                                   +--- other keys ------+--- wrong, or late ----+--- other keys
 * </pre>
 *
 * One challenge is out at a time, and none is made within {@link #PERIOD} of the last, after which
 * an answer comes too late. What was shown holds as long as this object: neither key leaves its
 * TPM.
 */
public final class CredentialDialogue implements ActivatedKeys {
  /** Least time between two challenges, and most time for an answer. */
  public static final Duration PERIOD = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private Optional<Keys> shown = Optional.empty();
  private Optional<Keys> wanted = Optional.empty();
  private Optional<Asked> asked = Optional.empty();
  private long restsUntilMs;

  private record Keys(X509Certificate endorsement, Bytes name) {}

  private record Asked(Keys keys, CredentialChallenge challenge) {}

  /** A dialogue that has not begun. */
  public CredentialDialogue(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized boolean confirm(X509Certificate endorsement, Bytes name) {
    Keys keys = new Keys(endorsement, name);
    boolean confirmed = shown.filter(keys::equals).isPresent();
    wanted = confirmed ? Optional.empty() : Optional.of(keys);
    return confirmed;
  }

  /** What to send now, if anything: only after {@link #confirm} was asked in vain. */
  public synchronized Optional<Bytes> challenge() {
    if (wanted.isEmpty() || clock.millis() < restsUntilMs) {
      return Optional.empty();
    }
    Keys keys = wanted.get();
    wanted = Optional.empty();
    restsUntilMs = clock.millis() + PERIOD.toMillis();
    try {
      asked =
          Optional.of(
              new Asked(keys, CredentialChallenge.of(keys.endorsement(), keys.name(), random)));
    } catch (IllegalArgumentException e) {
      asked = Optional.empty(); // an endorsement key of another kind: nothing can be asked of it
    }
    return asked.map(each -> each.challenge().bytes());
  }

  /** Takes an answer; whether it is the right one, in time. A challenge has one answer. */
  public synchronized boolean answered(Bytes secret) {
    Optional<Asked> question = clock.millis() < restsUntilMs ? asked : Optional.empty();
    asked = Optional.empty();
    if (question.filter(each -> each.challenge().isAnsweredBy(secret)).isEmpty()) {
      return false;
    }
    shown = question.map(Asked::keys);
    return true;
  }
}
