package org.caduceus.ledger.governance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.ResumeStatement;

/**
 * Everything that waits for governance keys, as one node sees it.
 *
 * @param member this institution
 * @param automatic whether this node has the institution's governance key and acts by itself
 * @param constitution of the running epoch
 * @param matters what this institution has to sign first
 */
public record Agenda(
    String member, boolean automatic, Constitution constitution, List<Matter> matters) {
  /** Freezes the list. */
  public Agenda {
    matters = List.copyOf(matters);
  }

  /** Configuration of the running epoch. */
  public EpochConfig config() {
    return constitution.config();
  }

  /** How many matters this institution has to sign. */
  public long wanted() {
    return matters.stream().filter(matter -> matter.own() == Matter.Own.WANTED).count();
  }

  /** What this node knows beside what its replica does. */
  public interface Desk {
    /** What evidence of a member's instance is worth here. */
    Matter.Shown shown(Bytes evidence, String member, Bytes votingKey);

    /** Whether the plan may be approved here now. */
    boolean mayApprove(ColdStartPlan plan);
  }

  /**
   * The agenda of a node.
   *
   * @param requests what this node asks its own officers for
   */
  public static Agenda of(
      String member,
      boolean automatic,
      OpenMatters open,
      List<MembershipChange> requests,
      Desk desk) {
    Maker maker = new Maker(member, open, desk);
    List<Matter> matters = new ArrayList<>();
    open.plan().map(maker::coldStart).ifPresent(matters::add);
    Set<MembershipChange> changes = new LinkedHashSet<>();
    if (open.plan().isEmpty()) { // else no quorum is left that could decide about it
      changes.addAll(requests);
    }
    changes.addAll(open.ballots().keySet());
    changes.addAll(open.waiting().keySet());
    changes.stream().map(maker::change).forEach(matters::add);
    Predicate<String> asked =
        id ->
            changes.stream()
                .anyMatch(
                    it -> it instanceof MembershipChange.ReplaceKey r && r.member().equals(id));
    for (PeerMessage.Resume resume : open.stated()) {
      String id = open.config().members().get(resume.statement().member()).id();
      if (!id.equals(member) && !asked.test(id) && open.plan().isEmpty()) {
        matters.add(maker.request(id, resume.statement(), resume.evidence()));
      }
    }
    matters.sort((a, b) -> Boolean.compare(wants(b), wants(a)));
    return new Agenda(member, automatic, open.constitution(), matters);
  }

  private static boolean wants(Matter matter) {
    return matter.own() == Matter.Own.WANTED;
  }

  private record Maker(String member, OpenMatters open, Desk desk) {
    private EpochConfig config() {
      return open.config();
    }

    private List<String> electors() {
      return open.constitution().register().electors();
    }

    Matter change(MembershipChange change) {
      Bytes toSign = Ballot.signedBytes(config().hash(), change);
      List<Matter.Signer> signers = signers(change);
      Optional<Matter.State> own = stateOf(signers);
      return new Matter(
          Hash.sha256(toSign.unsafeArray()),
          Matter.Kind.of(change),
          subject(change),
          change.owner().isPresent() ? 1 : electors().size() / 2 + 1,
          signers,
          own.map(state -> state == Matter.State.MISSING ? Matter.Own.WANTED : Matter.Own.GIVEN)
              .orElse(Matter.Own.NOT_ASKED),
          own.map(state -> toSign),
          Optional.of(change),
          Optional.empty(),
          evidence(change),
          keys(change));
    }

    /** Without them a mode waits, however many voted for it. */
    private Optional<Matter.Keys> keys(MembershipChange change) {
      if (!(change instanceof MembershipChange.SetMode wanted)) {
        return Optional.empty();
      }
      Set<String> announced = open.announced(wanted.mode());
      Predicate<String> has = announced::contains;
      List<String> members = config().members().stream().map(Member::id).toList();
      return Optional.of(
          new Matter.Keys(
              wanted.keysNeeded(config()),
              members.stream().filter(has).toList(),
              members.stream().filter(has.negate()).toList()));
    }

    private Optional<Matter.State> stateOf(List<Matter.Signer> signers) {
      return signers.stream()
          .filter(signer -> signer.member().equals(member))
          .map(Matter.Signer::state)
          .findFirst();
    }

    private List<Matter.Signer> signers(MembershipChange change) {
      List<String> done = open.ballots().getOrDefault(change, List.of());
      List<String> waiting = open.waiting().getOrDefault(change, List.of());
      return change.owner().map(List::of).orElseGet(this::electors).stream()
          .map(
              id ->
                  new Matter.Signer(
                      id,
                      done.contains(id)
                          ? Matter.State.SIGNED
                          : waiting.contains(id) ? Matter.State.WAITING : Matter.State.MISSING))
          .toList();
    }

    private static String subject(MembershipChange change) {
      return switch (change) {
        case MembershipChange.ReplaceKey replaced -> replaced.member();
        case MembershipChange.AddMember added -> added.member().id();
        case MembershipChange.RemoveMember removed -> removed.member();
        case MembershipChange.SetRules rules -> "";
        case MembershipChange.AnnounceKey announced -> announced.member();
        case MembershipChange.SetMode mode -> "";
        case MembershipChange.RegisterInstitution registered -> registered.member();
        case MembershipChange.SetSuspended suspended -> suspended.member();
        case MembershipChange.Delegate delegated -> delegated.member();
        case MembershipChange.SetElections elections -> "";
        case MembershipChange.ReplaceLinkKey replaced -> replaced.member();
      };
    }

    private Optional<Matter.Shown> evidence(MembershipChange change) {
      return switch (change) {
        case MembershipChange.ReplaceKey(String id, Bytes key, Bytes shown) ->
            shown(shown, id, key);
        case MembershipChange.AnnounceKey(
                String id,
                EpochConfig.Mode mode,
                Bytes key,
                Bytes shown) ->
            shown(shown, id, key);
        case MembershipChange.AddMember(Member added, Bytes shown) ->
            shown(shown, added.id(), added.votingKey());
        default -> Optional.empty();
      };
    }

    /** A process has nothing to show. */
    private Optional<Matter.Shown> shown(Bytes evidence, String id, Bytes key) {
      return evidence.length() == 0 ? Optional.empty() : Optional.of(desk.shown(evidence, id, key));
    }

    Matter request(String id, ResumeStatement statement, Bytes shown) {
      return new Matter(
          Hash.sha256(statement.votingKey().unsafeArray()),
          Matter.Kind.REPLACE_KEY,
          id,
          1,
          List.of(new Matter.Signer(id, Matter.State.MISSING)),
          Matter.Own.NOT_ASKED,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(desk.shown(shown, id, statement.votingKey())),
          Optional.empty());
    }

    Matter coldStart(ColdStartPlan plan) {
      Function<Integer, Matter.State> state =
          index -> open.approved().contains(index) ? Matter.State.SIGNED : Matter.State.MISSING;
      List<Matter.Signer> signers =
          plan.members().stream()
              .map(
                  index ->
                      new Matter.Signer(config().members().get(index).id(), state.apply(index)))
              .toList();
      Matter.Own own =
          stateOf(signers)
              .map(
                  mine ->
                      mine == Matter.State.SIGNED
                          ? Matter.Own.GIVEN
                          : desk.mayApprove(plan) ? Matter.Own.WANTED : Matter.Own.NOT_YET)
              .orElse(Matter.Own.NOT_ASKED);
      return new Matter(
          plan.hash(),
          Matter.Kind.COLD_START,
          "",
          plan.best().votedLast() ? config().n() : ColdStart.membersNeeded(config()),
          signers,
          own,
          own == Matter.Own.NOT_ASKED ? Optional.empty() : Optional.of(plan.approvalBytes()),
          Optional.empty(),
          Optional.of(plan),
          Optional.empty(),
          Optional.empty());
    }
  }
}
