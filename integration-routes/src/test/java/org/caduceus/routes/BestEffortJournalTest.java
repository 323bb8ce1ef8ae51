package org.caduceus.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.record.Inlet;
import org.junit.jupiter.api.Test;

class BestEffortJournalTest {
  private final List<String> notes = new ArrayList<>();
  private boolean fails;

  private final MessageJournal journal =
      new BestEffortJournal(
          new MessageJournal() {
            @Override
            public void notTaken(
                Inlet inlet,
                String kind,
                String externalId,
                String remote,
                Outcome outcome,
                String code,
                String location,
                String reason) {
              if (fails) {
                throw new IllegalStateException("no database");
              }
              notes.add(
                  String.join(
                      "|",
                      inlet.name(),
                      kind,
                      externalId,
                      remote,
                      outcome.name(),
                      code,
                      location,
                      reason));
            }

            @Override
            public List<Message> list(
                long before,
                int limit,
                Optional<Inlet> inlet,
                Optional<Outcome> outcome,
                Optional<String> externalId) {
              notes.add(before + " " + limit + " " + inlet + outcome + externalId);
              return List.of();
            }
          });

  @Test
  void aNoteIsPassedOnAsItIs() {
    note();
    assertEquals(List.of("DICOM|kind|id|192.0.2.1|REFUSED|code|location|reason"), notes);
  }

  @Test
  void aFailureStopsHere() {
    fails = true;
    note();
    assertEquals(List.of(), notes);
  }

  @Test
  void aQuestionIsPassedOnAsItIs() {
    journal.list(7, 3, Optional.of(Inlet.EPCIS), Optional.of(Outcome.ACCEPTED), Optional.of("id"));
    assertEquals(List.of("7 3 Optional[EPCIS]Optional[ACCEPTED]Optional[id]"), notes);
  }

  private void note() {
    journal.notTaken(
        Inlet.DICOM, "kind", "id", "192.0.2.1", Outcome.REFUSED, "code", "location", "reason");
  }
}
