package org.caduceus.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caduceus.console.fixture.SampleConsortium;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.query.Participation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who takes part, in words that do without the pictures. */
class InstitutionsPageTest {
  private static final Words ENGLISH = new Words(Locale.ENGLISH);
  private static final Words CHINESE = new Words(Locale.SIMPLIFIED_CHINESE);

  private final SampleConsortium sample = new SampleConsortium();
  private final InstitutionsPage page = new InstitutionsPage(ENGLISH, sample.participation());

  private InstitutionsPage.Row row(String id) {
    return page.getRows().stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  @Tag("6.1c")
  void membersComeFirstAndEverybodyIsThere() {
    assertEquals(
        List.of("hospital-a", "pharmacy-b", "regulator-c", "clinic-f", "insurer-d", "supplier-e"),
        page.getRows().stream().map(InstitutionsPage.Row::id).toList());
    assertEquals(
        List.of("MEMBER", "MEMBER", "MEMBER", "LEARNER", "LEARNER", "LEARNER"),
        page.getRows().stream().map(InstitutionsPage.Row::part).toList());
    assertTrue(row("hospital-a").self());
    assertFalse(row("pharmacy-b").self());
  }

  @Test
  void theFirstLineSaysWhoIsSuspendedInWords() {
    assertEquals(
        "6 institutions take part: 3 with a seat and a vote, 3 without; 1 suspended.",
        page.getHeadline());
    assertEquals("warn", page.getMood());
    assertEquals(
        "共有 6 个机构参与：3 个有席位并投票，3 个没有席位；1 个已暂停。",
        new InstitutionsPage(CHINESE, sample.participation()).getHeadline());
    assertTrue(row("supplier-e").suspended());
  }

  @Test
  @Tag("6.2b")
  void aShareSaysWhatIsNotCounted() {
    assertEquals("21.4 % (3 of 12 count)", row("hospital-a").share());
    assertEquals("100.0", row("hospital-a").bar());
    assertEquals("14.3 %", row("clinic-f").share());
    assertEquals("66.7", row("clinic-f").bar());
    assertEquals("does not count", row("supplier-e").share());
    assertEquals("0.0", row("supplier-e").bar());
  }

  @Test
  @Tag("6.2b")
  void anElectionsOutlookNamesWhoGetsAndLosesASeat() {
    assertTrue(page.isElected());
    assertEquals(
        "If the epoch ended now, insurer-d would get a seat, and pharmacy-b would have none any"
            + " more.",
        page.getOutlook());
    assertEquals(
        List.of("keeps", "loses", "keeps", "none", "gets", "none"),
        page.getRows().stream().map(InstitutionsPage.Row::next).toList());
    assertEquals(5, row("hospital-a").electedWith());
    assertEquals("regulator-c", row("pharmacy-b").delegate());
    assertTrue(row("insurer-d").candidate());
    assertEquals(
        "A committee of 3 is elected at least every 5000 blocks; the next election is due at height"
            + " 5000.",
        page.getElections());
  }

  @Test
  void withoutElectionsNothingIsForetold() {
    InstitutionsPage plain =
        new InstitutionsPage(
            ENGLISH,
            new Participation("nobody", Constitution.of(sample.config()), Optional.empty()));
    assertFalse(plain.isElected());
    assertEquals("", plain.getOutlook());
    assertEquals(
        "None: more than half of the institutions with weight decide who has a seat.",
        plain.getElections());
    assertEquals(
        "3 institutions take part: 3 with a seat and a vote, 0 without.", plain.getHeadline());
    assertTrue(plain.getRows().stream().noneMatch(InstitutionsPage.Row::self));
    assertTrue(plain.getRows().stream().allMatch(row -> row.next().equals("keeps")));
  }
}
