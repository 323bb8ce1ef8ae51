package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Outlook;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.query.Participation;
import org.caduceus.ledger.query.StatusQuery;

/** Who takes part, who decides, and who would have a seat next? */
@Named("institutionsPage")
@RequestScoped
public class InstitutionsPage {
  /**
   * An institution.
   *
   * @param category what it is, for {@code institutions.category.}
   * @param part {@code MEMBER} or {@code LEARNER}, for {@code institutions.part.}
   * @param candidate whether a voter of it is registered that could take a seat
   * @param share what its weight counts in elections, in words
   * @param bar the same as the width of a bar, 0 to 100; the longest is 100
   * @param delegate whom its weight elects; empty for itself
   * @param electedWith weight that would elect it now; 0 without elections
   * @param next what an election would bring now, for {@code institutions.next.}
   * @param linkKey hexadecimal
   * @param governanceKey fingerprint, hexadecimal
   */
  public record Row(
      String id,
      boolean self,
      String category,
      String part,
      boolean suspended,
      boolean candidate,
      String share,
      String bar,
      String delegate,
      long electedWith,
      String next,
      String linkKey,
      String governanceKey) {}

  @Inject PageWords pageWords;
  @EJB StatusQuery status;

  private Words words;
  private Participation participation;

  /** For the container. */
  public InstitutionsPage() {}

  InstitutionsPage(Words words, Participation participation) {
    this.words = words;
    this.participation = participation;
  }

  @PostConstruct
  void look() {
    words = pageWords.words();
    participation = status.participation();
  }

  private Constitution constitution() {
    return participation.constitution();
  }

  private Register register() {
    return constitution().register();
  }

  /** The first line. */
  public String getHeadline() {
    int all = register().institutions().size();
    long suspended = register().institutions().stream().filter(Institution::suspended).count();
    return words.of(
        suspended > 0 ? "institutions.headline.suspended" : "institutions.headline",
        all,
        getSeats(),
        all - getSeats(),
        suspended);
  }

  /** {@code ok}, or {@code warn} where somebody is suspended. */
  public String getMood() {
    return register().institutions().stream().anyMatch(Institution::suspended) ? "warn" : "ok";
  }

  /** The running epoch. */
  public long getEpoch() {
    return constitution().config().epoch();
  }

  /** How blocks become final, for {@code mode.}. */
  public String getMode() {
    return constitution().config().mode().name();
  }

  /** Institutions with a seat. */
  public int getSeats() {
    return constitution().config().n();
  }

  /** Votes that make a block final. */
  public int getQuorum() {
    return constitution().config().quorum();
  }

  /** Root of the register, hexadecimal. */
  public String getStateRoot() {
    return register().root().toHex();
  }

  /** Whether a committee is elected. */
  public boolean isElected() {
    return participation.outlook().isPresent();
  }

  /** How seats are given, in words. */
  public String getElections() {
    Register.Elections elections = register().elections();
    return participation
        .outlook()
        .map(
            now ->
                words.of(
                    "institutions.elections",
                    elections.committee(),
                    elections.epochBlocks(),
                    now.dueHeight()))
        .orElseGet(() -> words.of("institutions.elections.none"));
  }

  /** What an election would come to now, in words; empty without elections. */
  public String getOutlook() {
    return participation.outlook().map(this::changes).orElse("");
  }

  private String changes(Outlook outlook) {
    String gets = listed(outlook, "gets");
    String loses = listed(outlook, "loses");
    if (gets.isEmpty() && loses.isEmpty()) {
      return words.of("institutions.outlook.same");
    }
    if (loses.isEmpty()) {
      return words.of("institutions.outlook.gets", gets);
    }
    return gets.isEmpty()
        ? words.of("institutions.outlook.loses", loses)
        : words.of("institutions.outlook.both", gets, loses);
  }

  private String listed(Outlook outlook, String next) {
    return String.join(
        words.of("list.separator"),
        register().institutions().stream()
            .map(Institution::id)
            .filter(id -> next(id, Optional.of(outlook)).equals(next))
            .toList());
  }

  private String next(String id, Optional<Outlook> outlook) {
    boolean has = constitution().seat(id).isPresent();
    boolean would = outlook.map(now -> now.committee().contains(id)).orElse(has);
    return would ? has ? "keeps" : "gets" : has ? "loses" : "none";
  }

  /** All of them: those with a seat first, each part in order of id. */
  public List<Row> getRows() {
    Map<String, Long> counted = register().countedWeights();
    long all = counted.values().stream().mapToLong(Long::longValue).sum();
    long most = counted.values().stream().mapToLong(Long::longValue).max().orElse(1);
    List<Row> rows = new ArrayList<>();
    for (Institution each : constitution().participants()) {
      rows.add(row(each, counted.getOrDefault(each.id(), 0L), all, most));
    }
    return rows;
  }

  private Row row(Institution it, long counts, long all, long most) {
    return new Row(
        it.id(),
        it.id().equals(participation.member()),
        it.category().name(),
        constitution().seat(it.id()).isPresent() ? "MEMBER" : "LEARNER",
        it.suspended(),
        it.candidacy().isPresent(),
        share(it, counts, all),
        String.format(Locale.ROOT, "%.1f", counts * 100.0 / most),
        it.delegate().orElse(""),
        participation.outlook().map(now -> now.votes().getOrDefault(it.id(), 0L)).orElse(0L),
        next(it.id(), participation.outlook()),
        it.linkKey().toHex(),
        GovernanceKey.fingerprint(constitution().config().suite(), it.governanceKey()).toHex());
  }

  private String share(Institution it, long counts, long all) {
    if (counts == 0) {
      return words.of("institutions.share.none");
    }
    double percent = counts * 100.0 / all;
    return counts < it.weight()
        ? words.of("institutions.share.capped", percent, counts, it.weight())
        : words.of("institutions.share", percent, counts);
  }
}
