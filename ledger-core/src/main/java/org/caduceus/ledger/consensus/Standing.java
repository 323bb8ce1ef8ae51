package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why consensus moves, rests or is stuck, as one member sees it: facts for people and programs. All
 * times are ms since 1970-01-01 UTC.
 *
 * @param mood in one word
 * @param view current view
 * @param leader member id of its leader
 * @param timerAtMs when this member leaves the view unless something becomes final; empty while it
 *     waits for nothing
 * @param timeoutMs how long it waits at present
 * @param height of the last final block
 * @param pool entries known here that wait for a block
 * @param lastFinalMs when the last block became final here, or when the node started
 * @param seats everybody, in the configuration's order
 * @param findings what there is to say, the most important first
 */
public record Standing(
    Mood mood,
    long view,
    String leader,
    OptionalLong timerAtMs,
    long timeoutMs,
    long height,
    int pool,
    long lastFinalMs,
    List<Seat> seats,
    List<Finding> findings) {
  /** Freezes the lists. */
  public Standing {
    seats = List.copyOf(seats);
    findings = List.copyOf(findings);
  }

  /** The same in one English sentence. */
  public String summary() {
    return Summary.of(this);
  }

  /** The same of a member whose node stopped it, and which learns nothing of the others since. */
  public Standing haltedFor(String reason) {
    return new Standing(
        Mood.HALTED,
        view,
        leader,
        OptionalLong.empty(),
        timeoutMs,
        height,
        pool,
        lastFinalMs,
        seats,
        List.of(new Finding(Cause.HALTED, List.of(), List.of(), reason)));
  }

  /** How it is in one word. */
  public enum Mood {
    /** Nothing waits, and a quorum is there. */
    RESTS,
    /** Something waits, and a quorum is there. */
    MOVES,
    /** Others are ahead, and this member follows. */
    CATCHES_UP,
    /** Nothing can become final until something in the findings changes. */
    STUCK,
    /** This member stopped for safety. */
    HALTED
  }

  /** How a member is. */
  public enum State {
    /** It is heard, and its voter votes. */
    VOTES,
    /** It is heard, and its voter has no seat or no answer. */
    FOLLOWS,
    /** It was heard, and is not any more. */
    SILENT,
    /** It was never heard since this node started. */
    NEVER_HEARD
  }

  /**
   * A member.
   *
   * @param member id
   * @param self whether it is this one
   * @param lastHeardMs when it was last heard, 0 if never
   * @param height last height that it announced
   * @param behind blocks between that and this member's, not below 0
   * @param complaint what it did wrong last: "Expected …, but …"
   */
  public record Seat(
      String member,
      boolean self,
      State state,
      long lastHeardMs,
      long height,
      long behind,
      Optional<String> complaint) {}

  /** What a finding says; {@link Finding} has the values in the order named here. */
  public enum Cause {
    /** The reason, in {@code text}. */
    HALTED,
    /** Own voter has no seat or no answer; its status in {@code text}. */
    DOES_NOT_VOTE,
    /** Members heard, members, quorum. */
    NO_QUORUM,
    /** Members without a voting key, members; no quorum is left. */
    KEYS_LOST,
    /** Statements there, statements needed; {@code members} have not stated. */
    STATEMENTS_MISSING,
    /**
     * Height of a block that nobody shows, statements of others, statements needed; {@code members}
     * state it as the highest, so that a cold start has to go on from it or without them.
     */
    STATED_BLOCK_MISSING,
    /** Enough is stated; the first of {@code members} plans the cold start, or else the next. */
    PLAN_MISSING,
    /**
     * Approvals there, approvals needed, height to go on from; {@code members} have not approved.
     */
    APPROVALS_MISSING,
    /** The member, seconds. */
    SILENT,
    /** The member. */
    NEVER_HEARD,
    /** The members are there and do not vote. */
    PEERS_DO_NOT_VOTE,
    /** The member, blocks. */
    BEHIND,
    /** Own height, height of the furthest member. */
    CATCHING_UP,
    /** Blocks that are known of and whose bodies are not here. */
    BODIES_MISSING,
    /** Votes there, quorum; {@code members} have not voted for the block of this view. */
    VOTES_MISSING,
    /** Reports there, quorum; {@code members} have not left the views before this one. */
    REPORTS_MISSING,
    /** Entries that wait, seconds since the last final block. */
    WAITS,
    /** The leader, view. */
    LED,
    /** Seconds until this member leaves the view. */
    TIMER,
    /** Height; nothing waits. */
    RESTS
  }

  /**
   * One thing there is to say.
   *
   * @param members ids that it names
   * @param numbers in the order that the cause names
   * @param text a reason or status in English, or empty
   */
  public record Finding(Cause cause, List<String> members, List<Long> numbers, String text) {
    /** Freezes the lists. */
    public Finding {
      members = List.copyOf(members);
      numbers = List.copyOf(numbers);
    }
  }
}
