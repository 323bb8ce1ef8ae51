package org.caduceus.ledger.consensus;

import java.util.Base64;
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

/**
 * Proof that a voter of an epoch is broken: statements that no sound enclave signs together, layout
 * {@code CDC1FALT}. Anybody who knows the epoch's configuration can check it.
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
  }

  /** A proof against voters of these. */
  static VoterFault of(Electorate electorate, Proof proof) {
    return new VoterFault(electorate.configHash(), electorate.config().epoch(), proof);
  }

  /** Whether it proves what it says, to whoever trusts this epoch's configuration. */
  public boolean holds(Electorate electorate) {
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
    };
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
    };
  }

  /**
   * The entry that carries it.
   *
   * @param member id of the institution whose node kept it
   * @param author ledger account
   */
  public LedgerEntry entry(Hash chainId, String member, String author, long timeMs) {
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(
        METADATUM, Base64.getUrlEncoder().withoutPadding().encodeToString(encode().toArray()));
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
          default -> throw new MalformedException("Expected voter fault 1 to 5, but got " + kind);
        };
    in.end();
    return new VoterFault(configHash, epoch, proof);
  }

  private static BlockHeader header(Reader in) {
    return BlockHeader.decode(in.bytes(BlockHeader.LENGTH));
  }

  private static Bytes signature(Reader in) {
    return Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH));
  }
}
