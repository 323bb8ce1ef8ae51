package org.caduceus.enclave;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
 * @param user whom a process that root starts becomes, by name or number; without one it stays the
 *     starter's
 * @param timeout longest wait for one answer
 */
public record EnclaveSettings(
    Path executable,
    Path library,
    Path directory,
    Hash chainId,
    String member,
    Suite suite,
    Optional<String> user,
    Duration timeout) {

  /** With the usual timeout of ten seconds, as the starter's user. */
  public EnclaveSettings(
      Path executable, Path library, Path directory, Hash chainId, String member, Suite suite) {
    this(
        executable,
        library,
        directory,
        chainId,
        member,
        suite,
        Optional.empty(),
        Duration.ofSeconds(10));
  }

  /** The same, but that a process becomes this user, by name or number, if one is given. */
  public EnclaveSettings as(Optional<String> other) {
    return new EnclaveSettings(
        executable, library, directory, chainId, member, suite, other, timeout);
  }

  Path socket() {
    return directory.resolve("tee.sock");
  }

  /** What a start says; beside a folder of somebody else, who could lead a file in it elsewhere. */
  Path startLog() {
    return user.isPresent()
        ? directory.resolveSibling(directory.getFileName() + "-start.log")
        : directory.resolve("start.log");
  }
}
