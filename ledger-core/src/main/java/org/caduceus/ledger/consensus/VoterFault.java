package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.Register;

/**
 * Proof that a member of an epoch did what none may do, layout {@code CDC1FALT}: its voter is
 * broken, as it signed what no sound enclave signs together; or its node had the voter sign a
 * proposal that breaks the rules, which an enclave does not know. Anybody who knows the epoch's
 * configuration and register can check it.
 *
 * @param configHash of the epoch whose keys signed
 * @param epoch its number
 * @param proof the statements
 */
public record VoterFault(Hash configHash, long epoch, Proof proof) {
  /** Kind of the entries that carry proofs. */
  public static final String KIND = "governance.evidence";

  private static final String TAG = "CDC1FALT";
  private static final String CONTRACT = "membership/1";
  private static final String METADATUM = "fault";

  /** Longest metadatum: the entry around it must stay within its own bound. */
  private static final int MAX_METADATUM = LedgerEntry.MAX_BYTES - 1_024;

  /** What was signed. */
  public sealed interface Proof {
    /** A leader's voter signed two proposals for one view. */
    record TwoProposals(
        BlockHeader first, Bytes firstSignature, BlockHeader second, Bytes secondSignature)
        implements Proof {}

    /** A voter signed votes for two blocks of one view. */
    record TwoVotes(Vote first, Vote second) implements Proof {}

    /** A voter signed a report that hides the vote that it has in a certificate. */
    record HiddenVote(NewView report, QuorumCertificate certificate) implements Proof {}

    /** Voters report votes for two blocks of one view, which one leader must have proposed. */
    record TwoReports(NewView first, NewView second) implements Proof {}

    /** Quorums certified two blocks of one height or view. */
    record TwoCertificates(QuorumCertificate first, QuorumCertificate second) implements Proof {}

    /** A leader proposed a block whose header alone breaks a rule. */
    record InvalidHeader(BlockHeader header, Bytes signature) implements Proof {}

    /**
     * A leader proposed a block with an entry that may not stand on the ledger.
     *
     * @param index of the entry in the block, from 0
     * @param path from the entry to the header's root, {@link MerkleTree#path}
     */
    record InvalidEntry(
        BlockHeader header, Bytes signature, SignedEntry entry, int index, List<Hash> path)
        implements Proof {
      /** Copies the path. */
      public InvalidEntry {
        path = List.copyOf(path);
      }
    }
  }

  /** A proof against voters of these. */
  static VoterFault of(Electorate electorate, Proof proof) {
    return new VoterFault(electorate.configHash(), electorate.config().epoch(), proof);
  }

  /**
   * Whether it proves what it says, to whoever trusts this epoch's configuration.
   *
   * @param register of the same epoch, by which its entries are judged
   */
  public boolean holds(Electorate electorate, Register register) {
    if (!configHash.equals(electorate.configHash()) || epoch != electorate.config().epoch()) {
      return false;
    }
    // What members without enclaves report is no more than a claim.
    boolean reportsCount = Rules.of(electorate.config()).trustsVoters();
    return switch (proof) {
      case Proof.TwoProposals(BlockHeader a, Bytes ofA, BlockHeader b, Bytes ofB) ->
          a.epoch() == epoch
              && b.epoch() == epoch
              && a.view() == b.view()
              && !a.equals(b)
              && electorate.proposed(a, a.hash(), ofA)
              && electorate.proposed(b, b.hash(), ofB);
      case Proof.TwoVotes(Vote a, Vote b) ->
          a.member() == b.member()
              && a.view() == b.view()
              && a.phase() == b.phase()
              && !a.blockHash().equals(b.blockHash())
              && electorate.voted(a)
              && electorate.voted(b);
      case Proof.HiddenVote(NewView report, QuorumCertificate certificate) ->
          reportsCount
              && hides(report, certificate)
              && electorate.reported(report)
              && electorate.certified(certificate);
      case Proof.TwoReports(NewView a, NewView b) ->
          reportsCount && differ(a, b) && electorate.reported(a) && electorate.reported(b);
      case Proof.TwoCertificates(QuorumCertificate a, QuorumCertificate b) ->
          !a.blockHash().equals(b.blockHash())
              && (a.height() == b.height() || a.view() == b.view())
              && electorate.certified(a)
              && electorate.certified(b);
      case Proof.InvalidHeader(BlockHeader header, Bytes signature) ->
          header.epoch() == epoch
              && ProposalRules.headerViolation(header, electorate, register.root()).isPresent()
              && electorate.proposed(header, header.hash(), signature);
      case Proof.InvalidEntry invalid -> {
        BlockHeader header = invalid.header();
        Hash root =
            MerkleTree.rootFrom(
                invalid.entry().leafHash(), invalid.index(), header.entryCount(), invalid.path());
        yield header.epoch() == epoch
            && root.equals(header.entriesRoot())
            && electorate.proposed(header, header.hash(), invalid.signature())
            && EntryRules.violation(invalid.entry(), electorate, register).isPresent();
      }
    };
  }

