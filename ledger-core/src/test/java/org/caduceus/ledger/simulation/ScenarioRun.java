package org.caduceus.ledger.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * One run of a scenario. Members have the numbers of their turns to lead: 0 leads view 1, 1 the
 * next slot, and so on. Statements and their meaning: {@code scenarios/README.md}.
 */
final class ScenarioRun {
  /** Longest wait for something that a statement waits for. */
  private static final long PATIENCE_MS = 60_000;

  /** In a parameter's place, what may stand there. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "DURATION", "(-?\\d+ (?:ms|s))",
          "NUMBER", "(\\d+)",
          "KIND", "([A-Z]+)",
          "COMPARISON", "(<=|>=|=)",
          "STATUS", "(E_[A-Z_]+)",
          "TEXT", "(.+)");

  /** What stands in a statement's parameters. */
  private final class Arguments {
    private final Matcher matcher;

    Arguments(Matcher matcher) {
      this.matcher = matcher;
    }

    String text(int index) {
      return matcher.group(index + 1);
    }

    int number(int index) {
      return Integer.parseInt(text(index));
    }

    long ms(int index) {
      String[] parts = text(index).split(" ");
      return Long.parseLong(parts[0]) * (parts[1].equals("s") ? 1_000 : 1);
    }

    List<Integer> members(int index) {
      return membersNamed(text(index));
    }

    int member(int index) {
      List<Integer> members = members(index);
      expect(members.size() == 1, "one member, but got " + text(index));
      return members.getFirst();
    }

    Letter.Kind kind(int index) {
      return Letter.Kind.valueOf(text(index));
    }
  }

  private record Statement(String usage, Pattern pattern, Consumer<Arguments> action) {}

  private final Scenario scenario;
  private final OptionalInt each;
  private final Cluster cluster;
  private final Diagram diagram;
  private final List<Statement> statements = new ArrayList<>();

  /**
   * A run that has not begun.
   *
   * @param size number of members
   * @param each what the scenario's variable stands for, if it has one
   */
  ScenarioRun(Scenario scenario, int size, OptionalInt each) {
    this.scenario = scenario;
    this.each = each;
    this.cluster = new Cluster(new SplittableRandom(size), design(scenario, size));
    this.diagram = new Diagram(size, cluster::nowMs, this::number);
    cluster.watchedBy(diagram);
    defineActions();
    defineFaults();
    defineExpectations();
  }

  private static Cluster.Design design(Scenario scenario, int size) {
    Cluster.Design sound = Cluster.Design.sound(size, scenario.slotK()).in(scenario.mode());
    return scenario
        .mutant()
        .map(ModelVoter.Mutant::valueOf)
        .map(
            mutant ->
                // What a broken enclave breaks is expected; that it is not silent is asked for.
                sound.with(mutant, EnumSet.of(Invariant.I10)))
        .orElse(sound);
  }

  /** All statements, for the page that explains them. */
  static List<String> usages() {
    Scenario any = Scenario.read("any", List.of("cluster 1 slot 1", "expect fork"));
    return new ScenarioRun(any, 1, OptionalInt.empty())
        .statements.stream().map(Statement::usage).toList();
  }

  /** Runs it. Throws an AssertionError that says in which line what was wrong. */
  void run() {
    for (Scenario.Line line : scenario.lines()) {
      if (!line.text().startsWith("expect")) {
        diagram.told(line.text());
      }
      try {
        execute(line.text());
      } catch (AssertionError | IllegalArgumentException wrong) {
        throw new AssertionError(
            scenario.name()
                + ".scenario:"
                + line.number()
                + ": "
                + line.text()
                + ": "
                + wrong.getMessage()
                + "\n"
                + cluster.describe(),
            wrong);
      }
    }
  }

  /** The messages so far. */
  String page(String title) {
    return diagram.page(title);
  }

  private void execute(String text) {
    for (Statement statement : statements) {
      Matcher matcher = statement.pattern().matcher(text);
      if (matcher.matches()) {
        statement.action().accept(new Arguments(matcher));
        return;
      }
    }
    throw new IllegalArgumentException("Expected a statement of README.md, but got this");
  }

  private void define(String usage, Consumer<Arguments> action) {
    String pattern =
        Arrays.stream(usage.split(" ")).map(this::pattern).collect(Collectors.joining(" "));
    statements.add(new Statement(usage, Pattern.compile(pattern), action));
  }

