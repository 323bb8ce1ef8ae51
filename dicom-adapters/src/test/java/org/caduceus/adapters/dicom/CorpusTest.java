package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Files that other people wrote, right and wrong ones ({@code -Dcorpora=DIR}, folders {@code
 * dicom-pydicom} and {@code dicom-pydicom-charset}). Skipped where they are not at hand.
 */
class CorpusTest {
  private static final Path CORPORA = Path.of(System.getProperty("corpora", "absent"));
  private static final Path FILES = CORPORA.resolve("dicom-pydicom");
  private static final Path CHARSETS = CORPORA.resolve("dicom-pydicom-charset");

  @BeforeAll
  static void needsTheFiles() {
    boolean present = Files.isDirectory(FILES) && Files.isDirectory(CHARSETS);
    if (!present) {
      System.out.println("SKIPPED: no DICOM corpora in " + CORPORA.toAbsolutePath());
    }
    assumeTrue(present, "no DICOM corpora");
  }

  @Test
  void everyFileIsARecordOrRefusedForAReason() throws IOException {
    Map<String, Integer> table = new TreeMap<>();
    List<String> refusals = new ArrayList<>();
    for (Path path : files(FILES, CHARSETS)) {
      String outcome =
          switch (Reading.read(Files.readAllBytes(path)).canonicalisation()) {
            case Canonical(var record) ->
                "record   " + record.metadata().getOrDefault("transferSyntaxUid", "(none named)");
            case Refused(var code, var location, var reason) -> {
              refusals.add(path.getFileName() + " " + code + " " + location + " " + reason);
              yield "refused  " + code + " " + location;
            }
          };
      table.merge(outcome, 1, Integer::sum);
    }
    table.forEach((outcome, count) -> System.out.printf("| %3d | %s%n", count, outcome));
    refusals.forEach(System.out::println);
    // Without a study or series, without any UID, with a stray first byte, cut off: 13 files.
    Map<String, Integer> refused = new TreeMap<>(table);
    refused.keySet().removeIf(outcome -> !outcome.startsWith("refused"));
    assertEquals(
        Map.of(
            "refused  A900 (0020,000d)", 4,
            "refused  A900 (0008,0016)", 6,
            "refused  C000 ", 1,
            "refused  C000 (7fe0,0010)", 1,
            "refused  C000 (300a,012c)", 1),
        refused);
    assertEquals(87, table.values().stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void namesAreReadInTheirCharacterSets() throws IOException {
    Map<String, String> names =
        Map.of(
            "chrArab", "قباني^لنزار",
            "chrFren", "Buc^Jérôme",
            "chrFrenMulti", "Buc^Jérôme",
            "chrGerm", "Äneas^Rüdiger",
            "chrGreek", "Διονυσιος",
            "chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう",
            "chrI2", "Hong^Gildong=洪^吉洞=홍^길동",
            "chrRuss", "Люкceмбypг",
            "chrX1", "Wang^XiaoDong=王^小東");
    int seen = 0;
    for (Path path : files(CHARSETS)) {
      String file = path.getFileName().toString().replaceAll(".*_|\\.dcm", "");
      CanonicalRecord record = Reading.record(Files.readAllBytes(path));
      String name =
          new String(record.committed().get("patientName").toArray(), StandardCharsets.UTF_8);
      assertEquals(names.get(file), name, file);
      seen++;
    }
    assertEquals(names.size(), seen);
  }

  /** Both writers of the JSON model must agree, and our own output must pass our own checks. */
  @Test
  void metadataOfAFileReadAsJsonIsTheSame() throws IOException {
    int compared = 0;
    for (Path path : files(FILES, CHARSETS)) {
      if (Reading.read(Files.readAllBytes(path)).canonicalisation()
          instanceof Canonical(var record)) {
        String json = new String(record.payload().toArray(), StandardCharsets.UTF_8);
        assertEquals(
            record.payload(), Reading.record(Reading.readJson(json)).payload(), path.toString());
        compared++;
      }
    }
    assertTrue(compared > 70, "compared " + compared);
  }

  /** One image in six encodings has one content: only the encoding of it differs. */
  @Test
  void aTranscodedImageHasTheSameMetadata() throws IOException {
    CanonicalRecord little = Reading.record(read("MR_small.dcm"));
    for (String other : List.of("MR_small_implicit.dcm", "MR_small_bigendian.dcm")) {
      CanonicalRecord record = Reading.record(read(other));
      Map<String, String> metadata = new TreeMap<>(record.metadata());
      metadata.put("transferSyntaxUid", SampleFile.EXPLICIT);
      assertEquals(little.metadata(), metadata, other);
      assertEquals(little.committed().get("patientId"), record.committed().get("patientId"));
    }
  }

  @Test
  void cutAndDamagedFilesAreAnswered() throws IOException {
    Random random = new Random(Long.getLong("seed", 7L));
    for (String name :
        List.of("rtplan.dcm", "reportsi.dcm", "priv_SQ.dcm", "JPEG2000.dcm", "UN_sequence.dcm")) {
      byte[] file = read(name);
      for (int length = 0; length < file.length; length++) {
        Reading.read(Arrays.copyOf(file, length));
      }
      for (int i = 0; i < 2_000; i++) {
        byte[] broken = file.clone();
        broken[128 + random.nextInt(file.length - 128)] = (byte) random.nextInt();
        Reading.read(broken);
      }
    }
  }

  private static byte[] read(String name) throws IOException {
    return Files.readAllBytes(FILES.resolve("src_pydicom_data_test_files_" + name));
  }

  private static List<Path> files(Path... folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> list = Files.list(folder)) {
        list.filter(path -> path.toString().endsWith(".dcm")).sorted().forEach(files::add);
      }
    }
    return files;
  }
}
