package org.caduceus.ledger.ejb;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.OptionalInt;
import org.caduceus.ledger.membership.EpochConfig;
import org.eclipse.microprofile.config.ConfigProvider;

/** Who this node is: its settings, the genesis of its consortium, its seat. Fixed for its life. */
@ApplicationScoped
public class Node {
  private NodeSettings settings;
  private EpochConfig genesis;
  private int self;

  @PostConstruct
  void read() {
    settings = NodeSettings.read(ConfigProvider.getConfig());
    try {
      genesis = EpochConfig.decode(Files.readAllBytes(settings.genesis()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Expected the genesis configuration at " + settings.genesis() + ", but reading failed",
          e);
    }
    OptionalInt seat = genesis.indexOf(settings.member());
    self =
        seat.orElseThrow(
            () ->
                new IllegalStateException(
                    "Expected caduceus.member to be one of the genesis members, but it is not"));
  }

  /** What the configuration says. */
  public NodeSettings settings() {
    return settings;
  }

  /** The first epoch's configuration. */
  public EpochConfig genesis() {
    return genesis;
  }

  /** This member's index. */
  public int self() {
    return self;
  }

  /** This member's id. */
  public String member() {
    return settings.member();
  }
}
