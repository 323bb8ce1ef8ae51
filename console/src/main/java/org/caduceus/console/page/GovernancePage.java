package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.governance.Agenda;
import org.caduceus.ledger.governance.GovernanceDesk;
import org.caduceus.ledger.governance.Matter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.MembershipChange;

/** What waits for officers, whose signatures are there, and what do mine have to do? */
@Named("governancePage")
@RequestScoped
public class GovernancePage {
  /**
   * A matter as the page shows it.
   *
   * @param id hexadecimal, what the officer names to the tool
   * @param title what it is about, in words
   * @param meaning what happens once it is decided, in words
   * @param own text key and colour: what this institution has to do
   * @param command to be copied; empty if there is nothing to sign here
   * @param signatures that are there
   * @param needed that decide it
   * @param picture what the ring of signatures says, in words
   * @param seats around the ring
   * @param facts names and values
   * @param statements of a cold start
   * @param refusal why the evidence gives no seat here; empty if it does
   */
  public record Row(
      String id,
      String title,
      String meaning,
      String own,
      String command,
      int signatures,
      int needed,
      String picture,
      List<Seat> seats,
      List<Fact> facts,
      List<Stood> statements,
      String refusal) {}

  /**
   * A member whose signature counts.
   *
   * @param state {@code signed}, {@code waiting} or {@code missing}: text key and colour
   * @param path SVG path of its part of the ring
   */
  public record Seat(String member, String state, String path) {}

  /**
   * A name and its value.
   *
   * @param key of the name
   * @param id whether the value is an identifier to be copied
   */
  public record Fact(String key, String value, boolean id) {}

  /** Where a member says it stood. */
  public record Stood(String member, long view, long height, String hash) {}

  @Inject PageWords words;
  @EJB GovernanceDesk desk;

  private Agenda agenda;

  @PostConstruct
  void look() {
    agenda = desk.agenda();
  }

  /** The first line. */
  public String getHeadline() {
    if (agenda.matters().isEmpty()) {
      return words.of("governance.headline.none");
    }
    return agenda.wanted() > 0
        ? words.of("governance.headline.wanted", agenda.wanted(), agenda.member())
        : words.of("governance.headline.others", agenda.matters().size());
  }

  /** {@code ok} or {@code warn}. */
  public String getMood() {
    return agenda.matters().isEmpty() ? "ok" : "warn";
  }

  /** Who signs for this institution. */
  public String getNote() {
    return words.of(agenda.automatic() ? "governance.automatic" : "governance.officers");
  }

  /**
   * Proof that an enclave was broken.
   *
   * @param member whose, a dash if it is one of several
   * @param reason in English
   * @param entry hexadecimal, empty until it is on the ledger
   */
  public record Broken(
      String id, long epoch, String member, String reason, Moment kept, String entry) {}

  /** Proofs that enclaves were broken. */
  public List<Broken> getFaults() {
    return desk.faults().stream()
        .map(
            it ->
                new Broken(
                    it.fault().id().toHex(),
                    it.fault().epoch(),
                    it.member().orElse("–"),
                    it.reason(),
                    Moment.of(it.keptAtMs()),
                    it.entry().map(Hash::toHex).orElse("")))
        .toList();
  }

  /** Everything that waits. */
  public List<Row> getMatters() {
    return agenda.matters().stream().map(this::row).toList();
  }

  private Row row(Matter matter) {
    return new Row(
        matter.id().toHex(),
        words.of("matter.kind." + kind(matter), matter.subject(), height(matter)),
        words.of("matter.meaning." + kind(matter), matter.subject(), height(matter)),
        matter.own().name(),
        command(matter),
        matter.signatures(),
        matter.needed(),
        words.of("matter.picture", matter.signatures(), matter.needed()),
        seats(matter.signers()),
        facts(matter),
        statements(matter),
        matter.evidence().flatMap(Matter.Shown::refusal).orElse(""));
  }

