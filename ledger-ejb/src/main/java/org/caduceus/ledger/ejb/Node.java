package org.caduceus.ledger.ejb;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.caduceus.ledger.membership.EpochConfig;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Who this node is: its settings and the genesis of its consortium, in which it need not have a
 * seat. Fixed for its life.
 */
@ApplicationScoped
public class Node {
  private NodeSettings settings;
  private EpochConfig genesis;

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
  }

  /** What the configuration says. */
  public NodeSettings settings() {
    return settings;
  }

  /** The first epoch's configuration. */
  public EpochConfig genesis() {
    return genesis;
  }

  /** This member's id. */
  public String member() {
    return settings.member();
  }
}
