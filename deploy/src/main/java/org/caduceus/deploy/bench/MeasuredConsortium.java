package org.caduceus.deploy.bench;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.caduceus.deploy.EnclaveFolder;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.RecordedProcess;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.enclave.EnclaveVerifier;
import org.caduceus.enclave.TeeVoter;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.consensus.SoftVoter;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/**
 * Replicas of one consortium in this process, each with an enclave process and a file of its own.
 * They send to each other through queues: what is measured is the protocol with its signatures and
 * its disk, without servers around it.
 */
final class MeasuredConsortium implements AutoCloseable {
  static final int FIRST_TIMEOUT_MS = 1_000;
  private static final int SLOT_K = 16;
  private static final int MAX_TIMEOUT_MS = 10_000;
  private static final int MAX_BLOCK_ENTRIES = 1_000;
  private static final int MAX_BLOCK_BYTES = 2 * 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One member's parts. */
  private record Seat(
      String member,
      EnclaveProcess enclave,
      RecordedProcess process,
      EnclaveClient client,
      SigningKey votingKey) {}

  private final Path folder;
  private final EpochConfig.Mode mode;
  private final Hash chainId = randomHash();
  private final List<Seat> seats = new ArrayList<>();
  private final List<MeasuredReplica> replicas = new ArrayList<>();
  private final Map<Hash, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

  private MeasuredConsortium(Path folder, EpochConfig.Mode mode) {
    this.folder = folder;
    this.mode = mode;
  }

  /**
   * Starts the enclaves of {@code members} and all replicas.
   *
   * @throws ToolFailure if they do not all vote soon
   */
  static MeasuredConsortium start(
      Project project, int members, EpochConfig.Mode mode, ReplicaSettings settings) {
    Path folder = EnclaveRun.folder();
    MeasuredConsortium consortium = new MeasuredConsortium(folder, mode);
    try {
      for (int i = 0; i < members; i++) {
        consortium.seats.add(consortium.seat(project, String.format("member-%02d", i)));
      }
      consortium.startReplicas(settings);
      return consortium;
    } catch (RuntimeException e) {
      consortium.close();
      throw e;
    }
  }

  private Seat seat(Project project, String member) {
    Path home = folder.resolve(member);
    EnclaveProcess enclave =
        EnclaveProcess.open(
            new EnclaveSettings(
                project.enclaveExecutable(),
                project.enclaveLibrary(),
                home,
                chainId,
                member,
                Suite.ES256));
    return new Seat(
        member,
        enclave,
        EnclaveFolder.process(home).orElseThrow(),
        new EnclaveClient(enclave),
        SigningKey.ofSecret(Suite.ES256, Bytes.wrap(randomHash().toArray())));
  }

  private void startReplicas(ReplicaSettings settings) {
    EpochConfig config =
        new EpochConfig(
            chainId,
            1,
            mode,
            Suite.ES256,
            SLOT_K,
            FIRST_TIMEOUT_MS,
            MAX_TIMEOUT_MS,
            MAX_BLOCK_ENTRIES,
            MAX_BLOCK_BYTES,
            AssuranceTier.SIMULATED,
            0,
            seats.stream().map(this::member).toList(),
            List.of());
    Links links = new Links();
    for (int i = 0; i < seats.size(); i++) {
      int self = i;
      MeasuredStore store = new MeasuredStore(folder.resolve("blocks-" + i));
      replicas.add(
          new MeasuredReplica(
              config,
              self,
              seats.get(i).enclave(),
              voter(seats.get(i), store),
              store,
              links,
              settings,
              block -> tell(self, block)));
    }
    replicas.forEach(MeasuredReplica::start);
    if (!Pause.until(
        () -> replicas.stream().allMatch(replica -> replica.state().voting()), PATIENCE, 20)) {
      replicas.forEach(MeasuredReplica::requireSound);
      throw new ToolFailure("Expected all members to vote, but some do not");
    }
  }

  private Voter voter(Seat seat, MeasuredStore store) {
    if (mode == EpochConfig.Mode.TEE_1P) {
      return new TeeVoter(seat.enclave());
    }
    return SoftVoter.create(
        seat.votingKey(), store.voterLog(), new EnclaveVerifier(seat.enclave()));
  }

  private Member member(Seat seat) {
    EnclaveInfo info = seat.client().info();
    // Nobody governs this consortium; any point of the curve stands for a governance key.
    return new Member(
        seat.member(),
        mode == EpochConfig.Mode.BFT_2P ? seat.votingKey().publicKey() : info.votingKey(),
        info.signingKey(),
        info.signingKey(),
        randomHash(),
        randomHash());
  }

  private static Hash randomHash() {
    byte[] bytes = new byte[Hash.LENGTH];
    new SecureRandom().nextBytes(bytes);
    return Hash.sha256(bytes);
  }

  /** Queues between the replicas; a message to a stopped one is lost. */
  private final class Links implements MeasuredReplica.Links {
    @Override
    public void send(int from, int to, Bytes message) {
      if (to != from && replicas.get(to).isRunning()) {
        replicas.get(to).received(from, message);
      }
    }

    @Override
    public void broadcast(int from, Bytes message) {
      for (int to = 0; to < replicas.size(); to++) {
        send(from, to, message);
      }
    }
  }

  /** A member's clients learn that their entries are final when that member has stored them. */
  private void tell(int member, Block block) {
    for (SignedEntry entry : block.entries()) {
      if (entry.entry().member().equals(seats.get(member).member())) {
        CompletableFuture<Void> client = waiting.remove(entry.id());
        if (client != null) {
          client.complete(null);
        }
      }
    }
  }

  int size() {
    return seats.size();
  }

  /** Index of the present leader, as the first running member sees it. */
  int leader() {
    return running().findFirst().orElseThrow().state().leader();
  }

  boolean isRunning(int member) {
    return replicas.get(member).isRunning();
  }

  /**
   * One client's work: signs an entry in its member's enclave and waits until it is final there.
   *
   * @return completes then; never if the member is stopped before
   */
  CompletableFuture<Void> submit(int member, long number) {
    Seat seat = seats.get(member);
    SignedEntry entry = seat.client().sign(SampleEntry.of(chainId, seat.member(), number));
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.put(entry.id(), done);
    replicas.get(member).accept(entry);
    return done;
  }

  /** Ends a member's replica and its enclave, as if its machine lost power. */
  void kill(int member) {
    replicas.get(member).close();
    seats.get(member).process().kill();
  }

  /**
   * Waits until nothing waits and all running members have the same last block.
   *
   * @return its height
   * @throws ToolFailure if that takes too long or a replica failed
   */
  long settle() {
    boolean settled =
        Pause.until(
            () ->
                running().allMatch(replica -> replica.state().waiting() == 0)
                    && running().map(replica -> replica.state().tip()).distinct().count() == 1,
            PATIENCE,
            20);
    replicas.forEach(MeasuredReplica::requireSound);
    if (!settled) {
      throw new ToolFailure("Expected all members to end at one block, but they did not");
    }
    return running().findFirst().orElseThrow().state().height();
  }

  private Stream<MeasuredReplica> running() {
    return replicas.stream().filter(MeasuredReplica::isRunning);
  }

  /** The enclave processes. */
  List<Long> enclavePids() {
    return seats.stream().map(seat -> seat.process().pid()).toList();
  }

  @Override
  public void close() {
    replicas.forEach(MeasuredReplica::close);
    seats.forEach(
        seat -> {
          seat.enclave().close();
          seat.process().kill();
        });
    PrivateFiles.deleteTree(folder);
  }
}
