package org.caduceus.ledger.ejb.consensus;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
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

  /**
   * Least time between two refusals of one member that operators hear of: it may show something
   * else with every message.
   */
  static final Duration SAID_PAUSE = Duration.ofMinutes(1);

  /** A message and to whom it goes; that may be this member. */
  record Outgoing(String member, PeerMessage message) {}

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

  /** What there is of one peer. */
  private static final class Peer {
    final CredentialDialogue dialogue;
    final EvidencePolicy policy;
    final AtomicReference<Seen> seen = new AtomicReference<>(Seen.NOTHING);
    final AtomicReference<Asked> asked =
        new AtomicReference<>(new Asked(Optional.empty(), Long.MIN_VALUE));
    private String said = "";
    private long saidMs = -SAID_PAUSE.toMillis();

    Peer(CredentialDialogue dialogue, EvidencePolicy policy) {
      this.dialogue = dialogue;
      this.policy = policy;
    }

    /** Whether operators are to hear of this refusal; they do once, until it is another. */
    synchronized boolean isToBeSaid(String refusal, long nowMs) {
      if (refusal.equals(said) || nowMs < saidMs + SAID_PAUSE.toMillis()) {
        return false;
      }
      said = refusal;
      saidMs = nowMs;
      return true;
    }

    /** The next refusal is another one, whatever it says. */
    synchronized void accepted() {
      said = "";
    }
  }

  private final Supplier<EpochConfig> running;
  private final Function<ActivatedKeys, PlatformVerifier> platforms;
  private final SignatureVerifier signatures;
  private final InstantSource clock;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  /**
   * Nobody has shown anything yet.
   *
   * @param running the running epoch's configuration, by which evidence is judged
   * @param platforms the verifier that believes these activated keys
   */
  AttestationExchange(
      Supplier<EpochConfig> running,
      Function<ActivatedKeys, PlatformVerifier> platforms,
      SignatureVerifier signatures,
      InstantSource clock) {
    this.running = running;
    this.platforms = platforms;
    this.signatures = signatures;
    this.clock = clock;
  }

  private Peer peer(String member) {
    return peers.computeIfAbsent(member, each -> stranger());
  }

  private Peer stranger() {
    CredentialDialogue dialogue = new CredentialDialogue(clock);
    return new Peer(dialogue, new EvidencePolicy(platforms.apply(dialogue), signatures));
  }

  /** Forgets everybody else. */
  void keepOnly(Predicate<String> members) {
    peers.keySet().removeIf(members.negate());
  }

  /**
   * Judges evidence from an authenticated link; of whom has no seat, as of a candidate for one.
   *
   * @param ageOf blocks since the one of this hash, empty if it is not known here
   * @return what to ask its sender
   */
  Optional<Outgoing> shown(String member, Bytes bytes, Function<Hash, OptionalLong> ageOf) {
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
    Peer peer = peer(member);
    EvidencePolicy.Verdict verdict =
        judged(peer.policy, member, evidence, running.get(), age.getAsLong());
    Optional<Bytes> challenge = peer.dialogue.challenge();
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

  private static EvidencePolicy.Verdict judged(
      EvidencePolicy policy, String member, Evidence evidence, EpochConfig config, long age) {
    OptionalInt seat = config.indexOf(member);
    if (seat.isPresent()) {
      return policy.ofSeat(evidence, config, seat.getAsInt(), age);
    }
    Optional<String> tooOld = EvidencePolicy.ageViolation(config, age);
    return tooOld.isPresent()
        ? new EvidencePolicy.Refused(tooOld.get())
        : policy.ofCandidate(
            evidence, config.chainId(), member, evidence.nonce(), EvidencePolicy.Terms.of(config));
  }

  /** Keeps a member's challenge for {@link #answers}; a newer one takes the place of an older. */
  void challenged(String member, Bytes challenge) {
    peer(member)
        .asked
        .updateAndGet(before -> new Asked(Optional.of(challenge), before.answeredMs()));
  }

  /**
   * Answers what waits and is due, one a member; what cannot be answered is dropped.
   *
   * @param activate the TPM, which takes its time
   */
  List<Outgoing> answers(Function<Bytes, Optional<Bytes>> activate) {
    List<Outgoing> answers = new ArrayList<>();
    peers.forEach(
        (member, peer) ->
            take(peer)
                .flatMap(activate)
                .map(secret -> new Outgoing(member, new PeerMessage.CredentialAnswer(secret)))
                .ifPresent(answers::add));
    return answers;
  }

  private Optional<Bytes> take(Peer peer) {
    Asked waiting = peer.asked.get();
    long now = clock.millis();
    if (waiting.open().isEmpty() || now < waiting.answeredMs() + ANSWER_PAUSE.toMillis()) {
      return Optional.empty();
    }
    peer.asked.set(new Asked(Optional.empty(), now));
    return waiting.open();
  }

  /** A member's answer to this node's challenge. */
  void answered(String member, Bytes secret) {
    if (peer(member).dialogue.answered(secret)) {
      LedgerLog.PEER_KEYS_SHOWN.log(member);
    }
  }

  /** What this node believes of that institution's platform, which it may never have heard. */
  EvidencePolicy policy(String member) {
    Peer known = peers.get(member);
    return known == null ? stranger().policy : known.policy;
  }

  /** What a member has shown within the last minute. */
  Seen of(String member) {
    Peer known = peers.get(member);
    Seen last = known == null ? Seen.NOTHING : known.seen.get();
    return clock.millis() - last.atMs() > VALID.toMillis() ? Seen.NOTHING : last;
  }

  private void note(String member, Optional<AssuranceTier> tier, String refusal) {
    Peer peer = peer(member);
    long now = clock.millis();
    peer.seen.set(new Seen(tier, refusal, now));
    if (tier.isPresent()) {
      peer.accepted();
    } else if (peer.isToBeSaid(refusal, now)) {
      LedgerLog.PEER_EVIDENCE_REFUSED.log(member, refusal);
    }
  }
}
