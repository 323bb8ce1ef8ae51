package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The keys of an enclave are in no heap dump of the virtual machine that used them. The enclave is
 * the test build, which tells its keys when asked; it is asked after the dump was written.
 */
class HeapDumpTest {
  /** Of the test build: record key, signing scalar and exchange scalar, 32 bytes each. */
  private static final short TELL_SECRETS = (short) 0xff02;

  private static final int SECRET_LENGTH = 32;
  private static final int SECRETS = 3;
  private static final int PIECE = 16;

  /** What this virtual machine does hold must be found, or the search proves nothing. */
  private final byte[] planted = Hash.sha256("planted".getBytes(StandardCharsets.UTF_8)).toArray();

  @TempDir Path home;

  @Test
  void noKeyOfTheEnclaveIsInADumpOfItsClient() throws Exception {
    Path usual = Path.of(System.getProperty("enclave.executable"));
    EnclaveSettings settings =
        new EnclaveSettings(
            usual.resolveSibling("caduceus-teed-hooked"),
            Path.of(System.getProperty("enclave.library")),
            home.resolve("enclave"),
            SampleEntries.CHAIN,
            SampleConsortium.id(0),
            Suite.ES256);
    try {
      use(settings);
      Path dump = home.resolve("heap.hprof");
      dump(dump);
      assertTrue(holds(dump, planted), "Expected to find what is in the heap");
      byte[] secrets = secrets(settings);
      for (int i = 0; i < SECRETS; i++) {
        byte[] secret = Arrays.copyOfRange(secrets, i * SECRET_LENGTH, (i + 1) * SECRET_LENGTH);
        for (int at = 0; at < SECRET_LENGTH; at += PIECE) {
          assertFalse(
              holds(dump, Arrays.copyOfRange(secret, at, at + PIECE)),
              "Expected no part of secret " + i + " in the heap");
        }
      }
    } finally {
      SampleEnclave.kill(settings);
    }
  }

  private static void use(EnclaveSettings settings) {
    try (EnclaveProcess process = EnclaveProcess.open(settings)) {
      EnclaveClient client = new EnclaveClient(process);
      Bytes context = Bytes.of("context".getBytes(StandardCharsets.UTF_8));
      Bytes entry = SampleEntries.entry(SampleEntries.CHAIN, SampleConsortium.id(0), 1).encode();
      for (int i = 0; i < 200; i++) {
        client.evidence(Hash.ZERO);
        client.sign(entry);
        assertEquals(entry, client.open(context, client.seal(context, entry)));
      }
    }
  }

  private static byte[] secrets(EnclaveSettings settings) {
    int handle = TeeClientLibrary.tee_connect(settings.socket().toString(), 2_000);
    assertTrue(handle >= 0, "Expected a connection");
    try (CallMemory memory = new CallMemory()) {
      int length = SECRETS * SECRET_LENGTH;
      memory.put(new byte[0], new byte[0], length);
      assertEquals(
          0,
          TeeClientLibrary.tee_call(
              handle,
              TELL_SECRETS,
              memory.request(),
              0,
              memory.answer(),
              length,
              memory.answerLength(),
              2_000));
      byte[] answer = memory.take();
      assertEquals(length, answer.length);
      return answer;
    } finally {
      TeeClientLibrary.tee_close(handle);
    }
  }

  /** All objects, those too that nothing refers to any more. */
  private static void dump(Path file) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), false);
  }

  private static boolean holds(Path file, byte[] wanted) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int size = 1 << 22;
      byte[] chunk = new byte[size + wanted.length];
      for (long at = 0; at < channel.size(); at += size) {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        int read = 0;
        while (read >= 0 && buffer.hasRemaining()) {
          read = channel.read(buffer, at + buffer.position());
        }
        if (indexOf(chunk, buffer.position(), wanted) >= 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static int indexOf(byte[] text, int length, byte[] wanted) {
    for (int at = 0; at + wanted.length <= length; at++) {
      if (text[at] == wanted[0]
          && Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }
}
