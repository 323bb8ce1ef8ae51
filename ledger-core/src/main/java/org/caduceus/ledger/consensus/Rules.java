package org.caduceus.ledger.consensus;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * What differs between the protocols that one {@link Replica} speaks. How many members they need
 * and how many votes count, {@link EpochConfig.Mode} says.
 *
 * <pre>
 *   TEE-1P   PROPOSE ─► VOTE ─► QC = final                       one VOTE in a view: the enclave's rule
 *   BFT-2P   PROPOSE ─► PREPARE ─► QC1 ─► COMMIT ─► QC2 = final  two thirds of the members' word
 * </pre>
 */
enum Rules {
  /** Voters are enclaves: what one of them signs is true, and whoever lies broke an enclave. */
  TEE_1P,

  /**
   * Voters are ordinary processes: up to f of them sign anything, and nothing rests on one word.
   */
  BFT_2P;

  /** Why a leader may propose upon a reported block. */
  record Tip(NewView report, Justification justification) {}

  static Rules of(EpochConfig config) {
    return switch (config.mode()) {
      case TEE_1P -> TEE_1P;
      case BFT_2P -> BFT_2P;
    };
  }

  /** Whether two statements of one voter that contradict each other prove that all is lost. */
  boolean trustsVoters() {
    return this == TEE_1P;
  }

  /**
   * Whether a proposal is worth nothing without the reason its leader shows, and a report nothing
   * without the certificate that it names.
   */
  boolean asksForReasons() {
    return this == BFT_2P;
  }

  /**
   * Upon which of these reports' blocks a new leader goes on.
   *
   * @param reports usable ones, of a quorum
   * @param certificateOf the certificate that a report names, if it is known
   */
  Tip tip(List<NewView> reports, Function<NewView, Optional<QuorumCertificate>> certificateOf) {
    NewView highest =
        reports.stream().max(Comparator.comparingLong(NewView::votedView)).orElseThrow();
    Optional<Justification> certified =
        this == BFT_2P && highest.votedView() > 0
            ? certificateOf.apply(highest).map(each -> new Justification.Reported(reports, each))
            : Optional.empty();
    return new Tip(highest, certified.orElseGet(() -> new Justification.NewViews(reports)));
  }
}
