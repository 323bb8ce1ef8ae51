package org.caduceus.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code deploy/demo} itself: prepare, start, feed, tell. */
final class DemoCommand {
  private static final int FIRST_TIMEOUT_MS = 1_000;
  private static final Duration FINALITY = Duration.ofSeconds(90);

  @Mixin private HomeOption home;

  @Option(
      names = "--members",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of members, 3 to 5; default ${DEFAULT-VALUE}.")
  private int members;

  @Option(
      names = "--database",
      paramLabel = "h2|postgresql",
      defaultValue = "h2",
      description = "What the members store in; default ${DEFAULT-VALUE}.")
  private Installation.Database database;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      defaultValue = "",
      description =
          "JDBC URL of a PostgreSQL that is there already, with {member} where the member's "
              + "database is named; user and password as its parameters.")
  private String databaseUrl;

  @Option(
      names = "--suite",
      paramLabel = "es256|sm2",
      defaultValue = "es256",
      converter = SuiteOption.class,
      description = {
        "What the enclaves sign and seal with: es256 (ECDSA P-256, AES-256-GCM) or sm2 (GM/T: SM2, "
            + "SM3, SM4); default ${DEFAULT-VALUE}. Certificates of links stay P-256.",
        "签名与加密算法套件：es256 或 sm2（国密 SM2、SM3、SM4）；传输证书仍为 P-256。"
      })
  private Suite suite;

  @Option(
      names = "--mode",
      paramLabel = "tee-1p|bft-2p",
      defaultValue = "tee-1p",
      converter = ModeOption.class,
      description = {
        "How blocks become final: tee-1p (voters in enclaves) or bft-2p (ordinary processes, at "
            + "least four members); default ${DEFAULT-VALUE}.",
        "共识模式：tee-1p（投票者在可信执行环境中）或 bft-2p（普通进程，至少四个成员）。"
      })
  private EpochConfig.Mode mode;

