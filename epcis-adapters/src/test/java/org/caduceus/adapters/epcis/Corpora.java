package org.caduceus.adapters.epcis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Files of others to test with, named by {@code -Dcorpora}; a test without them is skipped aloud.
 */
final class Corpora {
  private Corpora() {}

  /** A corpus folder, or the calling test is skipped. */
  static Path folder(String name) {
    Path folder = Path.of(System.getProperty("corpora", "absent")).resolve(name);
    if (!Files.isDirectory(folder)) {
      System.err.println("SKIPPED: the corpus " + name + " is absent; set -Dcorpora=DIR");
    }
    Assumptions.assumeTrue(Files.isDirectory(folder), "corpus " + name + " is absent");
    return folder;
  }

  /** The corpus's files whose name passes, sorted. */
  static List<Path> files(String name, Predicate<String> wanted) {
    try (Stream<Path> files = Files.list(folder(name))) {
      return files.filter(file -> wanted.test(file.getFileName().toString())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All bytes of {@code file}. */
  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
