package org.caduceus.console.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caduceus.ledger.consensus.Standing;

/** What a node finds about consensus, in whole sentences of a language. */
public final class Sentences {
  private static final int NUMBERS = 3;

  private final Words words;

  /** Sentences in this language, one of the console's. */
  public Sentences(Locale locale) {
    this(new Words(locale));
  }

  Sentences(Words words) {
    this.words = words;
  }

  /** The first line: how it is. */
  public String of(Standing.Mood mood) {
    return words.of("diagnosis.mood." + mood);
  }

  /** Values of the text: names, three numbers, and what the node says in English. */
  public String of(Standing.Finding finding) {
    List<Object> values = new ArrayList<>();
    values.add(String.join(words.of("list.separator"), finding.members()));
    for (int i = 0; i < NUMBERS; i++) {
      values.add(i < finding.numbers().size() ? finding.numbers().get(i) : 0L);
    }
    values.add(finding.text());
    return words.of("diagnosis." + finding.cause(), values.toArray());
  }
}
