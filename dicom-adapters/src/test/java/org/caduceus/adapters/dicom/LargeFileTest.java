package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Size must not matter: 200 MB of pixels, and the worst metadata, in a heap of 64 MB. */
class LargeFileTest {
  private static final int MEGABYTE = 1024 * 1024;
  private static final int MEGABYTES = 200;

  /** Runs in a Java machine of its own. */
  public static final class SmallHeap {
    private SmallHeap() {}

    public static void main(String[] arguments) throws IOException {
      switch (arguments[0]) {
        case "native" -> System.out.println(pixels(false));
        case "encapsulated" -> System.out.println(pixels(true));
        case "metadata" -> System.out.println(metadata());
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }

    private static String pixels(boolean encapsulated) throws IOException {
      SampleFile file = SampleFile.instance(encapsulated ? SampleFile.JPEG : SampleFile.EXPLICIT);
      file.us(Tag.ROWS, 4096);
      if (encapsulated) {
        file.header(Tag.PIXEL_DATA, "OB", SampleFile.UNDEFINED);
        file.tag(Tag.ITEM).number(0, 4).tag(Tag.ITEM);
      } else {
        file.header(Tag.PIXEL_DATA, "OW", SampleFile.UNDEFINED - 1);
        file = start(file);
      }
      file.number((long) MEGABYTES * MEGABYTE, 4);
      byte[] end =
          encapsulated
              ? file.piece().tag(Tag.SEQUENCE_DELIMITATION).number(0, 4).bytes()
              : new byte[0];
      InputStream stream =
          new SequenceInputStream(
              Collections.enumeration(
                  List.of(
                      new ByteArrayInputStream(file.file()),
                      megabytes(),
                      new ByteArrayInputStream(end))));
      CanonicalRecord record = Reading.record(new DicomAdapter().part10(stream, "test"));
      MessageDigest expected = Hash.newSha256();
      expected.update(file.bytes());
      byte[] zeros = new byte[MEGABYTE];
      for (int i = 0; i < MEGABYTES; i++) {
        expected.update(zeros);
      }
      expected.update(end);
      return Hash.of(expected.digest()).equals(record.contentHash()) ? "same" : "other";
    }

    /** The file so far without the placeholder of the length. */
    private static SampleFile start(SampleFile file) {
      byte[] bytes = file.bytes();
      return file.piece().raw(Arrays.copyOf(bytes, bytes.length - 4));
    }

    private static InputStream megabytes() {
      byte[] zeros = new byte[MEGABYTE];
      return new SequenceInputStream(
          Collections.enumeration(
              Stream.generate(() -> (InputStream) new ByteArrayInputStream(zeros))
                  .limit(MEGABYTES)
                  .collect(Collectors.toList())));
    }

    private static String metadata() {
      StringBuilder text = new StringBuilder("[");
      text.append("{\"00081115\":{\"vr\":\"SQ\",\"Value\":[");
      text.append("{},".repeat(DicomJsonReader.MAX_VALUES - 100)).append("{}]}}]");
      byte[] json = text.toString().getBytes(StandardCharsets.US_ASCII);
      String refused =
          Reading.refused(Reading.readJson(new String(json, StandardCharsets.US_ASCII))).code();
      SampleFile file = SampleFile.instance(SampleFile.EXPLICIT);
      byte[] controls = new byte[60_000];
      Arrays.fill(controls, (byte) 1);
      for (int i = 0; i < 50; i++) {
        file.value(0x00400280 + 0x20000 * i, "UT", controls);
      }
      return refused + " " + Reading.refused(file.file()).code();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"native", "encapsulated"})
  void pixelsAreNeverHeld(String kind) throws Exception {
    assertEquals("same", run(kind));
  }

  @Test
  void metadataStaysWithinItsBounds() throws Exception {
    assertEquals("A900 A700", run("metadata"));
  }

  private static String run(String argument) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                SmallHeap.class.getName(),
                argument)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return output.strip();
  }
}
