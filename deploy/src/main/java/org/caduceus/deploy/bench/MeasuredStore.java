package org.caduceus.deploy.bench;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.consensus.VoterLog;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;

/**
 * What one replica writes, in one file that only grows; each write is forced to the disk before the
 * caller goes on (fdatasync). It is what consensus needs of a database and no more: the costs of a
 * real one are in the other benchmarks. A run begins with an empty file and never reads it again
 * but to send final blocks to a peer.
 */
final class MeasuredStore implements BlockStore, AutoCloseable {
  /** Where a final block stands in the file. */
  private record Place(long offset, int length) {}

  private final FileChannel file;
  private final Map<Hash, Candidate> candidates = new LinkedHashMap<>();
  private final List<Place> blocks = new ArrayList<>();
  private final Set<Hash> finals = new HashSet<>();
  private final List<NextEpoch> epochs = new ArrayList<>();
  private final List<Statement> statements = new ArrayList<>();
  private final List<VoterFault> faults = new ArrayList<>();
  private Optional<Bytes> approval = Optional.empty();
  private Optional<CommittedBlock> tip = Optional.empty();

  MeasuredStore(Path path) {
    try {
      file = FileChannel.open(path, CREATE_NEW, READ, WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Own entries, accepted: all of them with one forced write. */
  void accept(List<SignedEntry> entries) {
    int length = entries.stream().mapToInt(entry -> entry.cose().length()).sum();
    ByteBuffer bytes = ByteBuffer.allocate(length);
    entries.forEach(entry -> bytes.put(entry.cose().unsafeArray()));
    write(bytes.flip());
  }

  private void write(Bytes bytes) {
    write(ByteBuffer.wrap(bytes.unsafeArray()));
  }

  /** Writes at the end and forces it, which two threads may do at once. */
  private long write(ByteBuffer bytes) {
    try {
      long offset;
      synchronized (file) {
        offset = file.size();
        for (long at = offset; bytes.hasRemaining(); ) {
          at += file.write(bytes, at);
        }
      }
      file.force(false);
      return offset;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void storeCandidate(Candidate candidate) {
    write(new PeerMessage.CandidateReply(candidate).encode());
    candidates.put(candidate.block().hash(), candidate);
  }

  @Override
  public List<Candidate> candidatesAbove(long height) {
    return candidates.values().stream()
        .filter(candidate -> candidate.block().header().height() > height)
        .toList();
  }

  @Override
  public void append(CommittedBlock block, Optional<NextEpoch> next) {
    long height = block.block().header().height();
    Check.that(height == blocks.size() + 1, "Expected the height after the tip's, but got another");
    Bytes bytes = new PeerMessage.SyncBlocks(List.of(block)).encode();
    blocks.add(new Place(write(ByteBuffer.wrap(bytes.unsafeArray())), bytes.length()));
    block.block().entries().forEach(entry -> finals.add(entry.id()));
    candidates.values().removeIf(each -> each.block().header().height() <= height);
    next.ifPresent(epochs::add);
    tip = Optional.of(block);
  }

  @Override
  public void enterEpochs(List<NextEpoch> several) {
    several.forEach(next -> write(next.proof().encode()));
    epochs.addAll(several);
  }

  @Override
  public List<NextEpoch> epochsFrom(long epoch, int maxBytes) {
    return epochs.stream().filter(each -> each.proof().config().epoch() >= epoch).toList();
  }

  @Override
  public List<EpochProof> epochs() {
    return epochs.stream().map(NextEpoch::proof).toList();
  }

  @Override
  public Optional<Register> register() {
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.getLast().register());
  }

  @Override
  public List<SignedEntry> ballots() {
    return List.of(); // nobody votes on members here
  }

  @Override
  public void keepStatement(long epoch, Statement statement) {
    write(statement.evidence());
    statements.add(statement);
  }

  @Override
  public List<Statement> statements(long epoch) {
    return List.copyOf(statements);
  }

  @Override
  public void keepFault(VoterFault fault) {
    write(fault.encode());
    faults.add(fault);
  }

  @Override
  public List<VoterFault> faults(long epoch) {
    return List.copyOf(faults);
  }

  @Override
  public void keepApproval(long epoch, Bytes approved) {
    write(approved);
    approval = Optional.of(approved);
  }

  @Override
  public Optional<Bytes> approval(long epoch) {
    return approval;
  }

  @Override
  public Optional<CommittedBlock> tip() {
    return tip;
  }

  @Override
  public List<CommittedBlock> from(long height, int limit, int maxBytes) {
    List<CommittedBlock> found = new ArrayList<>();
    long bytes = 0;
    for (long next = height; next <= blocks.size() && found.size() < limit; next++) {
      Place place = blocks.get((int) next - 1);
      bytes += place.length();
      if (bytes > maxBytes && !found.isEmpty()) {
        break;
      }
      found.addAll(read(place));
    }
    return found;
  }

  private List<CommittedBlock> read(Place place) {
    ByteBuffer bytes = ByteBuffer.allocate(place.length());
    try {
      while (bytes.hasRemaining()) {
        Check.that(
            file.read(bytes, place.offset() + bytes.position()) > 0,
            "Expected a block where it was written, but the file ends");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ((PeerMessage.SyncBlocks) PeerMessage.decode(Bytes.wrap(bytes.array()))).blocks();
  }

  @Override
  public Set<Hash> finalAmong(Set<Hash> entryIds) {
    Set<Hash> among = new HashSet<>(entryIds);
    among.retainAll(finals);
    return among;
  }

  @Override
  public List<SignedEntry> waiting(int limit) {
    return List.of(); // asked at the start only
  }

  /** The log of this member's voter of BFT-2P. */
  VoterLog voterLog() {
    return new VoterLog() {
      private final List<Bytes> records = new ArrayList<>();

      @Override
      public List<Bytes> records() {
        return List.copyOf(records);
      }

      @Override
      public boolean append(Bytes record) {
        write(record);
        records.clear(); // all but the last may be forgotten
        records.add(record);
        return true;
      }
    };
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