  /** Whether the certificate has a vote of the report's voter that the report should cover. */
  static boolean hides(NewView report, QuorumCertificate certificate) {
    return report.member() < Long.SIZE
        && (certificate.signers() >>> report.member() & 1) == 1
        && report.newView() > certificate.view()
        && report.votedView() < certificate.view();
  }

  /** Whether the reports are of votes for two blocks of one view. */
  static boolean differ(NewView first, NewView second) {
    return first.votedView() == second.votedView()
        && first.votedView() > 0
        && !first.votedHash().equals(second.votedHash());
  }

  /** The member whose voter is broken; empty if it is one of several. */
  public Optional<Integer> member(Electorate electorate) {
    return switch (proof) {
      case Proof.TwoProposals two -> Optional.of(electorate.leader(two.first().view()));
      case Proof.TwoVotes two -> Optional.of(two.first().member());
      case Proof.HiddenVote hidden -> Optional.of(hidden.report().member());
      case Proof.TwoReports two -> Optional.empty();
      case Proof.TwoCertificates two -> Optional.empty();
      case Proof.InvalidHeader invalid -> Optional.of(electorate.leader(invalid.header().view()));
      case Proof.InvalidEntry invalid -> Optional.of(electorate.leader(invalid.header().view()));
    };
  }

  /**
   * Whether a voter is broken, on whose word agreement may rest. Else a node proposed what a sound
   * voter signs too, since it judges neither entries nor the world state, and nobody votes for.
   */
  public boolean breaksVoter() {
    return !(proof instanceof Proof.InvalidHeader || proof instanceof Proof.InvalidEntry);
  }

  /** Whether two blocks may be final already: whoever goes on might take the wrong branch. */
  boolean isFork() {
    return proof instanceof Proof.TwoCertificates;
  }

  /** What it proves: "Expected …, but …". */
  public String reason(Electorate electorate) {
    return switch (proof) {
      case Proof.TwoProposals two ->
          "Expected one proposal for view "
              + two.first().view()
              + ", but the voter of "
              + electorate.name(electorate.leader(two.first().view()))
              + " signed two";
      case Proof.TwoVotes two ->
          "Expected one vote in view "
              + two.first().view()
              + ", but the voter of "
              + electorate.name(two.first().member())
              + " signed two";
      case Proof.HiddenVote hidden ->
          "Expected a report of every vote, but the voter of "
              + electorate.name(hidden.report().member())
              + " hid that in view "
              + hidden.certificate().view();
      case Proof.TwoReports two ->
          "Expected one block voted for in view "
              + two.first().votedView()
              + ", but the voters of "
              + electorate.name(two.first().member())
              + " and "
              + electorate.name(two.second().member())
              + " report two";
      case Proof.TwoCertificates two ->
          "Expected one final block at height "
              + two.first().height()
              + ", but a quorum certified another: a voter is broken";
      case Proof.InvalidHeader invalid ->
          "Expected a valid header in the proposal for view "
              + invalid.header().view()
              + ", but that of "
              + electorate.name(electorate.leader(invalid.header().view()))
              + " breaks a rule";
      case Proof.InvalidEntry invalid ->
          "Expected valid entries in the proposal for view "
              + invalid.header().view()
              + ", but that of "
              + electorate.name(electorate.leader(invalid.header().view()))
              + " has another one, of index "
              + invalid.index();
    };
  }