  /** Each mode has words of its own. */
  private static String kind(Matter matter) {
    return matter.change().orElse(null) instanceof MembershipChange.SetMode wanted
        ? matter.kind() + "." + wanted.mode()
        : matter.kind().name();
  }

  private static long height(Matter matter) {
    return matter.plan().map(plan -> plan.best().votedHeight()).orElse(0L);
  }

  private static String command(Matter matter) {
    return matter.own() == Matter.Own.WANTED
        ? "deploy/caduceus governance approve --key FILE " + matter.id().toHex().substring(0, 12)
        : "";
  }

  private static List<Seat> seats(List<Matter.Signer> signers) {
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < signers.size(); i++) {
      seats.add(
          new Seat(
              signers.get(i).member(),
              signers.get(i).state().name(),
              Ring.segment(i, signers.size())));
    }
    return seats;
  }

  private List<Fact> facts(Matter matter) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("matter.id", matter.id().toHex(), true));
    matter.evidence().ifPresent(evidence -> evidence(evidence, facts));
    matter.plan().ifPresent(plan -> plan(plan.next(), facts));
    if (matter.change().orElse(null) instanceof MembershipChange.SetRules rules) {
      rules(rules, facts);
    }
    matter.keys().ifPresent(keys -> facts.add(new Fact("matter.keys", inWords(keys), false)));
    return facts;
  }

  private String inWords(Matter.Keys keys) {
    int announced = keys.announced().size();
    int members = announced + keys.missing().size();
    return keys.missing().isEmpty()
        ? words.of("matter.keys.all", members)
        : words.of(
            "matter.keys.some",
            announced,
            members,
            keys.needed(),
            String.join(", ", keys.missing()));
  }

  private void evidence(Matter.Shown shown, List<Fact> facts) {
    facts.add(new Fact("matter.votingKey", shown.votingKey().toHex(), true));
    facts.add(
        new Fact(
            "matter.tier",
            shown
                .tier()
                .map(tier -> words.of("tier." + tier))
                .orElseGet(() -> words.of("matter.tier.refused")),
            false));
    shown
        .measurement()
        .ifPresent(code -> facts.add(new Fact("trust.measurement", code.toHex(), true)));
    shown
        .age()
        .ifPresent(
            blocks -> facts.add(new Fact("matter.age", words.of("matter.blocks", blocks), false)));
  }

  private static void plan(EpochConfig next, List<Fact> facts) {
    facts.add(new Fact("matter.next", next.hash().toHex(), true));
  }

  /** What differs from the running rules. */
  private void rules(MembershipChange.SetRules rules, List<Fact> facts) {
    EpochConfig now = agenda.config();
    differs("rule.slotK", now.slotK(), rules.slotK(), facts);
    differs("rule.timeoutMs", now.timeoutMs(), rules.timeoutMs(), facts);
    differs("rule.maxTimeoutMs", now.maxTimeoutMs(), rules.maxTimeoutMs(), facts);
    differs("rule.maxBlockEntries", now.maxBlockEntries(), rules.maxBlockEntries(), facts);
    differs("rule.maxBlockBytes", now.maxBlockBytes(), rules.maxBlockBytes(), facts);
    differs("rule.minimumTier", now.minimumTier(), rules.minimumTier(), facts);
    differs("rule.maxEvidenceAge", now.maxEvidenceAge(), rules.maxEvidenceAge(), facts);
    differs(
        "rule.measurements",
        now.measurements().stream().map(Bytes::toHex).toList(),
        rules.measurements().stream().map(Bytes::toHex).toList(),
        facts);
  }

  private static void differs(String key, Object now, Object then, List<Fact> facts) {
    if (!now.equals(then)) {
      facts.add(new Fact(key, now + " → " + then, false));
    }
  }

  private List<Stood> statements(Matter matter) {
    return Optional.of(matter).flatMap(Matter::plan).stream()
        .flatMap(plan -> plan.statements().stream())
        .map(
            it ->
                new Stood(
                    agenda.config().members().get(it.member()).id(),
                    it.votedView(),
                    it.votedHeight(),
                    it.votedHash().toHex()))
        .toList();
  }
}
