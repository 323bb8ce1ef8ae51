package org.caduceus.ledger.ejb.consensus;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.caduceus.enclave.attestation.ActivatedKeys;
import org.caduceus.enclave.attestation.CredentialDialogue;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * What every member's enclave is worth, as this node could verify it, its own included. Returns
 * what is to be sent; sends nothing itself. Thread-safe, but that each member's messages come one
 * after another.
 *
 * <pre>
 *   asker                                            who shows evidence
 *     | <----------------- Attestation ------------------ |   every ten seconds
 *     | judged: its keys are not shown to live together   |
 *     | ------------- CredentialChallenge --------------> |   at most one a minute
 *     |                                          TPM opens it, at most one in ANSWER_PAUSE
 *     | <------------- CredentialAnswer ----------------- |
 *     | <----------------- Attestation ------------------ |   the next one counts
 * </pre>
 */
final class AttestationExchange {
  /** How long evidence counts after it came. */
  static final Duration VALID = Duration.ofMinutes(1);

  /** Least time between two answers to one asker, since each keeps the TPM busy. */
  static final Duration ANSWER_PAUSE = Duration.ofSeconds(30);

  /** A message and to whom it goes; that may be this member. */
  record Outgoing(int member, PeerMessage message) {}

  /**
   * The last evidence of a member.
   *
   * @param tier what it is worth, empty if it was refused
   * @param refusal why, or empty
   */
  record Seen(Optional<AssuranceTier> tier, String refusal, long atMs) {
    /** Of a member that has shown nothing. */
    static final Seen NOTHING = new Seen(Optional.empty(), "", 0);
  }

  /**
   * A member's challenge.
   *
   * @param open what waits for an answer, if anything
   * @param answeredMs when the last one was answered
   */
  private record Asked(Optional<Bytes> open, long answeredMs) {}

  private final EpochConfig config;
  private final Supplier<EpochConfig> running;
  private final InstantSource clock;
  private final List<CredentialDialogue> dialogues = new ArrayList<>();
  private final List<EvidencePolicy> policies = new ArrayList<>();
  private final AtomicReferenceArray<Seen> seen;
  private final AtomicReferenceArray<Asked> asked;

  /**
   * Nobody has shown anything yet.
   *
   * @param config of the first epoch; members have its indexes here
   * @param running the running epoch's, by which evidence is judged
   * @param platforms the verifier that believes these activated keys
   */
  AttestationExchange(
      EpochConfig config,
      Supplier<EpochConfig> running,
      Function<ActivatedKeys, PlatformVerifier> platforms,
      SignatureVerifier signatures,
      InstantSource clock) {
    this.config = config;
    this.running = running;
    this.clock = clock;
    this.seen = new AtomicReferenceArray<>(config.n());
    this.asked = new AtomicReferenceArray<>(config.n());
    for (int member = 0; member < config.n(); member++) {
      CredentialDialogue dialogue = new CredentialDialogue(clock);
      dialogues.add(dialogue);
      policies.add(new EvidencePolicy(platforms.apply(dialogue), signatures));
      seen.set(member, Seen.NOTHING);
      asked.set(member, new Asked(Optional.empty(), Long.MIN_VALUE));
    }
  }

  /**
   * Judges evidence from an authenticated link.
   *
   * @param ageOf blocks since the one of this hash, empty if it is not known here
   * @return what to ask its sender
   */
  Optional<Outgoing> shown(int member, Bytes bytes, Function<Hash, OptionalLong> ageOf) {
    Evidence evidence;
    try {
      evidence = Evidence.decode(bytes);
    } catch (IllegalArgumentException e) {
      note(member, Optional.empty(), e.getMessage());
      return Optional.empty();
    }
    OptionalLong age = ageOf.apply(evidence.nonce());
    if (age.isEmpty()) {
      return Optional.empty();
    }
    EpochConfig now = running.get();
    OptionalInt seat = now.indexOf(config.members().get(member).id());
    if (seat.isEmpty()) {
      return Optional.empty();
    }
    EvidencePolicy.Verdict verdict =
        policies.get(member).ofSeat(evidence, now, seat.getAsInt(), age.getAsLong());
    Optional<Bytes> challenge = dialogues.get(member).challenge();
    switch (verdict) {
      case EvidencePolicy.Accepted accepted -> note(member, Optional.of(accepted.tier()), "");
      case EvidencePolicy.Refused refused -> {
        // Whoever is just being asked may be worth more in a moment: no operator need hear of it.
        if (challenge.isEmpty()) {
          note(member, Optional.empty(), refused.reason());
        }
      }
    }
    return challenge.map(each -> new Outgoing(member, new PeerMessage.CredentialChallenge(each)));
  }

  /** Keeps a member's challenge for {@link #answers}; a newer one takes the place of an older. */
  void challenged(int member, Bytes challenge) {
    asked.updateAndGet(member, before -> new Asked(Optional.of(challenge), before.answeredMs()));
  }

  /**
   * Answers what waits and is due, one a member; what cannot be answered is dropped.
   *
   * @param activate the TPM, which takes its time
   */
  List<Outgoing> answers(Function<Bytes, Optional<Bytes>> activate) {
    List<Outgoing> answers = new ArrayList<>();
    for (int member = 0; member < config.n(); member++) {
      int to = member;
      take(member)
          .flatMap(activate)
          .map(secret -> new Outgoing(to, new PeerMessage.CredentialAnswer(secret)))
          .ifPresent(answers::add);
    }
    return answers;
  }

  private Optional<Bytes> take(int member) {
    Asked waiting = asked.get(member);
    long now = clock.millis();
    if (waiting.open().isEmpty() || now < waiting.answeredMs() + ANSWER_PAUSE.toMillis()) {
      return Optional.empty();
    }
    asked.set(member, new Asked(Optional.empty(), now));
    return waiting.open();
  }

  /** A member's answer to this node's challenge. */
  void answered(int member, Bytes secret) {
    if (dialogues.get(member).answered(secret)) {
      LedgerLog.PEER_KEYS_SHOWN.log(config.members().get(member).id());
    }
  }

  /** What this node believes of that member's platform. */
  EvidencePolicy policy(int member) {
    return policies.get(member);
  }

  /** What a member has shown within the last minute. */
  Seen of(int member) {
    Seen last = seen.get(member);
    return clock.millis() - last.atMs() > VALID.toMillis() ? Seen.NOTHING : last;
  }

  private void note(int member, Optional<AssuranceTier> tier, String refusal) {
    Seen before = seen.getAndSet(member, new Seen(tier, refusal, clock.millis()));
    if (tier.isEmpty() && !before.refusal().equals(refusal)) {
      LedgerLog.PEER_EVIDENCE_REFUSED.log(config.members().get(member).id(), refusal);
    }
  }
}
