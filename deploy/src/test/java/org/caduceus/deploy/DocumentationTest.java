package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation names things that exist. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern TYPE = Pattern.compile("`(org\\.caduceus\\.[\\w.]+)`");

  @Test
  void everyDecisionHasANumberOfItsOwn() throws IOException {
    Map<String, List<String>> byNumber;
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
      byNumber =
          files
              .map(file -> file.getFileName().toString())
              .collect(
                  Collectors.groupingBy(
                      name -> name.substring(0, 4), TreeMap::new, Collectors.toList()));
    }
    assertFalse(byNumber.isEmpty());
    byNumber.forEach(
        (number, names) -> assertEquals(1, names.size(), () -> number + " is taken by " + names));
  }

  @Test
  void everyDecisionHasTheFourParts() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        for (String part : List.of("## Status", "## Context", "## Decision", "## Consequences")) {
          assertTrue(text.contains(part), () -> file + " lacks " + part);
        }
      }
    }
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !Files.exists(page.getParent().resolve(target))) {
          broken.add(ROOT.relativize(page) + " -> " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyTypeOfTheGlossaryExists() throws IOException {
    Matcher type = TYPE.matcher(Files.readString(ROOT.resolve("docs/glossary.md")));
    List<String> missing = new ArrayList<>();
    while (type.find()) {
      String path = "src/main/java/" + type.group(1).replace('.', '/') + ".java";
      if (!Files.exists(ROOT.resolve("ledger-core").resolve(path))) {
        missing.add(type.group(1));
      }
    }
    assertEquals(List.of(), missing);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> enclave = Files.list(ROOT.resolve("enclave"))) {
      return Stream.of(top, docs, enclave)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }
}