  private String pattern(String word) {
    String bare = word.replace(":", "");
    if (bare.equals("MEMBERS")) {
      String one =
          "(?:\\d+|all|minority|rest|spare" + scenario.variable().map("|"::concat).orElse("") + ")";
      return word.replace(bare, "(" + one + "(?: " + one + ")*)");
    }
    return PARAMETERS.containsKey(bare)
        ? word.replace(bare, PARAMETERS.get(bare))
        : Pattern.quote(word);
  }

  private static void expect(boolean holds, String expected) {
    if (!holds) {
      throw new AssertionError("Expected " + expected);
    }
  }

  // ---- members ----------------------------------------------------------------------------------

  private int index(int number) {
    expect(number < cluster.size(), "a member below " + cluster.size() + ", but got " + number);
    return (cluster.leader(1) + number) % cluster.size();
  }

  private int number(int index) {
    return Math.floorMod(index - cluster.leader(1), cluster.size());
  }

  private List<Integer> membersNamed(String words) {
    List<Integer> members = new ArrayList<>();
    for (String word : words.split(" ")) {
      switch (word) {
        case "all" -> addNumbers(members, 0, cluster.size());
        case "minority" -> addNumbers(members, 0, cluster.quorum() - 1);
        case "rest" -> addNumbers(members, cluster.quorum() - 1, cluster.size());
        case "spare" -> addNumbers(members, cluster.quorum(), cluster.size());
        default ->
            members.add(
                scenario.variable().filter(word::equals).isPresent()
                    ? index(each.getAsInt())
                    : index(Integer.parseInt(word)));
      }
    }
    return members;
  }

  private void addNumbers(List<Integer> members, int from, int to) {
    for (int number = from; number < to; number++) {
      members.add(index(number));
    }
  }

  // ---- what is done -----------------------------------------------------------------------------

  private void defineActions() {
    define("submit MEMBERS", a -> a.members(0).forEach(cluster::submit));
    define("submit MEMBERS x NUMBER", a -> repeat(a.number(1), a.members(0), cluster::submit));
    define(
        "submit MEMBERS every DURATION for DURATION",
        a -> {
          for (long end = cluster.nowMs() + a.ms(2); cluster.nowMs() < end; ) {
            a.members(0).forEach(cluster::submit);
            cluster.run(a.ms(1));
          }
        });
    define("run DURATION", a -> cluster.run(a.ms(0)));
    define(
        "run until MEMBERS sends KIND",
        a -> runUntil(seen(a.kind(1), letter -> letter.from() == a.member(0), true)));
    define(
        "run until MEMBERS receives KIND",
        a -> runUntil(seen(a.kind(1), letter -> letter.to() == a.member(0), false)));
    define("run until MEMBERS stores a block", a -> runUntil(stored(a.member(0))));
    define("run until MEMBERS appends a block", a -> runUntil(appended(a.member(0))));
    define(
        "run until height at MEMBERS >= NUMBER",
        a -> runUntil(() -> height(a.member(0)) >= a.number(1)));
    define(
        "run until view at MEMBERS >= NUMBER",
        a -> runUntil(() -> cluster.replica(a.member(0)).view() >= a.number(1)));
    define("ask for seats of MEMBERS", a -> a.members(0).forEach(cluster::askForSeat));
    define(
        "ask for mode BFT_2P with keys of MEMBERS",
        a -> cluster.askForMode(a.members(0), EpochConfig.Mode.BFT_2P));
    define(
        "ask for mode TEE_1P with keys of MEMBERS",
        a -> cluster.askForMode(a.members(0), EpochConfig.Mode.TEE_1P));
    define("crash MEMBERS", a -> a.members(0).forEach(cluster::crash));
    define("restart MEMBERS", a -> a.members(0).forEach(cluster::restart));
  }

  private static void repeat(int times, List<Integer> members, Consumer<Integer> action) {
    for (int i = 0; i < times; i++) {
      members.forEach(action);
    }
  }

  private void runUntil(BooleanSupplier enough) {
    expect(
        cluster.runUntil(PATIENCE_MS, enough),
        "it within " + PATIENCE_MS / 1_000 + " s, but it did not happen");
  }

  private BooleanSupplier seen(Letter.Kind kind, Predicate<Letter> matches, boolean whenSent) {
    AtomicBoolean seen = new AtomicBoolean();
    cluster.watchedBy(
        new Watcher() {
          @Override
          public void sent(Letter letter) {
            look(letter, whenSent);
          }

          @Override
          public void arrived(Letter letter) {
            look(letter, !whenSent);
          }

          private void look(Letter letter, boolean wanted) {
            if (wanted && letter.kind() == kind && matches.test(letter)) {
              seen.set(true);
            }
          }
        });
    return seen::get;
  }

