package org.caduceus.routes.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies cut into pieces at any place give the same parts; broken ones are refused. */
class MultipartBodyTest {

  /** Gives few bytes at a time, as a network does. */
  private static final class Pieces extends FilterInputStream {
    private final Random random;
    private final int most;

    Pieces(byte[] body, Random random, int most) {
      super(new ByteArrayInputStream(body));
      this.random = random;
      this.most = most;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
    }
  }

  @Test
  void partsComeOutAsTheyWentInHoweverTheyArrive() throws IOException {
    long seed = Long.getLong("seed", 11L);
    Random random = new Random(seed);
    String boundary = "--a";
    for (int run = 0; run < 300; run++) {
      List<byte[]> parts = new ArrayList<>();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.writeBytes(ascii(random.nextBoolean() ? "" : "a preamble\r\n"));
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte[] part = tricky(random);
        parts.add(part);
        body.writeBytes(ascii("--" + boundary + " \r\nContent-Type: x/y\r\n\r\n"));
        body.writeBytes(part);
        body.writeBytes(ascii("\r\n"));
      }
      body.writeBytes(ascii("--" + boundary + "--\r\nan epilogue"));
      int most = random.nextBoolean() ? 3 : 100_000;
      MultipartBody read =
          new MultipartBody(new Pieces(body.toByteArray(), random, most), boundary);
      for (byte[] expected : parts) {
        MultipartBody.Part part = read.next().orElseThrow();
        assertEquals(Optional.of("x/y"), part.header("content-type"));
        if (random.nextInt(4) > 0) {
          assertArrayEquals(expected, part.body().readAllBytes(), "seed " + seed + " run " + run);
          assertEquals(-1, part.body().read());
        }
      }
      assertTrue(read.next().isEmpty());
      assertTrue(read.next().isEmpty());
    }
  }

  /** Data made of pieces of the delimiter itself, and sometimes longer than the buffer. */
  private static byte[] tricky(Random random) {
    String[] words = {
      "\r", "\n", "\r\n", "\r\n-", "\r\n--", "\r\n----", "\r\n----b", "-", "a", "\0"
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(20) == 0 ? 60_000 : random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append(words[random.nextInt(words.length)]);
    }
    // Only the boundary itself may not occur.
    return ascii(text.toString().replace("\r\n----a", "\r\n----b"));
  }

  @Test
  void aPartMayBeEmptyWithOrWithoutItsLineEnd() throws IOException {
    for (String body :
        List.of("--x\r\n\r\n\r\n--x--", "--x\r\n\r\n--x--", "--x\nA: b\n\n\r\n--x--")) {
      MultipartBody read = new MultipartBody(stream(body), "x");
      assertEquals(0, read.next().orElseThrow().body().readAllBytes().length, body);
      assertTrue(read.next().isEmpty(), body);
    }
  }

  @Test
  void twoEmptyPartsAreTwo() throws IOException {
    MultipartBody read = new MultipartBody(stream("--x\r\n\r\n--x\r\n\r\nabc\r\n--x--"), "x");
    assertEquals(0, read.next().orElseThrow().body().readAllBytes().length);
    assertArrayEquals(ascii("abc"), read.next().orElseThrow().body().readAllBytes());
    assertTrue(read.next().isEmpty());
  }

  @Test
  void anEarlierPartGivesNothingMore() throws IOException {
    MultipartBody read = new MultipartBody(stream("--x\r\n\r\nab\r\n--x\r\n\r\ncd\r\n--x--"), "x");
    InputStream first = read.next().orElseThrow().body();
    assertEquals('a', first.read());
    InputStream second = read.next().orElseThrow().body();
    assertEquals(-1, first.read());
    assertArrayEquals(ascii("cd"), second.readAllBytes());
  }

  @Test
  void brokenBodiesAreRefused() {
    List<String> bodies =
        List.of(
            "",
            "no boundary",
            "--x",
            "--x\r\n",
            "--x\r\nA: b",
            "--x\r\nno colon\r\n\r\nab\r\n--x--",
            "--x\r\n\r\nab",
            "--x\r\n\r\nab\r\n--",
            "--x\r\nA: " + "b".repeat(9_000) + "\r\n\r\nab\r\n--x--",
            "--x\r\n" + "A: b\r\n".repeat(3_000) + "\r\nab\r\n--x--");
    for (String body : bodies) {
      assertThrows(
          MalformedMultipart.class,
          () -> drain(body),
          body.substring(0, Math.min(20, body.length())));
    }
    assertThrows(MalformedMultipart.class, () -> new MultipartBody(stream("x"), ""));
    assertThrows(MalformedMultipart.class, () -> new MultipartBody(stream("x"), "x".repeat(71)));
  }

  @Test
  void aBodyCutAnywhereIsRefused() throws IOException {
    String body = "--x\r\nA: b\r\n\r\nab\r\n--x\r\n\r\ncd\r\n--x--";
    drain(body);
    for (int length = 0; length < body.length(); length++) {
      String cut = body.substring(0, length);
      assertThrows(MalformedMultipart.class, () -> drain(cut), "cut at " + length);
    }
  }

  private static void drain(String body) throws IOException {
    MultipartBody read = new MultipartBody(stream(body), "x");
    for (Optional<MultipartBody.Part> part = read.next(); part.isPresent(); part = read.next()) {
      part.get().body().readAllBytes();
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
