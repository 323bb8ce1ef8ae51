package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.Register;

/** Members, their keys and what they sign, without a network. */
public final class SampleConsortium {
  private final SampleSigner.Scheme scheme;
  private final EpochConfig config;

  /** Members with keys of their own names. */
  public SampleConsortium(SampleSigner.Scheme scheme, int n, int slotK) {
    this(scheme, n, slotK, keysOf(scheme, n));
  }

  /** Members with these voting keys. */
  public SampleConsortium(SampleSigner.Scheme scheme, int n, int slotK, List<Bytes> votingKeys) {
    this(scheme, n, slotK, votingKeys, 1);
  }

  /** Members with these voting keys in a later epoch. */
  public SampleConsortium(
      SampleSigner.Scheme scheme, int n, int slotK, List<Bytes> votingKeys, long epoch) {
    this.scheme = scheme;
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(
          new Member(
              id(i),
              votingKeys.get(i),
              institution(i).publicKey(),
              scheme.signer("governance " + i).publicKey(),
              SampleEntries.hashOf("certificate " + i),
              SampleEntries.hashOf("evidence " + i)));
    }
    this.config =
        new EpochConfig(
            SampleEntries.CHAIN,
            epoch,
            EpochConfig.Mode.TEE_1P,
            scheme.suite(),
            slotK,
            500,
            4_000,
            100,
            100_000,
            AssuranceTier.SIMULATED,
            0,
            members,
            List.of());
  }

  private SampleConsortium(SampleSigner.Scheme scheme, EpochConfig config) {
    this.scheme = scheme;
    this.config = config;
  }

  /** The same consortium, but that real enclaves have these seats. */
  public SampleConsortium with(Map<Integer, EnclaveInfo> enclaves) {
    List<Member> members = new ArrayList<>(config.members());
    enclaves.forEach(
        (seat, info) -> {
          Member before = members.get(seat);
          members.set(
              seat,
              new Member(
                  before.id(),
                  info.votingKey(),
                  info.signingKey(),
                  before.governanceKey(),
                  before.linkKey(),
                  before.evidence()));
        });
    return with(config.minimumTier(), config.maxEvidenceAge(), members, config.measurements());
  }

  /** The same consortium in another mode. */
  public SampleConsortium in(EpochConfig.Mode mode) {
    return new SampleConsortium(
        scheme,
        new EpochConfig(
            config.chainId(),
            config.epoch(),
            mode,
            config.suite(),
            config.slotK(),
            config.timeoutMs(),
            config.maxTimeoutMs(),
            config.maxBlockEntries(),
            config.maxBlockBytes(),
            config.minimumTier(),
            config.maxEvidenceAge(),
            config.members(),
            config.measurements()));
  }

  /** The same consortium, but that it asks this of its members' enclaves. */
  public SampleConsortium asking(AssuranceTier minimum, int maxAge, List<Bytes> measurements) {
    return with(minimum, maxAge, config.members(), measurements);
  }

  private SampleConsortium with(
      AssuranceTier minimum, int maxAge, List<Member> members, List<Bytes> measurements) {
    return new SampleConsortium(
        scheme,
        new EpochConfig(
            config.chainId(),
            config.epoch(),
            config.mode(),
            config.suite(),
            config.slotK(),
            config.timeoutMs(),
            config.maxTimeoutMs(),
            config.maxBlockEntries(),
            config.maxBlockBytes(),
            minimum,
            maxAge,
            members,
            measurements));
  }

  private static List<Bytes> keysOf(SampleSigner.Scheme scheme, int n) {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      keys.add(scheme.signer(votingKeyName(i)).publicKey());
    }
    return keys;
  }

  /** Member ids in the order of their indexes. */
  public static String id(int member) {
    return "member-" + (char) ('a' + member);
  }

  /** Name of the key in {@link SampleSigner.Scheme#signer} that the default configuration lists. */
  public static String votingKeyName(int member) {
    return "voting key " + member;
  }

  /** The epoch's configuration. */
  public EpochConfig config() {
    return config;
  }

  /** How signatures are made. */
  public SampleSigner.Scheme scheme() {
    return scheme;
  }

  /** The institution's key for entries. */
  public SampleSigner institution(int member) {
    return scheme.signer("institution " + member);
  }

  /** A checker with the seat's key, in its epoch. */
  public ModelVoter voter(int member) {
    ModelVoter voter = new ModelVoter(scheme, votingKeyName(member));
    voter.enterEpoch(List.of(org.caduceus.ledger.membership.EpochProof.genesis(config)));
    return voter;
  }

  /** A signed entry of the member. */
  public SignedEntry entry(int member, int number) {
    return SampleEntries.signed(config.chainId(), id(member), number, institution(member));
  }

  /** A block by the leader of its view. */
  public Block block(long view, long height, Hash parent, List<SignedEntry> entries) {
    return new Block(
        new BlockHeader(
            config.chainId(),
            config.epoch(),
            view,
            height,
            parent,
            MerkleTree.ofEntries(entries).root(),
            Register.of(config).root(),
            1_790_000_000_000L + height,
            config.leader(view),
            false,
            Hash.ZERO,
            entries.size(),
            entries.stream().mapToInt(entry -> entry.cose().length()).sum()),
        entries);
  }

  /** The same with the leader's PROP, made without asking any checker. */
  public BlockStore.Candidate candidate(Block block) {
    return new BlockStore.Candidate(block, proposal(block.header().proposer(), block.header()));
  }

  /** A PROP, made without asking any checker. */
  public Bytes proposal(int member, BlockHeader header) {
    return scheme
        .signer(votingKeyName(member))
        .sign(Statements.proposal(config.hash(), header, header.hash()));
  }

  /** A vote, made without asking any checker. */
  public Vote vote(int member, Block block) {
    return vote(member, block.header());
  }

  /** The same where nobody needs the entries. */
  public Vote vote(int member, BlockHeader header) {
    return Vote.of(member, header, header.hash(), voteSignature(member, 1, header));
  }

  private Bytes voteSignature(int member, int phase, BlockHeader header) {
    return scheme
        .signer(votingKeyName(member))
        .sign(
            Statements.vote(
                config.hash(),
                phase,
                header.epoch(),
                header.view(),
                header.height(),
                header.hash(),
                header.lastInEpoch()));
  }

  /** A certificate of these members, ascending, made without asking any checker. */
  public QuorumCertificate certificate(Block block, int... members) {
    return certificate(block.header(), members);
  }

  /** The same where nobody needs the entries. */
  public QuorumCertificate certificate(BlockHeader header, int... members) {
    return certificate(1, header, members);
  }

  /** One of the phase in which blocks become final. */
  public QuorumCertificate finality(BlockHeader header, int... members) {
    return certificate(config.mode().phases(), header, members);
  }

  private QuorumCertificate certificate(int phase, BlockHeader header, int... members) {
    long signers = 0;
    List<Bytes> signatures = new ArrayList<>();
    for (int member : members) {
      signers |= 1L << member;
      signatures.add(voteSignature(member, phase, header));
    }
    return new QuorumCertificate(
        header.epoch(),
        header.view(),
        header.height(),
        header.hash(),
        header.lastInEpoch(),
        phase,
        signers,
        signatures);
  }

  /** A final block of these members' votes. */
  public CommittedBlock committed(Block block, int... members) {
    return new CommittedBlock(block, certificate(block, members));
  }

  /** A report, made without asking any checker. */
  public NewView report(int member, long newView, long votedView, long height, Hash hash) {
    return report(member, newView, votedView, height, hash, false);
  }

  /** The same for a block that may be the last of its epoch. */
  public NewView report(
      int member, long newView, long votedView, long height, Hash hash, boolean last) {
    NewView unsigned = new NewView(member, newView, votedView, height, hash, last, Bytes.EMPTY);
    Bytes signature =
        scheme
            .signer(votingKeyName(member))
            .sign(Statements.newView(config.hash(), config.epoch(), unsigned));
    return new NewView(member, newView, votedView, height, hash, last, signature);
  }
}
