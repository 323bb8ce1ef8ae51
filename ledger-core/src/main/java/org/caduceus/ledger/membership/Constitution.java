package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * By what a consortium goes in an epoch: who votes and how, and which institutions there are
 * besides.
 *
 * @param config of the epoch
 * @param register every seat of the configuration is in it
 */
public record Constitution(EpochConfig config, Register register) {
  /** Adds to the register what the configuration has. */
  public Constitution {
    register = register.covering(config);
  }

  /** That of a genesis. */
  public static Constitution of(EpochConfig config) {
    return new Constitution(config, Register.of(config));
  }

  /**
   * Everybody that takes part in the network: the members by index, then the institutions without a
   * seat, ascending by id. These follow and send entries, and vote for nothing.
   */
  public List<Institution> participants() {
    List<Institution> all = new ArrayList<>();
    config.members().forEach(seat -> all.add(register.institution(seat.id()).orElseThrow()));
    register.institutions().stream()
        .filter(each -> config.indexOf(each.id()).isEmpty())
        .forEach(all::add);
    return List.copyOf(all);
  }

  Constitution with(EpochConfig other) {
    return new Constitution(other, register);
  }

  Constitution with(Register other) {
    return new Constitution(config, other);
  }

  /** The same with a seat for an institution that has none. */
  Constitution seating(Member member) {
    List<Member> members = new ArrayList<>(config.members());
    members.removeIf(seat -> seat.id().equals(member.id()));
    members.add(member);
    members.sort(Comparator.comparing(Member::id));
    return with(config.with(config.epoch(), members));
  }

  /** The seat of an institution, if it has one. */
  public Optional<Member> seat(String id) {
    OptionalInt index = config.indexOf(id);
    return index.isEmpty() ? Optional.empty() : Optional.of(config.members().get(index.getAsInt()));
  }

  /** The same with another member in its seat. */
  Constitution reseating(Member member) {
    return seat(member.id()).isEmpty() ? this : seating(member);
  }

  /** The same with what is registered of an institution in its seat too, if it has one. */
  Constitution reseating(Institution institution) {
    return seat(institution.id())
        .map(seat -> seating(institution.seat(seat.votingKey(), seat.evidence())))
        .orElse(this);
  }

  /**
   * The same without a seat for this institution.
   *
   * @return empty if nobody would be left
   */
  Optional<Constitution> unseating(String id) {
    List<Member> members = new ArrayList<>(config.members());
    members.removeIf(seat -> seat.id().equals(id));
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(with(config.with(config.epoch(), members)));
  }
}
