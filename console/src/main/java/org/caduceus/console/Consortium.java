package org.caduceus.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The genesis configuration that this node was installed with: whom receipts are checked against.
 */
@ApplicationScoped
public class Consortium {
  private volatile EpochConfig genesis;

  /**
   * The genesis configuration.
   *
   * @throws UncheckedIOException if the file of {@code caduceus.genesis} cannot be read
   * @throws org.caduceus.ledger.MalformedException if it is not a configuration
   */
  public EpochConfig genesis() {
    EpochConfig known = genesis;
    if (known == null) {
      String file = ConfigProvider.getConfig().getValue("caduceus.genesis", String.class);
      try {
        known = EpochConfig.decode(Files.readAllBytes(Path.of(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Expected the genesis file to be readable, but it is not", e);
      }
      genesis = known;
    }
    return known;
  }

  /**
   * The member at an index, or the index itself as text when the configuration has no such seat.
   */
  public static String memberId(EpochConfig config, int index) {
    List<Member> members = config.members();
    return index < members.size() ? members.get(index).id() : "#" + index;
  }

  /** Indexes of the members who signed a certificate, ascending: the order of its signatures. */
  public static int[] signerIndexes(QuorumCertificate certificate) {
    return IntStream.range(0, Long.SIZE)
        .filter(i -> (certificate.signers() >>> i & 1) == 1)
        .toArray();
  }
}
