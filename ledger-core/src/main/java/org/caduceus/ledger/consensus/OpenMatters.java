package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.BallotBox;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Outlook;

/**
 * What waits for governance keys in an epoch, as one member sees it: its replica's part of what
 * officers are shown.
 *
 * @param constitution of the epoch
 * @param ballots what was voted for and is not decided, with the members whose ballots are final
 * @param waiting the same of ballots that wait for a block here
 * @param stated what members state whose enclaves lost their voting keys, ascending by member
 * @param plan how to go on after a lost quorum, once it is known
 * @param approved indexes of the members that approved this plan
 * @param box the ballots that are final; empty if none were looked at
 */
public record OpenMatters(
    Constitution constitution,
    Map<MembershipChange, List<String>> ballots,
    Map<MembershipChange, List<String>> waiting,
    List<PeerMessage.Resume> stated,
    Optional<ColdStartPlan> plan,
    Set<Integer> approved,
    Optional<BallotBox> box) {
  /** Freezes the collections; the maps keep their order. */
  public OpenMatters {
    ballots = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(ballots));
    waiting = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(waiting));
    stated = List.copyOf(stated);
    approved = java.util.Collections.unmodifiableSet(new TreeSet<>(approved));
  }

  /** Nothing waits in this epoch. */
  public static OpenMatters none(Constitution constitution) {
    return new OpenMatters(
        constitution, Map.of(), Map.of(), List.of(), Optional.empty(), Set.of(), Optional.empty());
  }

  /** Its configuration. */
  public EpochConfig config() {
    return constitution.config();
  }

  /**
   * What an election would come to now; empty where none is held. Counted when it is asked for, by
   * whoever asks: the replica's thread has no time for it.
   */
  public Optional<Outlook> outlook() {
    return box.flatMap(BallotBox::outlook);
  }

  /** Modes that somebody voted for. */
  public Set<EpochConfig.Mode> wantedModes() {
    Set<EpochConfig.Mode> modes = EnumSet.noneOf(EpochConfig.Mode.class);
    Stream.of(ballots, waiting)
        .flatMap(it -> it.keySet().stream())
        .forEach(
            change -> {
              if (change instanceof MembershipChange.SetMode wanted
                  && wanted.isPossibleIn(constitution)) {
                modes.add(wanted.mode());
              }
            });
    return modes;
  }

  /** Whether the member cast a ballot with this key for this mode, with whatever evidence. */
  public boolean isAnnounced(MembershipChange.AnnounceKey key) {
    return Stream.of(ballots, waiting)
        .flatMap(it -> it.keySet().stream())
        .anyMatch(
            change ->
                change instanceof MembershipChange.AnnounceKey other
                    && other.member().equals(key.member())
                    && other.mode() == key.mode()
                    && other.votingKey().equals(key.votingKey()));
  }

  /** Ids of the members whose ballot with a key for this mode is final, in alphabetical order. */
  public Set<String> announced(EpochConfig.Mode mode) {
    Set<String> members = new TreeSet<>();
    ballots
        .keySet()
        .forEach(
            change -> {
              if (change instanceof MembershipChange.AnnounceKey key && key.mode() == mode) {
                members.add(key.member());
              }
            });
    return members;
  }

  static OpenMatters of(
      Constitution constitution,
      BallotBox box,
      List<SignedEntry> pool,
      ColdStartCeremony ceremony) {
    Map<MembershipChange, List<String>> ballots = box.tallies();
    Map<MembershipChange, List<String>> waiting = new LinkedHashMap<>();
    box.after(pool)
        .tallies()
        .forEach(
            (change, members) -> {
              List<String> more = new ArrayList<>(members);
              more.removeAll(ballots.getOrDefault(change, List.of()));
              if (!more.isEmpty()) {
                waiting.put(change, more);
              }
            });
    return new OpenMatters(
        constitution,
        ballots,
        waiting,
        ceremony.present(),
        ceremony.plan(),
        ceremony.approvals().keySet(),
        Optional.of(box));
  }
}
