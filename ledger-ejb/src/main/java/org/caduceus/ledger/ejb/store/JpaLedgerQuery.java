package org.caduceus.ledger.ejb.store;

import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.LookupTag;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.LedgerQuery;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.record.Inlet;

/** Reads of the ledger; each call is one transaction. Final rows never change. */
@Stateless
@Local(LedgerQuery.class)
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class JpaLedgerQuery implements LedgerQuery {
  private static final String FINAL =
      "select e.cose, e.height, e.idx, b.hash, b.finalAt, e.entryId"
          + " from EntryRow e join BlockRow b on b.height = e.height";

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  @Inject private Node node;

  private EpochConfig config;
  private Bytes lookupKey;

  /** For the container. */
  public JpaLedgerQuery() {}

  JpaLedgerQuery(EntityManager entityManager, EpochConfig config, Bytes lookupKey) {
    this.entityManager = entityManager;
    this.config = config;
    this.lookupKey = lookupKey;
  }

  @Override
  public Optional<EntryView> entry(Hash entryId) {
    List<EntryView> found =
        views(
            entityManager
                .createQuery(FINAL + " where e.entryId = :id", Object[].class)
                .setParameter("id", entryId.toArray())
                .getResultList());
    if (!found.isEmpty()) {
      return Optional.of(found.getFirst());
    }
    return waiting(
            entityManager
                .createQuery(
                    "select w.cose, w.entryId, w.seq from WaitingRow w where w.entryId = :id",
                    Object[].class)
                .setParameter("id", entryId.toArray())
                .getResultList())
        .stream()
        .findFirst();
  }

  @Override
  public List<EntryView> entriesByExternalId(String externalId, int limit) {
    List<byte[]> tags =
        Arrays.stream(Inlet.values())
            .map(inlet -> LookupTag.of(lookupKey(), inlet.family(), externalId).toArray())
            .toList();
    List<EntryView> waiting =
        waiting(
            entityManager
                .createQuery(
                    "select w.cose, w.entryId, w.seq from WaitingRow w where w.lookupTag in :tags"
                        + " order by w.seq desc",
                    Object[].class)
                .setParameter("tags", tags)
                .setMaxResults(limit)
                .getResultList());
    List<EntryView> finals =
        views(
            entityManager
                .createQuery(
                    FINAL + " where e.lookupTag in :tags order by e.height desc, e.idx desc",
                    Object[].class)
                .setParameter("tags", tags)
                .setMaxResults(limit)
                .getResultList());
    return Stream.concat(waiting.stream(), finals.stream()).limit(limit).toList();
  }

  @Override
  public List<EntryView> entries(long beforeHeight, int limit) {
    // Whole blocks: enough of the newest that together they hold the limit.
    List<Object[]> heights =
        entityManager
            .createQuery(
                "select e.height, count(e) from EntryRow e where e.height < :before"
                    + " group by e.height order by e.height desc",
                Object[].class)
            .setParameter("before", beforeHeight)
            .setMaxResults(limit)
            .getResultList();
    long lowest = beforeHeight;
    long sum = 0;
    for (Object[] row : heights) {
      if (sum >= limit) {
        break;
      }
      lowest = (Long) row[0];
      sum += (Long) row[1];
    }
    return views(
        entityManager
            .createQuery(
                FINAL
                    + " where e.height >= :lowest and e.height < :before"
                    + " order by e.height desc, e.idx desc",
                Object[].class)
            .setParameter("lowest", lowest)
            .setParameter("before", beforeHeight)
            .getResultList());
  }

  @Override
  public Optional<EntryReceipt> receipt(Hash entryId) {
    return entityManager
        .createQuery("select e.height, e.idx from EntryRow e where e.entryId = :id", Object[].class)
        .setParameter("id", entryId.toArray())
        .getResultStream()
        .findFirst()
        .flatMap(
            place ->
                block((Long) place[0])
                    .map(
                        block ->
                            EntryReceipt.of(
                                block,
                                (Integer) place[1],
                                this::headerAt,
                                register(block.block().header().epoch()))));
  }

  @Override
  public Optional<CommittedBlock> block(long height) {
    return blockWhere("b.height = :key", height);
  }

  @Override
  public Optional<CommittedBlock> block(Hash hash) {
    return blockWhere("b.hash = :key", hash.toArray());
  }

  @Override
  public List<BlockSummary> blocks(long beforeHeight, int limit) {
    return entityManager
        .createQuery(
            "select b from BlockRow b where b.height < :before order by b.height desc",
            BlockRow.class)
        .setParameter("before", beforeHeight)
        .setMaxResults(limit)
        .getResultStream()
        .map(this::summary)
        .toList();
  }

  private BlockHeader headerAt(long height) {
    return BlockHeader.decode(
        entityManager
            .createQuery("select b.header from BlockRow b where b.height = :height", byte[].class)
            .setParameter("height", height)
            .getSingleResult());
  }

  private Optional<CommittedBlock> blockWhere(String condition, Object key) {
    return entityManager
        .createQuery("select b from BlockRow b where " + condition, BlockRow.class)
        .setParameter("key", key)
        .getResultStream()
        .findFirst()
        .map(
            row ->
                BlockBytes.committed(
                    row,
                    entityManager
                        .createQuery(
                            "select e from EntryRow e where e.height = :height order by e.idx",
                            EntryRow.class)
                        .setParameter("height", row.height)
                        .getResultList()));
  }

  private BlockSummary summary(BlockRow row) {
    BlockHeader header = BlockHeader.decode(row.header);
    QuorumCertificate certificate = QuorumCertificate.decode(row.certificate);
    return summary(this::config, header, certificate, row.finalAt);
  }

  @Override
  public EpochConfig config(long epoch) {
    if (epoch == 1) {
      return config == null ? node.genesis() : config;
    }
    return EpochProof.decode(epochRow(epoch).proof).config();
  }

  @Override
  public Register register(long epoch) {
    return epoch == 1 ? Register.of(config(1)) : Register.decode(epochRow(epoch).register);
  }

  private EpochRow epochRow(long epoch) {
    EpochRow row = entityManager.find(EpochRow.class, epoch);
    if (row == null) {
      throw new NoSuchElementException("Expected an epoch that began here, but got " + epoch);
    }
    return row;
  }

  @Override
  public List<EpochProof> epochs() {
    List<EpochProof> epochs = new ArrayList<>();
    epochs.add(EpochProof.genesis(config(1)));
    entityManager
        .createQuery("select e.proof from EpochRow e order by e.epoch", byte[].class)
        .getResultStream()
        .map(EpochProof::decode)
        .forEach(epochs::add);
    return epochs;
  }

  /**
   * The summary of a final block.
   *
   * @param configs those of the epochs that began here; the votes may be of a later one
   */
  public static BlockSummary summary(
      LongFunction<EpochConfig> configs,
      BlockHeader header,
      QuorumCertificate certificate,
      long finalAtMs) {
    EpochConfig voters = configs.apply(certificate.epoch());
    return new BlockSummary(
        header,
        header.hash(),
        configs.apply(header.epoch()).members().get(header.proposer()).id(),
        IntStream.range(0, voters.n())
            .filter(member -> (certificate.signers() >>> member & 1) == 1)
            .mapToObj(member -> voters.members().get(member).id())
            .toList(),
        finalAtMs);
  }

  private List<EntryView> views(List<Object[]> rows) {
    Map<Hash, String> externalIds = externalIds(rows.stream().map(row -> (byte[]) row[5]).toList());
    return rows.stream()
        .map(
            row -> {
              SignedEntry signed = SignedEntry.decode(Bytes.wrap((byte[]) row[0]));
              return new EntryView(
                  signed,
                  Optional.ofNullable(externalIds.get(signed.id())),
                  Optional.of(
                      new EntryView.Place(
                          (Long) row[1],
                          (Integer) row[2],
                          Hash.of((byte[]) row[3]),
                          (Long) row[4])));
            })
        .toList();
  }

  private List<EntryView> waiting(List<Object[]> rows) {
    Map<Hash, String> externalIds = externalIds(rows.stream().map(row -> (byte[]) row[1]).toList());
    return rows.stream()
        .sorted(Comparator.comparing((Object[] row) -> (Long) row[2]).reversed())
        .map(row -> SignedEntry.decode(Bytes.wrap((byte[]) row[0])))
        .map(
            signed ->
                new EntryView(
                    signed, Optional.ofNullable(externalIds.get(signed.id())), Optional.empty()))
        .toList();
  }

  /** External ids stay at the institution that took the record in: only own records have one. */
  private Map<Hash, String> externalIds(List<byte[]> entryIds) {
    Map<Hash, String> found = new HashMap<>();
    List<byte[]> left = new ArrayList<>(entryIds);
    while (!left.isEmpty()) {
      List<byte[]> some = left.subList(0, Math.min(256, left.size()));
      entityManager
          .createQuery(
              "select r.entryId, r.externalId from RecordRow r where r.entryId in :ids",
              Object[].class)
          .setParameter("ids", List.copyOf(some))
          .getResultStream()
          .forEach(row -> found.put(Hash.of((byte[]) row[0]), (String) row[1]));
      some.clear();
    }
    return found;
  }

  private Bytes lookupKey() {
    return lookupKey == null ? node.settings().lookupKey() : lookupKey;
  }
}
