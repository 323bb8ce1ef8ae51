package org.caduceus.console.rest;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caduceus.console.page.Sentences;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.query.NodeStatus;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link Standing} on the wire. */
@Schema(name = "Diagnosis", description = "Why consensus moves, rests or is stuck here")
public record DiagnosisJson(
    @Schema(enumeration = {"RESTS", "MOVES", "CATCHES_UP", "STUCK", "HALTED"}) String mood,
    @Schema(description = "All of it in one English sentence") String summary,
    long view,
    @Schema(description = "Leader of the view") String leader,
    @Schema(description = "When this member leaves the view unless something becomes final")
        Optional<String> timerAt,
    @Schema(description = "How long it waits at present") long timeoutMs,
    long height,
    @Schema(description = "Entries known here that wait for a block") int pool,
    @Schema(description = "When a block became final here last") Optional<String> lastFinalAt,
    List<Member> members,
    @Schema(description = "The most important first") List<Finding> findings) {

  /** How a member is. */
  @Schema(name = "MemberStanding")
  public record Member(
      String id,
      boolean self,
      @Schema(enumeration = {"VOTES", "FOLLOWS", "SILENT", "NEVER_HEARD"}) String state,
      Optional<String> lastHeardAt,
      long height,
      long behind,
      @Schema(description = "What it did wrong last") Optional<String> complaint,
      @Schema(description = "Present while this node takes nothing of it")
          Optional<CutOffJson> cutOff) {}

  /** One thing there is to say. */
  @Schema(name = "Finding")
  public record Finding(
      @Schema(description = "Names the fact; more may come with later versions") String cause,
      List<String> members,
      List<Long> numbers,
      @Schema(description = "A reason or status in English, or empty") String text,
      Sentence sentence) {}

  /** The same sentence in both languages. */
  @Schema(name = "Sentence")
  public record Sentence(String en, String zh) {}

  /**
   * The standing, and whom this node cut off.
   *
   * @param peers the members as this node sees them
   */
  static DiagnosisJson of(Standing standing, List<NodeStatus.Peer> peers) {
    Map<String, CutOffJson> cutOff = new HashMap<>();
    peers.forEach(
        peer -> peer.cutOff().ifPresent(cut -> cutOff.put(peer.id(), CutOffJson.of(cut))));
    Sentences english = new Sentences(Locale.ENGLISH);
    Sentences chinese = new Sentences(Locale.SIMPLIFIED_CHINESE);
    return new DiagnosisJson(
        standing.mood().name(),
        standing.summary(),
        standing.view(),
        standing.leader(),
        Times.iso(standing.timerAtMs().orElse(0)),
        standing.timeoutMs(),
        standing.height(),
        standing.pool(),
        Times.iso(standing.lastFinalMs()),
        standing.seats().stream()
            .map(seat -> member(seat, Optional.ofNullable(cutOff.get(seat.member()))))
            .toList(),
        standing.findings().stream()
            .map(
                it ->
                    new Finding(
                        it.cause().name(),
                        it.members(),
                        it.numbers(),
                        it.text(),
                        new Sentence(english.of(it), chinese.of(it))))
            .toList());
  }

  private static Member member(Standing.Seat seat, Optional<CutOffJson> cutOff) {
    return new Member(
        seat.member(),
        seat.self(),
        seat.state().name(),
        Times.iso(seat.lastHeardMs()),
        seat.height(),
        seat.behind(),
        seat.complaint(),
        cutOff);
  }
}