  /**
   * The entry that carries it, or only its name where an entry has no room for it: the nodes keep
   * it.
   *
   * @param member id of the institution whose node kept it
   * @param author ledger account
   */
  public LedgerEntry entry(Hash chainId, String member, String author, long timeMs) {
    SortedMap<String, String> metadata = new TreeMap<>();
    String shown = Base64.getUrlEncoder().withoutPadding().encodeToString(encode().toArray());
    if (shown.length() <= MAX_METADATUM) {
      metadata.put(METADATUM, shown);
    }
    return new LedgerEntry(
        chainId, member, KIND, CONTRACT, author, timeMs, id(), metadata, new TreeMap<>());
  }

  /** Names the proof. */
  public Hash id() {
    return Hash.sha256(encode().unsafeArray());
  }

  /** Layout of the formats page. */
  public Bytes encode() {
    Writer out = new Writer().tag(TAG).hash(configHash).u64(epoch);
    switch (proof) {
      case Proof.TwoProposals(BlockHeader a, Bytes ofA, BlockHeader b, Bytes ofB) ->
          out.u8(1).bytes(a.encode()).bytes(ofA).bytes(b.encode()).bytes(ofB);
      case Proof.TwoVotes(Vote a, Vote b) -> {
        a.writeTo(out.u8(2));
        b.writeTo(out);
      }
      case Proof.HiddenVote(NewView report, QuorumCertificate certificate) ->
          out.u8(3).bytes(report.encode()).bytes(certificate.encode());
      case Proof.TwoReports(NewView a, NewView b) -> out.u8(4).bytes(a.encode()).bytes(b.encode());
      case Proof.TwoCertificates(QuorumCertificate a, QuorumCertificate b) ->
          out.u8(5).bytes(a.encode()).bytes(b.encode());
      case Proof.InvalidHeader(BlockHeader header, Bytes signature) ->
          out.u8(6).bytes(header.encode()).bytes(signature);
      case Proof.InvalidEntry invalid -> {
        out.u8(7).bytes(invalid.header().encode()).bytes(invalid.signature());
        out.sized(invalid.entry().cose().unsafeArray()).u32(invalid.index());
        out.u8(invalid.path().size());
        invalid.path().forEach(out::hash);
      }
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote; checks no signature.
   *
   * @throws MalformedException or another {@link IllegalArgumentException} if the bytes are no
   *     proof
   */
  public static VoterFault decode(byte[] bytes) {
    Reader in = new Reader(bytes, "voter fault");
    in.tag(TAG);
    Hash configHash = in.hash();
    long epoch = in.i64();
    int kind = in.u8();
    Proof proof =
        switch (kind) {
          case 1 -> new Proof.TwoProposals(header(in), signature(in), header(in), signature(in));
          case 2 -> new Proof.TwoVotes(Vote.read(in), Vote.read(in));
          case 3 -> new Proof.HiddenVote(NewView.read(in), QuorumCertificate.read(in));
          case 4 -> new Proof.TwoReports(NewView.read(in), NewView.read(in));
          case 5 ->
              new Proof.TwoCertificates(QuorumCertificate.read(in), QuorumCertificate.read(in));
          case 6 -> new Proof.InvalidHeader(header(in), signature(in));
          case 7 -> invalidEntry(in);
          default -> throw new MalformedException("Expected voter fault 1 to 7, but got " + kind);
        };
    in.end();
    return new VoterFault(configHash, epoch, proof);
  }

  private static Proof invalidEntry(Reader in) {
    BlockHeader header = header(in);
    Bytes signature = signature(in);
    SignedEntry entry = SignedEntry.decode(Bytes.wrap(in.sized()));
    int index = in.i32();
    List<Hash> path = new ArrayList<>();
    for (int left = in.u8(); left > 0; left--) {
      path.add(in.hash());
    }
    return new Proof.InvalidEntry(header, signature, entry, index, path);
  }

  private static BlockHeader header(Reader in) {
    return BlockHeader.decode(in.bytes(BlockHeader.LENGTH));
  }

  private static Bytes signature(Reader in) {
    return Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH));
  }
}
