package org.caduceus.deploy.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.Ports;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.faults.Cables;
import org.caduceus.ledger.block.Suite;

/**
 * One consortium of three real nodes for all tests of the whole, because its start takes a minute
 * or two. It runs on free ports, its broker links laid through cables that a test can cut, and ends
 * with the virtual machine of the tests.
 *
 * <p>{@code -Dconsortium=FOLDER} takes one that {@code deploy/demo} has started instead, without
 * cables and left running, which is quicker while writing a test. {@code -Dkeep=true} leaves the
 * files of one made here.
 */
public final class SharedConsortium {
  /** Entries that may wait at a node before it declines. */
  public static final int POOL = 300;

  /** The member that takes HL7 and DICOM in. */
  public static final String HOSPITAL = "hospital-a";

  /** The member that takes EPCIS in. */
  public static final String PHARMACY = "pharmacy-b";

  /** The member that takes nothing in. */
  public static final String REGULATOR = "regulator-c";

  private static SharedConsortium shared;
  private static boolean failed;

  private final Narrator narrator = new Narrator(System.out);
  private final Optional<Cables> cables;
  private final Installation installation;
  private final Cluster cluster;

  private SharedConsortium() {
    String running = System.getProperty("consortium", "");
    if (!running.isEmpty()) {
      installation = Installation.read(Path.of(running).toAbsolutePath());
      cluster = new Cluster(Project.locate(), installation, narrator);
      cables = Optional.empty();
      return;
    }
    try {
      installation =
          new Installation(
              Files.createTempDirectory("caduceus-it"),
              List.of(HOSPITAL, PHARMACY, REGULATOR),
              Ports.freeBase(3),
              Installation.Database.H2,
              "",
              "c0".repeat(32),
              Suite.ES256,
              Installation.Governance.AUTO,
              "1e".repeat(32));
      cables = Optional.of(new Cables(installation));
      cluster = new Cluster(Project.locate(), installation, narrator);
      Runtime.getRuntime().addShutdownHook(new Thread(this::end));
      cluster.prepare(
          cables.get().addresses(),
          Map.of("caduceus.pool.max.waiting", Integer.toString(POOL)),
          1_000);
      cluster.start(installation.members());
    } catch (IOException e) {
      throw new IllegalStateException("Expected to make a consortium, but failed", e);
    }
  }

  /** The consortium, started by the first call. */
  public static synchronized SharedConsortium get() {
    if (failed) {
      throw new IllegalStateException("Expected a consortium, but it did not start before");
    }
    if (shared == null) {
      // Who asks again after a failure must not wait for minutes again.
      failed = true;
      shared = new SharedConsortium();
      failed = false;
    }
    return shared;
  }

  /** Its members and their folders. */
  public Installation installation() {
    return installation;
  }

  /** Its processes. */
  public Cluster cluster() {
    return cluster;
  }

  /** Where tests say what they do. */
  public Narrator narrator() {
    return narrator;
  }

  /** Cuts the links between two members, both ways. */
  void cut(String one, String two) {
    cables.orElseThrow().cut(one, two);
  }

  /** Mends the links between two members. */
  void mend(String one, String two) {
    cables.orElseThrow().mend(one, two);
  }

  private void end() {
    cluster.killAll();
    if (!Boolean.getBoolean("keep")) {
      PrivateFiles.deleteTree(installation.home());
    }
  }
}
