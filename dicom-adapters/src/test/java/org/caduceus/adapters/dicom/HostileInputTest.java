package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, the adapter answers with a record or a refusal in a standard code, soon and
 * without an exception. Files are cut at every byte and have bits flipped; {@code -Dseed=} replays.
 */
class HostileInputTest {
  private static final long SEED = Long.getLong("seed", 20_260_101L);
  private static final int FLIPS = 3_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  private static List<byte[]> files() {
    return Stream.of(
            SampleFile.IMPLICIT,
            SampleFile.EXPLICIT,
            SampleFile.BIG_ENDIAN,
            SampleFile.DEFLATED,
            SampleFile.JPEG)
        .map(HostileInputTest::file)
        .toList();
  }

  private static byte[] file(String syntax) {
    SampleFile file = new SampleFile(syntax);
    file.text(Tag.SPECIFIC_CHARACTER_SET, "CS", "\\ISO 2022 IR 87");
    file.text(Tag.SOP_CLASS_UID, "UI", SampleFile.SECONDARY_CAPTURE);
    file.text(Tag.SOP_INSTANCE_UID, "UI", SampleFile.INSTANCE);
    SampleFile item = file.piece().text(0x00081150, "UI", "1.2.3");
    file.sequence(0x00081115, file.piece().delimitedSequence(0x00081199, item, item));
    file.delimitedSequence(0x00081140, item, file.piece().sequence(0x00081199, item));
    file.text(Tag.PATIENT_NAME, "PN", "Yamada^Tarou=\33$B;3ED\33(B^\33$BB@O:\33(B");
    file.text(Tag.STUDY_INSTANCE_UID, "UI", SampleFile.STUDY);
    file.text(Tag.SERIES_INSTANCE_UID, "UI", SampleFile.SERIES);
    file.us(Tag.ROWS, 4).us(Tag.COLUMNS, 4);
    file.value(0x00291001, "UN", new byte[] {(byte) 0xfe, (byte) 0xff, 0, (byte) 0xe0, 0, 0, 0, 0});
    return (syntax.equals(SampleFile.JPEG)
            ? file.fragments(Tag.PIXEL_DATA, new byte[0], new byte[20])
            : file.value(Tag.PIXEL_DATA, "OW", new byte[32]))
        .file();
  }

  @Test
  void aFileCutAnywhereIsAnswered() {
    for (byte[] file : files()) {
      for (int length = 0; length < file.length; length++) {
        check(Arrays.copyOf(file, length), "cut at " + length);
      }
    }
  }

  @Test
  void flippedBitsAreAnswered() {
    Random random = new Random(SEED);
    for (byte[] file : files()) {
      for (int i = 0; i < FLIPS; i++) {
        byte[] broken = file.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          broken[128 + random.nextInt(file.length - 128)] ^= (byte) (1 << random.nextInt(8));
        }
        check(broken, "seed " + SEED + ", file " + i);
      }
    }
  }

  @Test
  void spliceOfAnyTwoFilesIsAnswered() {
    Random random = new Random(SEED);
    List<byte[]> files = files();
    for (int i = 0; i < FLIPS; i++) {
      byte[] head = files.get(random.nextInt(files.size()));
      byte[] tail = files.get(random.nextInt(files.size()));
      int at = 132 + random.nextInt(head.length - 132);
      int from = 132 + random.nextInt(tail.length - 132);
      byte[] both = Arrays.copyOf(head, at + tail.length - from);
      System.arraycopy(tail, from, both, at, tail.length - from);
      check(both, "seed " + SEED + ", splice " + i);
    }
  }

  @Test
  void lengthsBeyondTheFileCostNothing() {
    for (String syntax : List.of(SampleFile.EXPLICIT, SampleFile.IMPLICIT)) {
      for (long length : new long[] {0x7fffffffL, 0x80000000L, 0xfffffffeL}) {
        for (String vr : List.of("OB", "UT", "SQ", "UN")) {
          SampleFile file = new SampleFile(syntax).text(0x00080008, "CS", "A");
          int tag = vr.equals("SQ") || vr.equals("UN") ? 0x00081115 : 0x00420011;
          check(file.header(tag, vr, length).file(), vr + " of " + length);
        }
      }
    }
  }

  private static void check(byte[] file, String what) {
    DicomInstance instance = assertTimeoutPreemptively(SOON, () -> Reading.read(file), what);
    switch (instance.canonicalisation()) {
      case Canonical(var record) ->
          assertTrue(record.metadata().values().stream().allMatch(v -> v.length() <= 64), what);
      case Refused refused -> {
        assertTrue(refused.code().matches("A700|A900|C000|C122|0117"), what + refused);
        assertTrue(refused.location().matches("|\\([0-9a-f]{4},[0-9a-f]{4}\\)"), what + refused);
        assertTrue(refused.reason().startsWith("Expected "), what + refused);
      }
    }
  }
}
