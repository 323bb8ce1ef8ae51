package org.caduceus.deploy.browser;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caduceus.deploy.Project;

/** The console's texts as their files have them, to recognise on a page what was not translated. */
public final class Texts {
  private static final String FOLDER = "console/src/main/resources/org/caduceus/console/";
  private static final Properties ENGLISH = read("messages.properties");
  private static final Properties CHINESE = read("messages_zh_CN.properties");
  private static final Pattern KEY =
      Pattern.compile(
          "(%s)(\\.\\w+)+"
              .formatted(
                  ENGLISH.stringPropertyNames().stream()
                      .map(key -> key.substring(0, key.indexOf('.')))
                      .distinct()
                      .collect(Collectors.joining("|"))));
  private static final Set<String> ONLY_ENGLISH =
      ENGLISH.stringPropertyNames().stream()
          .filter(key -> !ENGLISH.getProperty(key).equals(CHINESE.getProperty(key)))
          .map(ENGLISH::getProperty)
          .filter(text -> !CHINESE.containsValue(text))
          .collect(Collectors.toSet());

  private Texts() {}

  /** Keys that stand there in place of texts, and texts with marks that only patterns need. */
  public static List<String> unfinishedAmong(List<String> texts) {
    return texts.stream()
        .filter(text -> text.contains("???") || text.contains("''") || KEY.matcher(text).matches())
        .toList();
  }

  /** English texts that have a translation. */
  public static List<String> englishAmong(List<String> texts) {
    return texts.stream().filter(ONLY_ENGLISH::contains).toList();
  }

  private static Properties read(String name) {
    Path file = Project.locate().root().resolve(FOLDER + name);
    Properties texts = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      texts.load(reader);
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read " + file + ", but failed", e);
    }
  }
}