  private BooleanSupplier stored(int member) {
    AtomicBoolean seen = new AtomicBoolean();
    cluster.watchedBy(
        new Watcher() {
          @Override
          public void stored(int node, Hash block) {
            seen.compareAndSet(false, node == member);
          }
        });
    return seen::get;
  }

  private BooleanSupplier appended(int member) {
    AtomicBoolean seen = new AtomicBoolean();
    cluster.watchedBy(
        new Watcher() {
          @Override
          public void appended(int node, long height) {
            seen.compareAndSet(false, node == member);
          }
        });
    return seen::get;
  }

  // ---- what goes wrong --------------------------------------------------------------------------

  private void defineFaults() {
    define("partition MEMBERS | MEMBERS", a -> cluster.partition(a.members(0)));
    define("cut MEMBERS -> MEMBERS", a -> pairs(a, (from, to) -> cluster.network().cut(from, to)));
    define(
        "flap MEMBERS -> MEMBERS every DURATION",
        a -> pairs(a, (from, to) -> cluster.network().flap(from, to, a.ms(2))));
    define(
        "network loses NUMBER % repeats NUMBER % delays DURATION",
        a ->
            cluster
                .network()
                .faulty(a.number(0) / 100.0, a.number(1) / 100.0, Math.max(1, a.ms(2))));
    define("lose KIND from MEMBERS to MEMBERS", a -> rule(a, new SimulatedNetwork.Fate.Lost()));
    define("hold KIND from MEMBERS to MEMBERS", a -> rule(a, new SimulatedNetwork.Fate.Held()));
    define(
        "repeat KIND from MEMBERS to MEMBERS x NUMBER",
        a -> rule(a, new SimulatedNetwork.Fate.Repeated(a.number(3))));
    define(
        "delay KIND from MEMBERS to MEMBERS by DURATION",
        a -> rule(a, new SimulatedNetwork.Fate.Late(a.ms(3))));
    define("release", a -> cluster.network().release());
    define("heal", a -> cluster.heal());
    define(
        "redeliver to MEMBERS the last DURATION",
        a ->
            a.members(0).forEach(to -> cluster.network().redeliver(to, cluster.nowMs() - a.ms(1))));
    define(
        "roll back log MEMBERS by NUMBER",
        a -> a.members(0).forEach(each -> cluster.rollBackLog(each, a.number(1))));
    define("lose enclave MEMBERS", a -> a.members(0).forEach(cluster::loseEnclave));
    define("fill disk MEMBERS", a -> a.members(0).forEach(each -> cluster.disk(each).full(true)));
    define("free disk MEMBERS", a -> a.members(0).forEach(each -> cluster.disk(each).repair()));
    define(
        "slow disk MEMBERS to DURATION",
        a -> a.members(0).forEach(each -> cluster.disk(each).slow(a.ms(1))));
    define(
        "set clock MEMBERS wrong by DURATION",
        a -> a.members(0).forEach(each -> cluster.setClock(each, a.ms(1))));
    define(
        "byzantine MEMBERS: TEXT",
        a -> a.members(0).forEach(each -> cluster.corrupt(each, misdeeds(a.text(1)))));
  }

  private interface Pair {
    void accept(int from, int to);
  }

  private void pairs(Arguments a, Pair action) {
    for (int from : a.members(0)) {
      for (int to : a.members(1)) {
        if (from != to) {
          action.accept(from, to);
        }
      }
    }
  }

  private void rule(Arguments a, SimulatedNetwork.Fate fate) {
    Letter.Kind kind = a.kind(0);
    List<Integer> from = a.members(1);
    List<Integer> to = a.members(2);
    cluster
        .network()
        .rule(
            letter ->
                letter.kind() == kind && from.contains(letter.from()) && to.contains(letter.to()),
            fate);
  }

  /** For example "equivocates bodies, proposes to 1 2". */
  private List<Misdeed> misdeeds(String text) {
    return Arrays.stream(text.split(", ?")).map(this::misdeed).toList();
  }

  private Misdeed misdeed(String text) {
    if (Misdeeds.names().contains(text)) {
      return Misdeeds.named(text, List.of());
    }
    int to = text.lastIndexOf(" to ");
    expect(to >= 0, "one of " + Misdeeds.names());
    return Misdeeds.named(text.substring(0, to + 3), membersNamed(text.substring(to + 4)));
  }

