package org.caduceus.ledger.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;

/** A store in memory: what it was told is durable as long as the object lives. */
public final class MemoryBlockStore implements BlockStore {
  private final List<CommittedBlock> chain = new ArrayList<>();
  private final Map<Hash, Candidate> candidates = new LinkedHashMap<>();
  private final Map<Hash, SignedEntry> waiting = new LinkedHashMap<>();
  private final Set<Hash> finalIds = new HashSet<>();
  private final List<NextEpoch> epochs = new ArrayList<>();
  private final List<SignedEntry> ballots = new ArrayList<>();
  private final Map<Long, Bytes> approvals = new LinkedHashMap<>();
  private final Map<Hash, VoterFault> faults = new LinkedHashMap<>();
  private final Map<Long, List<Statement>> statements = new LinkedHashMap<>();

  /** Takes an own entry in, as intake does. */
  public void accept(SignedEntry entry) {
    if (!finalIds.contains(entry.id())) {
      waiting.putIfAbsent(entry.id(), entry);
    }
  }

  @Override
  public void storeCandidate(Candidate candidate) {
    candidates.put(candidate.block().hash(), candidate);
  }

  @Override
  public List<Candidate> candidatesAbove(long height) {
    return candidates.values().stream()
        .filter(candidate -> candidate.block().header().height() > height)
        .sorted(Comparator.comparingLong(candidate -> candidate.block().header().view()))
        .toList();
  }

  @Override
  public void append(CommittedBlock block, Optional<NextEpoch> next) {
    long height = block.block().header().height();
    Check.that(
        height == chain.size() + 1,
        "Expected height " + (chain.size() + 1) + ", but got " + height);
    chain.add(block);
    for (SignedEntry entry : block.block().entries()) {
      waiting.remove(entry.id());
      finalIds.add(entry.id());
      if (entry.entry().kind().equals(Ballot.KIND) && block.block().header().epoch() == epoch()) {
        ballots.add(entry);
      }
    }
    next.ifPresent(this::enter);
    candidates.values().removeIf(each -> each.block().header().height() <= height);
  }

  @Override
  public void enterEpochs(List<NextEpoch> several) {
    several.forEach(this::enter);
  }

  @Override
  public List<NextEpoch> epochsFrom(long epoch, int maxBytes) {
    List<NextEpoch> some = new ArrayList<>();
    long bytes = 0;
    for (NextEpoch each : epochs) {
      if (each.proof().config().epoch() >= epoch) {
        bytes += each.proof().encode().length() + each.register().encode().length();
        if (bytes > maxBytes && some.size() >= 2) {
          break;
        }
        some.add(each);
      }
    }
    return some;
  }

  private void enter(NextEpoch next) {
    long epoch = next.proof().config().epoch();
    if (epochs.isEmpty() || epochs.getLast().proof().config().epoch() < epoch) {
      epochs.add(next);
      ballots.clear();
    }
  }

  private long epoch() {
    return epochs.isEmpty() ? 1 : epochs.getLast().proof().config().epoch();
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
    return List.copyOf(ballots);
  }

  @Override
  public void keepStatement(long epoch, Statement statement) {
    if (!statements(epoch).contains(statement)) {
      statements.computeIfAbsent(epoch, each -> new ArrayList<>()).add(statement);
    }
  }

  @Override
  public List<Statement> statements(long epoch) {
    return List.copyOf(statements.getOrDefault(epoch, List.of()));
  }

  @Override
  public void keepFault(VoterFault fault) {
    faults.put(fault.id(), fault);
  }

  @Override
  public List<VoterFault> faults(long epoch) {
    return faults.values().stream().filter(fault -> fault.epoch() == epoch).toList();
  }

  @Override
  public void keepApproval(long epoch, Bytes approved) {
    Bytes before = approvals.putIfAbsent(epoch, approved);
    Check.that(
        before == null || before.equals(approved),
        "Expected one approval in an epoch, but this is the second");
  }

  @Override
  public Optional<Bytes> approval(long epoch) {
    return Optional.ofNullable(approvals.get(epoch));
  }

  @Override
  public Optional<CommittedBlock> tip() {
    return chain.isEmpty() ? Optional.empty() : Optional.of(chain.get(chain.size() - 1));
  }

  @Override
  public List<CommittedBlock> from(long height, int limit, int maxBytes) {
    List<CommittedBlock> result = new ArrayList<>();
    long bytes = 0;
    for (int i = (int) height - 1; i >= 0 && i < chain.size() && result.size() < limit; i++) {
      bytes += chain.get(i).block().header().entryBytes();
      if (bytes > maxBytes && !result.isEmpty()) {
        break;
      }
      result.add(chain.get(i));
    }
    return result;
  }

  @Override
  public Set<Hash> finalAmong(Set<Hash> entryIds) {
    Set<Hash> result = new HashSet<>(entryIds);
    result.retainAll(finalIds);
    return result;
  }

  @Override
  public List<SignedEntry> waiting(int limit) {
    return waiting.values().stream().limit(limit).toList();
  }
}
