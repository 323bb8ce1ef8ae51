package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.console.Consortium;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.LedgerQuery;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;

/** Is this entry final, and how can that be proved? */
@Named("entryPage")
@RequestScoped
public class EntryPage {
  /**
   * A station of the entry's life.
   *
   * @param key of its name
   * @param icon PrimeIcons class
   * @param reached whether it is behind the entry
   * @param at when, where that is known
   * @param note a detail in words
   */
  public record Station(String key, String icon, boolean reached, Moment at, String note) {}

  /**
   * A name and its value.
   *
   * @param name as on the ledger
   * @param value as on the ledger, hashes in hexadecimal
   */
  public record Fact(String name, String value) {}

  private static final Moment UNKNOWN = Moment.of(0);

  @Inject Address address;
  @Inject PageWords words;
  @EJB LedgerQuery ledger;

  private Optional<EntryView> view = Optional.empty();
  private Optional<EntryReceipt> receipt = Optional.empty();
  private Optional<Verification> verification = Optional.empty();

  @PostConstruct
  void look() {
    view = Address.hash(address.segment()).flatMap(ledger::entry);
    receipt =
        view.filter(found -> found.place().isPresent())
            .flatMap(found -> ledger.receipt(found.signed().id()));
    verification = receipt.map(found -> new ReceiptVerifier(config(found)).verify(found));
  }

  /** Whose votes made the entry final. */
  private EpochConfig config(EntryReceipt proof) {
    return ledger.config(proof.certificate().epoch());
  }

  /** Whether there is such an entry. */
  public boolean isFound() {
    return view.isPresent();
  }

  /** What was asked for. */
  public String getWanted() {
    return address.segment();
  }

  /** The entry as lists show it. */
  public EntryRow getRow() {
    return EntryRow.of(view.orElseThrow());
  }

  /** The first line. */
  public String getHeadline() {
    EntryView found = view.orElseThrow();
    return found
        .place()
        .map(place -> words.of("entry.headline.final", place.height(), entry().member()))
        .orElseGet(() -> words.of("entry.headline.waiting", entry().member()));
  }

  /** From the institution's door to finality here. */
  public List<Station> getStations() {
    EntryView found = view.orElseThrow();
    Optional<EntryView.Place> place = found.place();
    Optional<BlockSummary> block =
        place.map(there -> ledger.blocks(there.height() + 1, 1).getFirst());
    List<Station> stations = new ArrayList<>();
    stations.add(
        new Station(
            "entry.station.accepted",
            "pi-inbox",
            true,
            Moment.of(entry().timeMs()),
            words.of("entry.station.accepted.note", entry().member())));
    stations.add(
        new Station(
            "entry.station.signed",
            "pi-pencil",
            true,
            UNKNOWN,
            words.of("entry.station.signed.note")));
    stations.add(
        new Station(
            "entry.station.block",
            "pi-box",
            block.isPresent(),
            block.map(there -> Moment.of(there.header().timeMs())).orElse(UNKNOWN),
            block
                .map(
                    there ->
                        words.of(
                            "entry.station.block.note", there.header().height(), there.proposer()))
                .orElseGet(() -> words.of("entry.station.block.waits"))));
    stations.add(
        new Station(
            "entry.station.final",
            "pi-check-circle",
            place.isPresent(),
            place.map(there -> Moment.of(there.finalAtMs())).orElse(UNKNOWN),
            place
                .map(
                    there ->
                        words.of(
                            "entry.station.final.note",
                            Math.max(0, there.finalAtMs() - entry().timeMs())))
                .orElse("")));
    return stations;
  }

  /** {@code valid}, {@code invalid}, or {@code none} while the entry waits. */
  public String getVerdict() {
    return verification
        .map(outcome -> outcome instanceof Verification.Valid ? "valid" : "invalid")
        .orElse("none");
  }

  /** Why the receipt proves nothing, in the verifier's words; empty when it holds. */
  public String getBroken() {
    return verification
        .map(
            outcome ->
                switch (outcome) {
                  case Verification.Valid valid -> "";
                  case Verification.Invalid(String reason) -> reason;
                })
        .orElse("");
  }

  /** What the verifier looked at, in its order, in words with this receipt's own facts. */
  public List<String> getChecks() {
    EntryReceipt proof = receipt.orElseThrow();
    return List.of(
        words.of("check.signature", entry().member()),
        words.of("check.epoch", proof.header().epoch()),
        words.of("check.path", proof.path().size(), proof.leafIndex() + 1, proof.treeSize()),
        words.of("check.headers", proof.descendants().size()),
        words.of("check.certificate", proof.certificate().height()),
        words.of(
            "check.votes",
            proof.certificate().signatures().size(),
            config(proof).n(),
            config(proof).quorum(),
            String.join(words.of("list.separator"), voters(proof))));
  }

  /** The Merkle path, leaf side first, hexadecimal. */
  public List<String> getPath() {
    return receipt.orElseThrow().path().stream().map(hash -> hash.toHex()).toList();
  }

  /** Who submitted the record. */
  public String getAuthor() {
    return entry().author();
  }

  /** Contract and version. */
  public String getContract() {
    return entry().contract();
  }

  /** Keyed hash of the external id, hexadecimal. */
  public String getLookupTag() {
    return entry().lookupTag().toHex();
  }

  /** Readable by every member. */
  public List<Fact> getMetadata() {
    return facts(entry().metadata());
  }

  /** Salted commitments. */
  public List<Fact> getCommitments() {
    return entry().commitments().entrySet().stream()
        .map(fact -> new Fact(fact.getKey(), fact.getValue().toHex()))
        .toList();
  }

  private LedgerEntry entry() {
    return view.orElseThrow().signed().entry();
  }

  private List<String> voters(EntryReceipt proof) {
    List<String> voters = new ArrayList<>();
    for (int index : Consortium.signerIndexes(proof.certificate())) {
      voters.add(Consortium.memberId(config(proof), index));
    }
    return voters;
  }

  private static List<Fact> facts(Map<String, String> values) {
    return values.entrySet().stream()
        .map(fact -> new Fact(fact.getKey(), fact.getValue()))
        .toList();
  }
}
