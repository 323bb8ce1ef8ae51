package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.VoterLog;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which key a voting process has after restarts, lost logs and crashes in between. */
final class ProcessVoterTest {
  @TempDir private Path folder;

  private final Map<Bytes, List<Bytes>> logs = new HashMap<>();

  /** Seals nothing: what is sealed how is the enclave's matter and tested there. */
  private static final Enclave OPEN =
      new Enclave() {
        @Override
        public EnclaveInfo info() {
          throw new UnsupportedOperationException();
        }

        @Override
        public Bytes evidence(Hash nonce) {
          throw new UnsupportedOperationException();
        }

        @Override
        public SignedEntry sign(Bytes entry) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Bytes seal(Bytes context, Bytes plaintext) {
          return plaintext;
        }

        @Override
        public Bytes open(Bytes context, Bytes sealed) {
          return sealed;
        }
      };

  private VoterLog log(Bytes key) {
    List<Bytes> records = logs.computeIfAbsent(key, any -> new ArrayList<>());
    return new VoterLog() {
      @Override
      public List<Bytes> records() {
        return List.copyOf(records);
      }

      @Override
      public boolean append(Bytes record) {
        return records.add(record);
      }
    };
  }

  private Bytes keyAfterStart() {
    return new ProcessVoter(file(), Suite.ES256, OPEN, this::log, SignatureVerifier.es256())
        .open()
        .votingKey();
  }

  private Path file() {
    return folder.resolve("voter.key");
  }

  private Path mark() {
    return folder.resolve("voter.key.new");
  }

  @Test
  void aKeyOutlivesItsProcess() throws IOException {
    Bytes key = keyAfterStart();

    assertEquals(key, keyAfterStart());
    assertEquals(1, logs.get(key).size());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    assertTrue(Files.notExists(mark()));
  }

  @Test
  void aKeyWithoutItsLogNeverSignsAgain() {
    Bytes key = keyAfterStart();
    logs.clear();

    assertNotEquals(key, keyAfterStart());
  }

  @Test
  void aCrashBeforeTheFirstRecordOfAKeyLosesNothing() throws IOException {
    Bytes key = keyAfterStart();
    logs.clear();
    Files.write(mark(), key.toArray());

    assertEquals(key, keyAfterStart());
  }

  /** The mark of the next key was written, the key was not; the one that is there lost its log. */
  @Test
  void theMarkOfAnotherKeyDoesNotSpeakForThisOne() throws IOException {
    Bytes key = keyAfterStart();
    logs.clear();
    Files.write(mark(), new byte[] {4, 2});

    assertNotEquals(key, keyAfterStart());
    assertTrue(Files.notExists(mark()));
  }

  @Test
  void aKeyWithAnAlteredLogNeverSignsAgain() {
    Bytes key = keyAfterStart();
    byte[] altered = logs.get(key).getFirst().toArray();
    altered[altered.length - 1] ^= 1;
    logs.put(key, new ArrayList<>(List.of(Bytes.wrap(altered))));

    assertNotEquals(key, keyAfterStart());
  }
}
