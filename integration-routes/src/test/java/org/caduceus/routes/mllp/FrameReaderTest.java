package org.caduceus.routes.mllp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private static final int MAX = 200_000;

  /** A socket that hands its bytes out in pieces as small as a network may. */
  private static Socket socket(byte[] bytes, Random random, int largest) {
    return new Socket() {
      @Override
      public InputStream getInputStream() {
        return new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(largest)));
          }
        };
      }

      @Override
      public void setSoTimeout(int timeout) {}
    };
  }

  private static FrameReader reader(byte[] bytes, int maxFrameBytes) throws IOException {
    return new FrameReader(socket(bytes, new Random(1), 64), maxFrameBytes, 1000);
  }

  /**
   * Goal: whatever the pieces in which bytes arrive, every frame comes out once, whole and in
   * order. Method: random frames between random garbage; {@code -Dseed=} repeats a run.
   */
  @Test
  void everyFrameComesOutWhateverThePieces() throws Exception {
    long seed = Long.getLong("seed", 7);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      List<Bytes> sent = new ArrayList<>();
      long garbage = 0;
      for (int i = random.nextInt(20); i > 0; i--) {
        for (int g = random.nextInt(3) == 0 ? random.nextInt(40) : 0; g > 0; g--) {
          wire.write('a' + random.nextInt(26));
          garbage++;
        }
        byte[] content = content(random);
        sent.add(Bytes.of(content));
        wire.writeBytes(MllpClient.frame(content));
      }
      FrameReader reader =
          new FrameReader(
              socket(wire.toByteArray(), random, 1 + random.nextInt(20_000)), MAX, 1000);
      List<Bytes> received = new ArrayList<>();
      long skipped = 0;
      while (reader.next() instanceof FrameReader.Next.Frame(Bytes content)) {
        received.add(content);
        skipped += reader.takeGarbage();
      }
      assertEquals(sent, received, "seed " + seed + ", round " + round);
      assertEquals(garbage, skipped, "seed " + seed + ", round " + round);
    }
  }

  /** Any bytes but an end block; start blocks and lone file separators are content. */
  private static byte[] content(Random random) {
    byte[] content = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 300)];
    random.nextBytes(content);
    for (int i = 0; i < content.length; i++) {
      if (content[i] == 0x1c && (i + 1 == content.length || content[i + 1] == 0x0d)) {
        content[i] = 0x0b;
      }
    }
    return content;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 8190, 8192, 60_000})
  void theLimitIsExact(int max) throws Exception {
    assertInstanceOf(
        FrameReader.Next.Frame.class, reader(MllpClient.frame(new byte[max]), max).next());
    assertInstanceOf(
        FrameReader.Next.TooLarge.class, reader(MllpClient.frame(new byte[max + 1]), max).next());
    byte[] endless = new byte[max + 4];
    endless[0] = 0x0b;
    assertInstanceOf(FrameReader.Next.TooLarge.class, reader(endless, max).next());
  }

  @Test
  void theEndInsideAFrameSaysWhatIsDropped() throws Exception {
    FrameReader.Next.End end =
        assertInstanceOf(
            FrameReader.Next.End.class, reader(new byte[] {'x', 0x0b, 1, 2, 0x1c}, MAX).next());
    assertEquals(3, end.dropped());
  }

  @Test
  void endlessGarbageEndsTheConnection() throws Exception {
    FrameReader reader =
        reader("x".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII), 50);
    assertInstanceOf(FrameReader.Next.End.class, reader.next());
  }
}
