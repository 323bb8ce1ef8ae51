package org.caduceus.enclave;

import java.nio.file.Path;
import java.time.Duration;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;

/**
 * Where an enclave lives and for whom.
 *
 * @param executable {@code caduceus-teed}
 * @param library {@code libteeclient.so}
 * @param directory the member's enclave folder, mode 0700: socket, lock, sealed state, log
 * @param chainId the consortium
 * @param member id of the institution
 * @param suite what the instance signs and seals with, for its life and that of its sealed state
 * @param timeout longest wait for one answer
 */
public record EnclaveSettings(
    Path executable,
    Path library,
    Path directory,
    Hash chainId,
    String member,
    Suite suite,
    Duration timeout) {

  /** With the usual timeout of ten seconds. */
  public EnclaveSettings(
      Path executable, Path library, Path directory, Hash chainId, String member, Suite suite) {
    this(executable, library, directory, chainId, member, suite, Duration.ofSeconds(10));
  }

  Path socket() {
    return directory.resolve("tee.sock");
  }
}