  @Option(
      names = "--governance",
      paramLabel = "auto|officers",
      defaultValue = "auto",
      description = {
        "Who signs when seats change hands: auto, the nodes by themselves; or officers, with "
            + "\"deploy/caduceus governance\" and the key in each member's folder; default "
            + "${DEFAULT-VALUE}.",
        "席位变更时由谁签署：auto 由节点自动签署；officers 由治理人员用 deploy/caduceus governance 签署。"
      })
  private Installation.Governance governance;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      defaultValue = "18000",
      description =
          "Members' ports: +80 web, +75 MLLP, +61 broker, +48 administration, 100 apart; default "
              + "${DEFAULT-VALUE}.")
  private int portBase;

  @Mixin private AssuranceOptions assurance;

  @Option(names = "--no-samples", description = "Send no sample messages.")
  private boolean noSamples;

  // The script says when it began, so that the seconds count the build as well.
  @Option(names = "--since", hidden = true, defaultValue = "0")
  private long since;

  Integer call() {
    Project project = Project.locate();
    Narrator narrator = new Narrator(System.out);
    if (since > 0) {
      narrator = narrator.since(since);
    }
    Path folder = home.path();
    boolean fresh = !Installation.exists(folder);
    Installation installation = fresh ? newInstallation(folder) : Installation.read(folder);
    Cluster cluster = new Cluster(project, installation, narrator);
    if (fresh) {
      cluster.prepare(
          Map.of(),
          Map.of(),
          FIRST_TIMEOUT_MS,
          users(folder, assurance.assurance(), narrator),
          mode);
    } else {
      narrator.step("found the consortium in " + folder, "已找到现有的联盟：" + folder);
      if (installation.firstMode() == EpochConfig.Mode.TEE_1P
          && cluster.runningEnclaves().size() < installation.members().size()) {
        narrator.line(
            "Enclaves have ended since: their successors get their seats in a new epoch.",
            "部分可信执行环境进程已终止：新实例将在新的纪元中取得席位。");
        if (installation.governance() == Installation.Governance.OFFICERS) {
          narrator.line(
              "Their officers have to sign for that: \"deploy/caduceus governance list --home "
                  + folder
                  + " --member MEMBER\".",
              "须由治理人员签署：deploy/caduceus governance list --home " + folder + " --member MEMBER");
        }
      }
    }
    // A quorum makes blocks final; the others catch up. So the first block need not wait for all.
    List<String> all = installation.members();
    List<String> majority = all.subList(0, installation.firstMode().quorum(all.size()));
    List<String> others = all.subList(majority.size(), all.size());
    cluster.start(majority);
    cluster.launch(others);
    List<Outcome> outcomes = noSamples ? List.of() : feed(project, installation, narrator);
    cluster.await(others);
    if (!outcomes.isEmpty()) {
      SendCommand.print(installation, outcomes, FINALITY, narrator);
      narrator.step("samples done", "示例消息处理完毕");
    }
    narrator.line("");
    StatusCommand.table(installation.memberHomes().stream().map(StatusCommand::describe).toList())
        .lines()
        .forEach(narrator::line);
    farewell(installation, narrator);
    return 0;
  }

  /** Says whose the enclaves' processes will be, which nobody should have to guess. */
  private static Assurance users(Path folder, Assurance asked, Narrator narrator) {
    String server = System.getProperty("user.name");
    Optional<String> link = asked.user().isPresent() ? linkIn(folder) : Optional.empty();
    if (asked.user().isPresent() && link.isEmpty()) {
      narrator.step(
          "the enclaves run as user " + asked.user().get() + ", the servers as " + server,
          "可信执行环境以用户 " + asked.user().get() + " 运行，服务器以 " + server + " 运行");
      return asked;
    }
    narrator.step(
        "the enclaves share the servers' user "
            + server
            + ", whose programs can read the institutions' keys"
            + link.map(path -> ": " + path + " is a symbolic link").orElse(""),
        "可信执行环境与服务器共用用户 " + server + "，该用户的程序可读取机构密钥");
    return asked.sharingTheUser();
  }

  // An enclave that root starts for another user follows no links: they could be that user's.
  private static Optional<String> linkIn(Path folder) {
    for (Path path = folder; path != null; path = path.getParent()) {
      if (Files.isSymbolicLink(path)) {
        return Optional.of(path.toString());
      }
    }
    return Optional.empty();
  }

  private Installation newInstallation(Path folder) {
    if (members < 3 || members > Installation.NAMES.size()) {
      throw new ToolFailure("Expected --members 3, 4 or 5, but got " + members);
    }
    if (members < mode.leastMembers()) {
      throw new ToolFailure(
          "Expected --members 4 or 5 in mode bft-2p, as three bear no fault there, but got "
              + members);
    }
    if (!databaseUrl.isEmpty() && !databaseUrl.contains("{member}")) {
      throw new ToolFailure(
          "Expected {member} in --database-url: each member needs a database of its own");
    }
    if (portBase < 1024 || portBase + Ports.STRIDE * members > 65535) {
      throw new ToolFailure("Expected --port-base of 1024 to 65000, but got " + portBase);
    }
    return new Installation(
        folder,
        Installation.NAMES.subList(0, members),
        portBase,
        databaseUrl.isEmpty() ? database : Installation.Database.POSTGRESQL,
        databaseUrl,
        Secrets.hex(32),
        suite,
        governance,
        Secrets.hex(32));
  }

  private static List<Outcome> feed(Project project, Installation installation, Narrator narrator) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Path sample : samples(project.samples())) {
      String kind = project.samples().relativize(sample).getName(0).toString();
      String receiver = installation.members().get(kind.equals("epcis") ? 1 : 0);
      outcomes.addAll(new Sender(installation.memberHome(receiver)).send(sample));
    }
    if (outcomes.isEmpty()) {
      return outcomes;
    }
    narrator.step(
        "sent " + outcomes.size() + " sample messages through MLLP, STOW-RS and EPCIS capture",
        "已通过 MLLP、STOW-RS 和 EPCIS 采集接口发送 " + outcomes.size() + " 条示例消息");
    boolean first =
        Pause.until(
            () ->
                new NodeClient(installation.memberHomes().get(0))
                    .status()
                    .map(status -> status.path("height").asLong() > 0)
                    .orElse(false),
            FINALITY,
            100);
    if (first) {
      narrator.step("the first block is final", "第一个区块已最终确认");
    }
    return outcomes;
  }

  private static List<Path> samples(Path folder) {
    List<Path> samples = new ArrayList<>();
    for (String kind : List.of("hl7v2", "dicom", "epcis")) {
      if (Files.isDirectory(folder.resolve(kind))) {
        try (Stream<Path> files = Files.walk(folder.resolve(kind), 2)) {
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".md"))
              .sorted()
              .forEach(samples::add);
        } catch (IOException e) {
          throw new ToolFailure("Expected to list " + folder + ", but that failed", e);
        }
      }
    }
    return samples;
  }

  private static void farewell(Installation installation, Narrator narrator) {
    narrator.line("");
    if ("none".equals(installation.memberHomes().get(0).setting("caduceus.attester"))) {
      narrator.line("Consoles (all enclaves here are SIMULATED):", "控制台（此处的可信执行环境均为模拟）：");
    } else {
      narrator.line(
          "Consoles (the enclaves here are worth what their platforms show, see status):",
          "控制台（此处可信执行环境的等级以平台证明为准，见 status）：");
    }
    for (MemberHome member : installation.memberHomes()) {
      narrator.line(
          String.format(
              Locale.ROOT,
              "  %-12s %s/   sign in as %s, password %s",
              member.id(),
              member.url(),
              member.setting("caduceus.admin.name"),
              member.setting("caduceus.admin.password")));
    }
    narrator.line("");
    narrator.line(
        "Next: deploy/demo status | send FILE... | logs MEMBER | token MEMBER | stop | clean",
        "接下来：deploy/demo status | send FILE... | logs MEMBER | token MEMBER | stop | clean");
  }
}
