package org.caduceus.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caduceus.ledger.account.Role;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.governance.Matter;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Institution;
import org.junit.jupiter.api.Test;

/** Both languages say the same things, and every page finds its words. */
class MessagesTest {
  private static final Words ENGLISH = new Words(Locale.ENGLISH);
  private static final Words CHINESE = new Words(Locale.SIMPLIFIED_CHINESE);
  private static final Pattern USED =
      Pattern.compile("(?<!\\w)(?:t|words)\\.of\\(\\s*['\"]([\\w.]+)['\"]\\s*[,)]");

  @Test
  void bothLanguagesHaveTheSameKeys() {
    assertEquals(keys(Locale.ROOT), keys(Locale.SIMPLIFIED_CHINESE));
  }

  @Test
  void everyTextThatPagesNameExists() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (Path source : sources()) {
      Matcher used = USED.matcher(Files.readString(source));
      while (used.find()) {
        if (!ENGLISH.has(used.group(1))) {
          missing.add(source.getFileName() + ": " + used.group(1));
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyValueOfTheCoreHasItsWord() {
    for (Words words : List.of(ENGLISH, CHINESE)) {
      Arrays.stream(AssuranceTier.values())
          .map(Enum::name)
          .forEach(
              tier -> {
                assertTrue(words.has("tier." + tier), tier);
                assertTrue(words.has("trust.headline." + tier), tier);
                assertTrue(words.has("trust.does." + tier), tier);
                assertTrue(words.has("trust.doesNot." + tier), tier);
              });
      Arrays.stream(EnclaveInfo.State.values())
          .forEach(state -> assertTrue(words.has("enclave." + state), state.name()));
      for (Standing.Mood mood : Standing.Mood.values()) {
        assertTrue(words.has("diagnosis.mood." + mood), mood.name());
      }
      for (Standing.State state : Standing.State.values()) {
        assertTrue(words.has("diagnosis.state." + state), state.name());
      }
      for (Standing.Cause cause : Standing.Cause.values()) {
        assertTrue(words.has("diagnosis." + cause), cause.name());
      }
      matters()
          .forEach(
              matter -> {
                assertTrue(words.has("matter.kind." + matter), matter);
                assertTrue(words.has("matter.meaning." + matter), matter);
              });
      for (Institution.Category category : Institution.Category.values()) {
        assertTrue(words.has("institutions.category." + category), category.name());
      }
      for (Matter.Own own : Matter.Own.values()) {
        assertTrue(words.has("matter.own." + own), own.name());
      }
      for (Matter.State state : Matter.State.values()) {
        assertTrue(words.has("matter.signer." + state), state.name());
      }
      Arrays.stream(Role.values())
          .forEach(role -> assertTrue(words.has("role." + role), role.name()));
      Arrays.stream(MessageJournal.Outcome.values())
          .map(outcome -> "outcome." + outcome.name().toLowerCase(Locale.ROOT))
          .forEach(key -> assertTrue(words.has(key), key));
    }
  }

  /** Each mode has words of its own. */
  private static Stream<String> matters() {
    return Arrays.stream(Matter.Kind.values())
        .flatMap(
            kind ->
                kind == Matter.Kind.SET_MODE
                    ? Arrays.stream(EpochConfig.Mode.values()).map(mode -> kind + "." + mode)
                    : Stream.of(kind.name()));
  }

  @Test
  void onlyPatternsDoubleTheirApostrophes() {
    for (String key : keys(Locale.ROOT)) {
      for (Words words : List.of(ENGLISH, CHINESE)) {
        String text = words.of(key);
        assertFalse(!text.contains("{") && text.contains("''"), key + " shows two apostrophes");
      }
    }
  }

  @Test
  void everyTextIsAValidPattern() {
    for (String key : keys(Locale.ROOT)) {
      for (Words words : List.of(ENGLISH, CHINESE)) {
        assertFalse(words.of(key, 3, 2, 2, 40).contains("{0}"), key);
      }
    }
  }

  /** Keys of one file; a bundle would add those of its parent. */
  private static Set<String> keys(Locale locale) {
    String suffix = locale.equals(Locale.ROOT) ? "" : "_" + locale;
    Properties texts = new Properties();
    try (Reader file =
        Files.newBufferedReader(
            Path.of("src/main/resources/org/caduceus/console/messages" + suffix + ".properties"))) {
      texts.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TreeSet<>(texts.stringPropertyNames());
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
      return files
          .filter(file -> file.toString().endsWith(".xhtml") || file.toString().endsWith(".java"))
          .toList();
    }
  }
}
