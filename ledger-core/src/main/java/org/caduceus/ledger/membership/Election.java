package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;

/**
 * Elects the committee of the next epoch, as every member computes it from the same committed state
 * (delegated proof of stake in the words of T/ZADT 005-2022). Each institution's weight, of which
 * no more than a tenth of all counts, goes to itself or to its delegate; the most elected get the
 * seats, and vote with equal weight there. No more than half of the seats go to one category and at
 * least one to a regulator, as far as there are candidates: a full committee comes first, because a
 * smaller one bears fewer faults.
 */
final class Election {
  private final Constitution before;
  private final Hash seed;

  /**
   * The election at the end of an epoch.
   *
   * @param before the register with everything decided in it, and the seats so far
   * @param seed breaks ties: the anchor of the epoch that ends, older than all its ballots
   */
  Election(Constitution before, Hash seed) {
    this.before = before;
    this.seed = seed;
  }

  /** The elected members, ascending by id; the seats so far if too few stand for election. */
  List<Member> committee() {
    List<Member> candidates = candidates();
    int seats = Math.min(before.register().elections().committee(), candidates.size());
    return seats < before.config().mode().leastMembers()
        ? before.config().members()
        : picked(ranked(candidates), seats);
  }

  /** Who has a seat, or a voter that could take one, and is not suspended. */
  private List<Member> candidates() {
    Set<Bytes> seated =
        before.config().members().stream().map(Member::votingKey).collect(Collectors.toSet());
    List<Member> candidates = new ArrayList<>();
    for (Institution each : before.register().institutions()) {
      if (!each.suspended()) {
        before.seat(each.id()).or(() -> stands(each, seated)).ifPresent(candidates::add);
      }
    }
    return candidates;
  }

  private Optional<Member> stands(Institution institution, Set<Bytes> seated) {
    return institution
        .candidacy()
        .filter(voter -> voter.mode() == before.config().mode())
        .filter(voter -> !seated.contains(voter.votingKey()))
        .map(institution::seat);
  }

  private List<Member> ranked(List<Member> candidates) {
    Map<String, Long> votes = votes();
    return candidates.stream()
        .sorted(
            Comparator.comparingLong((Member each) -> -votes.getOrDefault(each.id(), 0L))
                .thenComparing(each -> lot(each.id()).toHex()))
        .toList();
  }

  /** What elects each institution. A delegate that is gone or suspended elects nobody further. */
  Map<String, Long> votes() {
    Register register = before.register();
    Map<String, Long> votes = new HashMap<>();
    register
        .countedWeights()
        .forEach(
            (id, weight) -> {
              Optional<String> delegate =
                  register
                      .institution(id)
                      .flatMap(Institution::delegate)
                      .filter(chosen -> register.institution(chosen).isPresent());
              votes.merge(delegate.orElse(id), weight, Long::sum);
            });
    return votes;
  }

  private Hash lot(String id) {
    return Hash.sha256(
        new Writer()
            .tag("CDC1LOTS")
            .hash(seed)
            .bytes(id.getBytes(StandardCharsets.UTF_8))
            .toArray());
  }

  private List<Member> picked(List<Member> ranked, int seats) {
    Map<Institution.Category, Integer> taken = new EnumMap<>(Institution.Category.class);
    List<Member> picked = new ArrayList<>();
    int most = Math.max(1, seats / 2);
    for (Member each : ranked) {
      if (picked.size() < seats && taken.getOrDefault(categoryOf(each), 0) < most) {
        taken.merge(categoryOf(each), 1, Integer::sum);
        picked.add(each);
      }
    }
    Set<Member> in = new HashSet<>(picked);
    for (Member each : ranked) {
      if (picked.size() < seats && in.add(each)) {
        picked.add(each);
      }
    }
    if (picked.stream().noneMatch(this::isRegulator)) {
      ranked.stream()
          .filter(this::isRegulator)
          .findFirst()
          .ifPresent(regulator -> picked.set(picked.size() - 1, regulator));
    }
    picked.sort(Comparator.comparing(Member::id));
    return List.copyOf(picked);
  }

  private boolean isRegulator(Member member) {
    return categoryOf(member) == Institution.Category.REGULATOR;
  }

  private Institution.Category categoryOf(Member member) {
    return before.register().institution(member.id()).orElseThrow().category();
  }
}
