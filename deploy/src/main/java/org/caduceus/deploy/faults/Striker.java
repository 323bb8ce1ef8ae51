package org.caduceus.deploy.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.caduceus.deploy.Cluster;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.RecordedProcess;
import org.caduceus.deploy.load.SeededLoad;

/** Makes faults happen, one at a time. */
final class Striker {
  private static final Duration DRAIN = Duration.ofSeconds(90);

  private final Cluster cluster;
  private final Cables cables;
  private final Map<String, SeededLoad> loads;
  private final Random random;

  Striker(Cluster cluster, Cables cables, Map<String, SeededLoad> loads, Random random) {
    this.cluster = cluster;
    this.cables = cables;
    this.loads = loads;
    this.random = random;
  }

  /**
   * A fault that lasts.
   *
   * @param whom the members it struck, in words
   * @param goesOn whether the others are a quorum that must go on meanwhile
   * @param repair ends it
   */
  record Struck(String whom, boolean goesOn, Runnable repair) {}

  /** By the faults' weights. */
  Fault pick() {
    int sum = 0;
    for (Fault fault : Fault.values()) {
      sum += fault.weight();
    }
    int left = random.nextInt(sum);
    for (Fault fault : Fault.values()) {
      left -= fault.weight();
      if (left < 0) {
        return fault;
      }
    }
    throw new IllegalStateException("Expected a fault");
  }

  /** Lets it happen to members of its choice. */
  Struck strike(Fault fault) {
    List<String> members = new ArrayList<>(cluster.installation().members());
    Collections.shuffle(members, random);
    String one = members.get(0);
    String two = members.get(1);
    return switch (fault) {
      case NODE_KILLED -> {
        cluster.kill(one);
        yield new Struck(one, true, () -> cluster.start(List.of(one)));
      }
      case NODE_RESTARTED -> {
        cluster.stop(one);
        yield new Struck(one, true, () -> cluster.start(List.of(one)));
      }
      case NODE_FROZEN -> frozen(one, home(one).node().orElseThrow());
      case ENCLAVE_KILLED -> {
        cluster.killEnclave(one);
        yield new Struck(one, true, () -> {});
      }
      case ENCLAVE_FROZEN -> frozen(one, home(one).enclaveProcess().orElseThrow());
      case MACHINE_KILLED -> {
        cluster.kill(one);
        cluster.killEnclave(one);
        yield new Struck(one, true, () -> cluster.start(List.of(one)));
      }
      case LINK_CUT -> {
        cables.cut(one, two);
        yield new Struck(one + " and " + two, true, cables::mendAll);
      }
      case LINK_CUT_ONE_WAY -> {
        cables.cutOneWay(one, two);
        yield new Struck(one + " to " + two, true, cables::mendAll);
      }
      case LINK_FLAPS -> flapping(one, two);
      case MEMBER_ISOLATED -> {
        members.subList(1, members.size()).forEach(other -> cables.cut(one, other));
        yield new Struck(one, true, cables::mendAll);
      }
      case SPLIT -> {
        int half = members.size() / 2;
        for (String here : members.subList(0, half)) {
          members.subList(half, members.size()).forEach(there -> cables.cut(here, there));
        }
        boolean majority = members.size() - half > members.size() / 2;
        yield new Struck(String.join(" and ", members.subList(0, half)), majority, cables::mendAll);
      }
      case ROLLING_RESTART -> {
        cluster.restart(members);
        yield new Struck("all", true, () -> {});
      }
      case ALL_NODES_KILLED -> {
        members.forEach(cluster::kill);
        yield new Struck("all", false, () -> cluster.start(members));
      }
      case ALL_ENCLAVES_KILLED -> {
        members.forEach(cluster::killEnclave);
        yield new Struck("all", false, () -> {});
      }
      case DISK_LOST -> diskLost(one);
    };
  }

  private MemberHome home(String member) {
    return cluster.installation().memberHome(member);
  }

  private static Struck frozen(String member, RecordedProcess process) {
    process.pause();
    return new Struck(member, true, process::resume);
  }

  private Struck flapping(String one, String two) {
    Thread flap =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      cables.cut(one, two);
                      Thread.sleep(1_000);
                      cables.mend(one, two);
                      Thread.sleep(1_000);
                    }
                  } catch (InterruptedException ended) {
                    cables.mend(one, two);
                  }
                });
    return new Struck(
        one + " and " + two,
        true,
        () -> {
          flap.interrupt();
          try {
            flap.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * What its disk alone held is gone: what was accepted and not yet told to anybody. Therefore the
   * member takes nothing in until all it accepted is final; then nothing may be lost.
   */
  private Struck diskLost(String member) {
    loads.get(member).rest(true);
    boolean drained =
        Pause.until(
            () ->
                new NodeClient(home(member))
                    .status()
                    .map(status -> status.path("waiting").asLong(1) == 0)
                    .orElse(false),
            DRAIN,
            500);
    if (!drained) {
      loads.get(member).rest(false);
      return new Struck("nobody, as entries wait at " + member, true, () -> {});
    }
    cluster.kill(member);
    cluster.killEnclave(member);
    PrivateFiles.deleteTree(home(member).database().getParent());
    PrivateFiles.deleteTree(home(member).folder().resolve("broker"));
    return new Struck(
        member,
        true,
        () -> {
          cluster.start(List.of(member));
          loads.get(member).rest(false);
        });
  }
}
