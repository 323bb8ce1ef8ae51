package org.caduceus.ledger.ejb.consensus;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import jakarta.ejb.EJBException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SoftVoter;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.consensus.VoterLog;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.store.JpaVoterLogs;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.membership.EpochProof;

/**
 * This node's voter of BFT-2P: its key in a file that the enclave sealed, its log in the database.
 * Opened when an epoch of that mode is entered or its key is to be announced. A key that never
 * signed has a mark beside it; one without the mark and without its whole log is given up for a new
 * one.
 */
final class ProcessVoter implements Voter {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path file;
  private final Path unused;
  private final Suite suite;
  private final Enclave enclave;
  private final Function<Bytes, VoterLog> logs;
  private final SignatureVerifier signatures;
  private final SecureRandom random = new SecureRandom();
  private volatile Optional<SoftVoter> voter = Optional.empty();

  /**
   * A voter that is not open.
   *
   * @param file of the sealed key
   * @param logs of each voting key
   */
  ProcessVoter(
      Path file,
      Suite suite,
      Enclave enclave,
      Function<Bytes, VoterLog> logs,
      SignatureVerifier signatures) {
    this.file = file;
    this.unused = file.resolveSibling(file.getFileName() + ".new");
    this.suite = suite;
    this.enclave = enclave;
    this.logs = logs;
    this.signatures = signatures;
  }

  /** Public half of its key, once it was opened. */
  Optional<Bytes> votingKey() {
    return voter.map(SoftVoter::votingKey);
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    return isOpen() && voter.get().enterEpoch(chain);
  }

  /** Public half of its key, which is made or opened for it: officers announce it beforehand. */
  Optional<Bytes> announced() {
    return isOpen() ? votingKey() : Optional.empty();
  }

  /** One thread opens it for its officers, another for an epoch. */
  private synchronized boolean isOpen() {
    if (voter.isEmpty()) {
      try {
        voter = Optional.of(open());
      } catch (EnclaveUnavailable | EnclaveRefusal | EJBException away) {
        return false; // whoever is away says so itself; the next announcement tries again
      }
    }
    return true;
  }

  /** Opens the voter of the key that is there, or of a new one. */
  SoftVoter open() {
    if (!Files.exists(file)) {
      makeKey();
    }
    SigningKey key = key();
    VoterLog log = logs.apply(key.publicKey());
    try {
      if (isMarked(key.publicKey()) && log.records().isEmpty()) {
        SoftVoter.create(key, log, signatures);
      }
      Files.deleteIfExists(unused);
      SoftVoter opened = SoftVoter.open(key, log, signatures);
      LedgerLog.VOTER_OPENED.log();
      return opened;
    } catch (MalformedException broken) {
      LedgerLog.VOTER_LOG_REFUSED.log(broken.getMessage());
      makeKey();
      return open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mark names the key: a crash may leave it beside an older one, which lost its log. */
  private boolean isMarked(Bytes publicKey) throws IOException {
    return Files.exists(unused) && Bytes.wrap(Files.readAllBytes(unused)).equals(publicKey);
  }

  /** The mark first: a key without it would be one that lost its log. */
  private void makeKey() {
    byte[] secret = new byte[SigningKey.SCALAR_LENGTH];
    random.nextBytes(secret);
    Bytes sealed = enclave.seal(SigningKey.VOTER_CONTEXT, Bytes.wrap(secret));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      write(unused, SigningKey.ofSecret(suite, Bytes.wrap(secret)).publicKey());
      write(next, sealed);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Survives a power cut when this returns. */
  private static void write(Path path, Bytes bytes) throws IOException {
    try (FileChannel out = FileChannel.open(path, CREATE, WRITE, TRUNCATE_EXISTING)) {
      Files.setPosixFilePermissions(path, OWNER_ONLY);
      ByteBuffer rest = ByteBuffer.wrap(bytes.toArray());
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
  }

  private SigningKey key() {
    try {
      Bytes secret = enclave.open(SigningKey.VOTER_CONTEXT, Bytes.wrap(Files.readAllBytes(file)));
      return SigningKey.ofSecret(suite, secret);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log of a key in the database. */
  static VoterLog logIn(JpaVoterLogs logs, Bytes votingKey) {
    return new VoterLog() {
      @Override
      public List<Bytes> records() {
        return logs.records(votingKey);
      }

      @Override
      public boolean append(Bytes record) {
        try {
          logs.append(votingKey, record);
          return true;
        } catch (EJBException e) {
          LedgerLog.STORE_FAILED.log(e, "a voter's record", e.getClass().getSimpleName());
          return false;
        }
      }
    };
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return voter.map(it -> it.propose(header, justification)).orElse(new Signed.No("UNAVAILABLE"));
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return voter
        .map(it -> it.vote(phase, header, proposal, justification))
        .orElse(new Signed.No("UNAVAILABLE"));
  }

  @Override
  public boolean isJustified(BlockHeader header, Justification justification) {
    return voter.filter(it -> it.isJustified(header, justification)).isPresent();
  }

  @Override
  public Moved newView(long view) {
    return voter.map(it -> it.newView(view)).orElse(new Moved.No("UNAVAILABLE"));
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return voter.flatMap(SoftVoter::highest);
  }

  @Override
  public boolean remembers(Kind kind, long view) {
    return voter.isEmpty() || voter.get().remembers(kind, view);
  }

  @Override
  public Resumed resume(Basis basis) {
    return new Resumed.No("E_STATE");
  }

  @Override
  public void retire() {
    voter.ifPresent(SoftVoter::retire);
  }
}
