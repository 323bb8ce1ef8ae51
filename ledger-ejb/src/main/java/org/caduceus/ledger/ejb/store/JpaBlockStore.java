package org.caduceus.ledger.ejb.store;

import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.LedgerViolation;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.ResumeStatement;

/** Blocks in the database; each call is one transaction. */
@Stateless
@Local(BlockStore.class)
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class JpaBlockStore implements BlockStore {
  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  private final InstantSource clock;

  /** For the container. */
  public JpaBlockStore() {
    this.clock = InstantSource.system();
  }

  JpaBlockStore(EntityManager entityManager, InstantSource clock) {
    this.entityManager = entityManager;
    this.clock = clock;
  }

  @Override
  public void storeCandidate(Candidate candidate) {
    String hash = candidate.block().hash().toHex();
    if (entityManager.find(CandidateRow.class, hash) == null) {
      CandidateRow row = new CandidateRow();
      row.hash = hash;
      row.height = candidate.block().header().height();
      row.view = candidate.block().header().view();
      row.content = BlockBytes.encode(candidate);
      entityManager.persist(row);
    }
  }

  @Override
  public List<Candidate> candidatesAbove(long height) {
    return entityManager
        .createQuery(
            "select c.content from CandidateRow c where c.height > :height order by c.view",
            byte[].class)
        .setParameter("height", height)
        .getResultStream()
        .map(BlockBytes::decode)
        .toList();
  }

  @Override
  public void append(CommittedBlock committed, Optional<NextEpoch> next) {
    Block block = committed.block();
    long height = block.header().height();
    long tip =
        entityManager
            .createQuery("select coalesce(max(b.height), 0) from BlockRow b", Long.class)
            .getSingleResult();
    Check.that(
        height == tip + 1, "Expected block " + (tip + 1) + " to be stored, but got " + height);
    BlockRow row = new BlockRow();
    row.height = height;
    row.hash = block.hash().toArray();
    row.header = block.header().encode().toArray();
    row.certificate = committed.certificate().encode().toArray();
    row.suffix = BlockBytes.encodeSuffix(committed.suffix());
    row.finalAt = clock.millis();
    entityManager.persist(row);
    List<byte[]> ids = new ArrayList<>();
    for (SignedEntry signed : block.entries()) {
      EntryRow entry = new EntryRow();
      entry.height = height;
      entry.idx = ids.size();
      entry.entryId = signed.id().toArray();
      entry.lookupTag = signed.entry().lookupTag().toArray();
      entry.cose = signed.cose().toArray();
      entityManager.persist(entry);
      if (signed.entry().kind().equals(Ballot.KIND) && block.header().epoch() == lastEpoch()) {
        keepBallot(entry);
      }
      ids.add(entry.entryId);
    }
    entityManager.flush();
    entityManager.clear();
    KeyStatements.execute(entityManager, "delete from waiting where entry_id = any(?)", ids);
    entityManager
        .createQuery("delete from CandidateRow c where c.height <= :height")
        .setParameter("height", height)
        .executeUpdate();
    next.ifPresent(this::enter);
  }

  private void keepBallot(EntryRow entry) {
    BallotRow ballot = new BallotRow();
    ballot.height = entry.height;
    ballot.idx = entry.idx;
    ballot.cose = entry.cose;
    entityManager.persist(ballot);
  }

  private long lastEpoch() {
    return entityManager
        .createQuery("select coalesce(max(e.epoch), 1) from EpochRow e", Long.class)
        .getSingleResult();
  }

  @Override
  public void enterEpochs(List<NextEpoch> epochs) {
    epochs.forEach(this::enter);
  }

  @Override
  public List<NextEpoch> epochsFrom(long epoch, int maxBytes) {
    List<NextEpoch> some = new ArrayList<>();
    long bytes = 0;
    try (Stream<EpochRow> rows =
        entityManager
            .createQuery(
                "select e from EpochRow e where e.epoch >= :epoch order by e.epoch", EpochRow.class)
            .setParameter("epoch", epoch)
            .getResultStream()) {
      for (EpochRow row : (Iterable<EpochRow>) rows::iterator) {
        bytes += row.proof.length + row.register.length;
        if (bytes > maxBytes && some.size() >= 2) {
          break;
        }
        some.add(new NextEpoch(EpochProof.decode(row.proof), Register.decode(row.register)));
      }
    }
    entityManager.clear();
    return some;
  }

  private void enter(NextEpoch next) {
    long epoch = next.proof().config().epoch();
    if (entityManager.find(EpochRow.class, epoch) == null) {
      EpochRow row = new EpochRow();
      row.epoch = epoch;
      row.proof = next.proof().encode().toArray();
      row.register = next.register().encode().toArray();
      entityManager.persist(row);
      entityManager.createQuery("delete from BallotRow").executeUpdate();
    }
  }

  @Override
  public List<EpochProof> epochs() {
    return entityManager
        .createQuery("select e.proof from EpochRow e order by e.epoch", byte[].class)
        .getResultStream()
        .map(proof -> EpochProof.decode(proof))
        .toList();
  }

  @Override
  public Optional<Register> register() {
    return entityManager
        .createQuery("select e.register from EpochRow e order by e.epoch desc", byte[].class)
        .setMaxResults(1)
        .getResultStream()
        .findFirst()
        .map(Register::decode);
  }

  @Override
  public List<SignedEntry> ballots() {
    return entityManager
        .createQuery("select b.cose from BallotRow b order by b.height, b.idx", byte[].class)
        .getResultStream()
        .map(cose -> SignedEntry.decode(Bytes.wrap(cose)))
        .toList();
  }

  @Override
  public void keepStatement(long epoch, Statement statement) {
    StatementRow row = new StatementRow();
    row.votingKey = statement.statement().votingKey().toHex();
    row.epoch = epoch;
    row.statement = statement.statement().encode().toArray();
    row.evidence = statement.evidence().toArray();
    entityManager.merge(row);
  }

  @Override
  public List<Statement> statements(long epoch) {
    return entityManager
        .createQuery("select s from StatementRow s where s.epoch = :epoch", StatementRow.class)
        .setParameter("epoch", epoch)
        .getResultStream()
        .map(
            row ->
                new Statement(
                    ResumeStatement.decode(Bytes.wrap(row.statement)), Bytes.wrap(row.evidence)))
        .toList();
  }

  @Override
  public void keepFault(VoterFault fault) {
    String id = fault.id().toHex();
    if (entityManager.find(FaultRow.class, id) == null) {
      FaultRow row = new FaultRow();
      row.id = id;
      row.epoch = fault.epoch();
      row.keptAt = clock.millis();
      row.proof = fault.encode().toArray();
      entityManager.persist(row);
    }
  }

  @Override
  public List<VoterFault> faults(long epoch) {
    return entityManager
        .createQuery(
            "select f.proof from FaultRow f where f.epoch = :epoch order by f.keptAt", byte[].class)
        .setParameter("epoch", epoch)
        .getResultStream()
        .map(VoterFault::decode)
        .toList();
  }

  @Override
  public void keepApproval(long epoch, Bytes approved) {
    ApprovalRow row = entityManager.find(ApprovalRow.class, epoch);
    if (row == null) {
      row = new ApprovalRow();
      row.epoch = epoch;
      row.approved = approved.toArray();
      entityManager.persist(row);
    }
    Check.that(
        Arrays.equals(row.approved, approved.unsafeArray()),
        "Expected one approval in an epoch, but this is the second");
  }

  @Override
  public Optional<Bytes> approval(long epoch) {
    return Optional.ofNullable(entityManager.find(ApprovalRow.class, epoch))
        .map(row -> Bytes.wrap(row.approved));
  }

  @Override
  public Optional<CommittedBlock> tip() {
    return entityManager
        .createQuery("select b from BlockRow b order by b.height desc", BlockRow.class)
        .setMaxResults(1)
        .getResultStream()
        .findFirst()
        .map(row -> committed(List.of(row)).getFirst());
  }

  @Override
  public List<CommittedBlock> from(long height, int limit, int maxBytes) {
    List<BlockRow> rows =
        entityManager
            .createQuery(
                "select b from BlockRow b where b.height >= :height order by b.height",
                BlockRow.class)
            .setParameter("height", height)
            .setMaxResults(limit)
            .getResultList();
    List<BlockRow> taken = new ArrayList<>();
    long bytes = 0;
    for (BlockRow row : rows) {
      bytes += BlockHeader.decode(row.header).entryBytes();
      if (!taken.isEmpty() && bytes > maxBytes) {
        break;
      }
      taken.add(row);
    }
    return committed(taken);
  }

  @Override
  public Set<Hash> finalAmong(Set<Hash> entryIds) {
    Set<Hash> found = new HashSet<>();
    KeyStatements.select(
        entityManager,
        "select entry_id from entry where entry_id = any(?)",
        entryIds.stream().map(Hash::toArray).toList(),
        row -> found.add(Hash.of(row.getBytes(1))));
    return found;
  }

  @Override
  public List<SignedEntry> waiting(int limit) {
    return entityManager
        .createQuery("select w.cose from WaitingRow w order by w.seq", byte[].class)
        .setMaxResults(limit)
        .getResultStream()
        .map(cose -> SignedEntry.decode(Bytes.wrap(cose)))
        .toList();
  }

  /** Rows with their entries, checked against the headers: what was stored is what is read. */
  private List<CommittedBlock> committed(List<BlockRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, List<EntryRow>> entries =
        entityManager
            .createQuery(
                "select e from EntryRow e where e.height between :first and :last"
                    + " order by e.height, e.idx",
                EntryRow.class)
            .setParameter("first", rows.getFirst().height)
            .setParameter("last", rows.getLast().height)
            .getResultStream()
            .collect(Collectors.groupingBy(entry -> entry.height));
    List<CommittedBlock> blocks = new ArrayList<>();
    for (BlockRow row : rows) {
      CommittedBlock block = BlockBytes.committed(row, entries.getOrDefault(row.height, List.of()));
      if (block.block().entries().size() != block.block().header().entryCount()) {
        throw new LedgerViolation(
            "Expected every entry of block " + row.height + " in the database, but some are gone");
      }
      blocks.add(block);
    }
    entityManager.clear();
    return blocks;
  }
}
