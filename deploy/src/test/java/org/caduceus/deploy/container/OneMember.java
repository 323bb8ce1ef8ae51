package org.caduceus.deploy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.Narrator;
import org.caduceus.deploy.Ports;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.ledger.block.Suite;

/**
 * A consortium of one: a server as the consortium tool makes it, without the application, which
 * Arquillian deploys. It ends with the virtual machine of the tests.
 */
final class OneMember {
  private static final String MEMBER = "hospital-a";
  private static final int FIRST_TIMEOUT_MS = 1_000;

  private static OneMember running;

  private final Installation installation;
  private final Cluster cluster;

  private OneMember() throws IOException {
    installation =
        new Installation(
            Files.createTempDirectory("caduceus-one"),
            List.of(MEMBER),
            freePortBase(),
            Installation.Database.H2,
            "",
            "c1".repeat(32),
            Suite.ES256,
            Installation.Governance.AUTO,
            "1f".repeat(32));
    cluster = new Cluster(Project.locate(), installation, new Narrator(System.out));
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    cluster.prepare(Map.of(), Map.of(), FIRST_TIMEOUT_MS);
    cluster.startServer(MEMBER);
    System.setProperty("one.member.admin.port", Integer.toString(home().ports().admin()));
    System.setProperty(
        "one.member.admin.password", home().secretValues().getProperty("server.admin"));
  }

  /** The member, its server started by the first call. */
  static synchronized OneMember running() throws IOException {
    if (running == null) {
      running = new OneMember();
    }
    return running;
  }

  /** Its folder and ports. */
  MemberHome home() {
    return installation.memberHome(MEMBER);
  }

  private void end() {
    cluster.killAll();
    if (!Boolean.getBoolean("keep")) {
      PrivateFiles.deleteTree(installation.home());
    }
  }

  private static int freePortBase() {
    for (int base = 20_000; base < 60_000; base += 1_000) {
      if (Ports.of(base, 0).all().stream().allMatch(Ports::isFree)) {
        return base;
      }
    }
    throw new IllegalStateException("Expected free ports above 20000, but there are none");
  }
}
