package org.caduceus.ledger.ejb.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/** What is to be stored, and the decision which of it is. Plain: no database. */
public final class Drafts {
  private Drafts() {}

  /**
   * A record ready to be stored.
   *
   * @param submissionKey hash of family, sender and external id
   * @param record as the adapter made it
   * @param submission who handed it in
   * @param entry signed
   * @param sealed payload and salt, sealed
   */
  public record Draft(
      Bytes submissionKey,
      CanonicalRecord record,
      Submission submission,
      SignedEntry entry,
      Bytes sealed) {}

  /** A message that left no entry; see {@link MessageJournal#notTaken}. */
  public record NotTaken(
      long decidedAtMs,
      Inlet inlet,
      String kind,
      String externalId,
      String remote,
      MessageJournal.Outcome outcome,
      String code,
      String location,
      String reason) {}

  /**
   * What is known of a submission key.
   *
   * @param contentHash of the first acceptance
   * @param entryId of the first acceptance
   * @param acceptedAtMs of the first acceptance
   */
  record Known(Hash contentHash, Hash entryId, long acceptedAtMs) {}

  /**
   * The outcome.
   *
   * @param receipts one list for each group, in its order
   * @param accepted drafts to store
   */
  public record Decided(List<List<Receipt>> receipts, List<Draft> accepted) {}

  /**
   * Decides group by group, each as a whole: one conflict declines all of its group.
   *
   * @param stored what the database knows of the drafts' keys
   */
  static Decided decide(List<List<Draft>> groups, Map<Bytes, Known> stored) {
    Map<Bytes, Known> known = new HashMap<>(stored);
    List<List<Receipt>> receipts = new ArrayList<>();
    List<Draft> accepted = new ArrayList<>();
    for (List<Draft> group : groups) {
      Map<Bytes, Known> added = new HashMap<>();
      List<Draft> taken = new ArrayList<>();
      List<Receipt> answers = new ArrayList<>();
      for (Draft draft : group) {
        Known before =
            Optional.ofNullable(added.get(draft.submissionKey()))
                .orElse(known.get(draft.submissionKey()));
        if (before == null) {
          added.put(draft.submissionKey(), firstAcceptance(draft));
          taken.add(draft);
          answers.add(new Receipt.Accepted(draft.entry().id(), draft.entry().entry().timeMs()));
        } else if (before.contentHash().equals(draft.record().contentHash())) {
          answers.add(new Receipt.Duplicate(before.entryId(), before.acceptedAtMs()));
        } else {
          answers.add(
              new Receipt.Declined(
                  Receipt.Cause.CONFLICT,
                  "Expected the content accepted before under this identifier, but it differs"));
        }
      }
      Optional<Receipt.Declined> declined = firstDeclined(answers);
      if (declined.isPresent()) {
        answers.replaceAll(answer -> answer instanceof Receipt.Declined ? answer : declined.get());
      } else {
        known.putAll(added);
        accepted.addAll(taken);
      }
      receipts.add(List.copyOf(answers));
    }
    return new Decided(receipts, accepted);
  }

  private static Known firstAcceptance(Draft draft) {
    return new Known(
        draft.record().contentHash(), draft.entry().id(), draft.entry().entry().timeMs());
  }

  private static Optional<Receipt.Declined> firstDeclined(List<Receipt> answers) {
    return answers.stream()
        .filter(Receipt.Declined.class::isInstance)
        .map(Receipt.Declined.class::cast)
        .findFirst();
  }
}