  // ---- what must be so --------------------------------------------------------------------------

  private void defineExpectations() {
    define(
        "expect final everywhere within DURATION",
        a -> {
          cluster.runUntil(a.ms(0), () -> cluster.unfinished().isEmpty());
          Optional<String> reason = cluster.unfinished();
          Invariant.L1.require(reason.isEmpty(), reason.orElse(""));
        });
    define("expect stuck for DURATION", a -> expectStuck(a.ms(0)));
    define(
        "expect height at MEMBERS COMPARISON NUMBER",
        a ->
            a.members(0)
                .forEach(
                    each ->
                        compare("height " + height(each), height(each), a.text(1), a.number(2))));
    define(
        "expect view at MEMBERS COMPARISON NUMBER",
        a ->
            a.members(0)
                .forEach(
                    each -> {
                      long view = cluster.replica(each).view();
                      compare("view " + view, view, a.text(1), a.number(2));
                    }));
    define(
        "expect epoch at MEMBERS COMPARISON NUMBER",
        a ->
            a.members(0)
                .forEach(
                    each -> {
                      long epoch = cluster.replica(each).config().epoch();
                      compare("epoch " + epoch, epoch, a.text(1), a.number(2));
                    }));
    define(
        "expect mode at MEMBERS is TEXT",
        a ->
            a.members(0)
                .forEach(
                    each -> {
                      EpochConfig.Mode mode = cluster.replica(each).config().mode();
                      expect(mode.name().equals(a.text(1)), "this, but it is " + mode);
                    }));
    define(
        "expect views together",
        a -> {
          Optional<String> skewed = cluster.skewed();
          Invariant.L2.require(skewed.isEmpty(), skewed.orElse(""));
        });
    define(
        "expect halted MEMBERS within DURATION",
        a ->
            expect(
                cluster.runUntil(
                    a.ms(1),
                    () -> a.members(0).stream().allMatch(each -> cluster.halted(each).isPresent())),
                "them halted, but at least one is not"));
    define(
        "expect MEMBERS halted because TEXT",
        a ->
            a.members(0)
                .forEach(
                    each ->
                        expect(
                            cluster.halted(each).orElse("").contains(a.text(1)),
                            "this, but " + cluster.halted(each))));
    define(
        "expect nobody halted",
        a -> {
          for (int i = 0; i < cluster.size(); i++) {
            expect(cluster.halted(i).isEmpty(), "this, but " + cluster.halted(i));
          }
        });
    define(
        "expect MEMBERS voting",
        a -> a.members(0).forEach(each -> expect(cluster.replica(each).voting(), "a voter")));
    define(
        "expect MEMBERS not voting",
        a -> a.members(0).forEach(each -> expect(!cluster.replica(each).voting(), "no voter")));
    define(
        "expect enclave MEMBERS refused STATUS",
        a ->
            a.members(0)
                .forEach(
                    each ->
                        expect(
                            cluster.enclave(each).refusals(a.text(1)) > 0,
                            "this, but it refused " + cluster.enclave(each).refusals())));
    define(
        "expect complaint of MEMBERS: TEXT",
        a ->
            expect(
                cluster.working().stream()
                    .flatMap(each -> cluster.replica(each).complaint(a.member(0)).stream())
                    .anyMatch(each -> each.contains(a.text(1))),
                "this at one member, but nobody complains so"));
    define(
        "expect the honest say: TEXT",
        a ->
            cluster
                .working()
                .forEach(
                    each ->
                        expect(
                            cluster.summary(each).contains(a.text(0)),
                            "this, but: " + cluster.summary(each))));
    define("expect fork", a -> expect(cluster.invariants().forked(), "a fork, but there is none"));
  }

  private void expectStuck(long ms) {
    long before = cluster.height();
    cluster.run(ms);
    expect(cluster.unfinished().isPresent(), "something that waits, but nothing does");
    expect(
        cluster.height() == before,
        String.format(Locale.ROOT, "height %d still, but it is %d", before, cluster.height()));
  }

  private long height(int member) {
    return cluster.replica(member).height();
  }

  private static void compare(String what, long actual, String comparison, int bound) {
    boolean holds =
        switch (comparison) {
          case "<=" -> actual <= bound;
          case ">=" -> actual >= bound;
          default -> actual == bound;
        };
    expect(holds, "this, but it is " + what);
  }
}
