package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.query.NodeStatus;
import org.caduceus.ledger.query.StatusQuery;

/** Why is it not moving, and who could change that? */
@Named("diagnosisPage")
@RequestScoped
public class DiagnosisPage {
  /**
   * A member around the ring.
   *
   * @param state text key and colour
   * @param behind blocks below this node
   * @param complaint what it did wrong last, in English; empty if nothing
   * @param path SVG path of its part of the ring
   */
  public record Seat(
      String member,
      boolean self,
      boolean leader,
      String state,
      Moment heard,
      long height,
      long behind,
      String complaint,
      String path) {}

  @Inject Frame frame;
  @Inject PageWords words;
  @EJB StatusQuery status;

  private Standing standing;

  @PostConstruct
  void look() {
    standing = status.standing();
  }

  /** The first line. */
  public String getHeadline() {
    return new Sentences(words.words()).of(standing.mood());
  }

  /** {@code ok}, {@code warn} or {@code bad}. */
  public String getMood() {
    return switch (standing.mood()) {
      case RESTS, MOVES -> getVotes() < standing.seats().size() ? "warn" : "ok";
      case CATCHES_UP -> "warn";
      case STUCK, HALTED -> "bad";
    };
  }

  /** What there is to say, the most important first. */
  public List<String> getSentences() {
    List<String> sentences = new ArrayList<>();
    for (NodeStatus.Peer peer : frame.status().members()) {
      peer.cutOff().ifPresent(cut -> sentences.add(words.cutOff(peer.id(), cut)));
    }
    standing.findings().stream().map(new Sentences(words.words())::of).forEach(sentences::add);
    return sentences;
  }

  /** Members that vote as far as this node knows. */
  public long getVotes() {
    return standing.seats().stream().filter(seat -> seat.state() == Standing.State.VOTES).count();
  }

  /** Votes that make a block final. */
  public int getQuorum() {
    return standing.seats().size() / 2 + 1;
  }

  /** What the ring says, in words. */
  public String getPicture() {
    return words.of("diagnosis.picture", getVotes(), standing.seats().size(), getQuorum());
  }

  /** Everybody. */
  public List<Seat> getSeats() {
    List<Seat> seats = new ArrayList<>();
    List<Standing.Seat> members = standing.seats();
    for (int i = 0; i < members.size(); i++) {
      Standing.Seat seat = members.get(i);
      seats.add(
          new Seat(
              seat.member(),
              seat.self(),
              seat.member().equals(standing.leader()),
              seat.state().name(),
              Moment.of(seat.lastHeardMs()),
              seat.height(),
              seat.behind(),
              seat.complaint().orElse(""),
              Ring.segment(i, members.size())));
    }
    return seats;
  }

  /** Current view. */
  public long getView() {
    return standing.view();
  }

  /** Its leader. */
  public String getLeader() {
    return standing.leader();
  }

  /** When this node leaves the view unless something becomes final. */
  public Moment getTimer() {
    return Moment.of(standing.timerAtMs().orElse(0));
  }

  /** How long it waits at present, ms. */
  public long getTimeoutMs() {
    return standing.timeoutMs();
  }

  /** Entries that wait for a block. */
  public int getPool() {
    return standing.pool();
  }

  /** Height of the last final block. */
  public long getHeight() {
    return standing.height();
  }

  /** When something became final last. */
  public Moment getLastFinal() {
    return Moment.of(standing.lastFinalMs());
  }
}
