package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.Snapshot;

/**
 * What replicas tell each other, layout {@code CDC1PEER}. The link authenticates the sender; what
 * must convince third parties carries its own signature.
 */
public sealed interface PeerMessage {

  /** Most bytes of an encoded message; longer ones are refused before they are read. */
  int MAX_BYTES = 16 * 1024 * 1024;

  /**
   * Entries that wait for a block, most often the sender's own.
   *
   * @param entries in order of acceptance
   */
  record EntryGossip(List<SignedEntry> entries) implements PeerMessage {
    /** Freezes the list. */
    public EntryGossip {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The leader's block for a view.
   *
   * @param candidate block and PROP signature
   * @param justification why the leader could propose; a certificate in it makes the parent final
   */
  record Propose(BlockStore.Candidate candidate, Justification justification)
      implements PeerMessage {}

  /**
   * The sender's vote, to the leader that collects it.
   *
   * @param vote signed
   */
  record VoteMessage(Vote vote) implements PeerMessage {}

  /**
   * A block became final.
   *
   * @param certificate of a quorum
   */
  record Decide(QuorumCertificate certificate) implements PeerMessage {}

  /**
   * A quorum prepared a block, so that it may be committed (BFT-2P).
   *
   * @param certificate of phase 1
   */
  record Prepared(QuorumCertificate certificate) implements PeerMessage {}

  /**
   * The sender left all views below the report's.
   *
   * @param epoch of the report
   * @param report signed
   * @param highest certificate of the sender's last final block in that epoch, empty before the
   *     first; in BFT-2P that of the report's block
   * @param voted the report's block, unless it is final
   */
  record NewViewMessage(
      long epoch,
      NewView report,
      Optional<QuorumCertificate> highest,
      Optional<BlockStore.Candidate> voted)
      implements PeerMessage {}

  /**
   * Asks for final blocks.
   *
   * @param fromHeight first height wanted
   */
  record SyncRequest(long fromHeight) implements PeerMessage {}

  /**
   * Final blocks, ascending without gaps.
   *
   * @param blocks a certificate may be that of a later block
   */
  record SyncBlocks(List<CommittedBlock> blocks) implements PeerMessage {
    /** Freezes the list. */
    public SyncBlocks {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * Asks for a block that is not final.
   *
   * @param blockHash which
   */
  record CandidateRequest(Hash blockHash) implements PeerMessage {}

  /**
   * Answers {@link CandidateRequest}.
   *
   * @param candidate block and PROP signature
   */
  record CandidateReply(BlockStore.Candidate candidate) implements PeerMessage {}

  /**
   * "I am here", every few seconds.
   *
   * @param epoch the sender's
   * @param height of the last final block
   * @param view the sender's
   * @param voting whether its voter has a seat and answers
   */
  record StatusAnnouncement(long epoch, long height, long view, boolean voting)
      implements PeerMessage {}

  /**
   * The sender's enclave says what it is.
   *
   * @param evidence with a block hash as nonce, so that it is no older than that block
   */
  record Attestation(Bytes evidence) implements PeerMessage {}

  /**
   * The sender's enclave lost its voting key and states where it stood.
   *
   * @param statement signed with the key of the new instance
   * @param evidence of that instance
   * @param current whether that is the sender's present instance, or one that it had before
   */
  record Resume(ResumeStatement statement, Bytes evidence, boolean current)
      implements PeerMessage {}

  /** How the sender would go on after a quorum lost its keys. */
  record PlanColdStart(ColdStartPlan plan) implements PeerMessage {}

  /**
   * The sender's institution approves a plan.
   *
   * @param planHash which
   * @param signature by its governance key
   */
  record ApproveColdStart(Hash planHash, Bytes signature) implements PeerMessage {}

  /**
   * Asks for the state of the ledger in a later epoch than the sender's.
   *
   * @param epoch first epoch wanted
   */
  record SnapshotRequest(long epoch) implements PeerMessage {}

  /** Answers {@link SnapshotRequest}. */
  record SnapshotReply(Snapshot snapshot) implements PeerMessage {}

  /**
   * Asks the sender of evidence to show that its platform's two keys live in one TPM.
   *
   * @param challenge what only that TPM can open: TPM2B_ID_OBJECT, then TPM2B_ENCRYPTED_SECRET; at
   *     most {@value #MAX_LENGTH} bytes
   */
  record CredentialChallenge(Bytes challenge) implements PeerMessage {
    private static final int MAX_LENGTH = 1024;

    /** Refuses what no TPM would be given. */
    public CredentialChallenge {
      requireAtMost(MAX_LENGTH, challenge, "a challenge");
    }
  }

  /**
   * Answers {@link CredentialChallenge}.
   *
   * @param secret what the TPM found in it; at most {@value #MAX_LENGTH} bytes
   */
  record CredentialAnswer(Bytes secret) implements PeerMessage {
    private static final int MAX_LENGTH = 64;

    /** Refuses what no challenge holds. */
    public CredentialAnswer {
      requireAtMost(MAX_LENGTH, secret, "an answer");
    }

    /** Never the secret. */
    @Override
    public String toString() {
      return "CredentialAnswer[]";
    }
  }

  /** The sender knows that a voter is broken and shows the proof. */
  record Fault(VoterFault fault) implements PeerMessage {}

  /** Layout of the formats page. */
  default Bytes encode() {
    Writer out = new Writer(1024).tag("CDC1PEER");
    switch (this) {
      case EntryGossip(List<SignedEntry> entries) -> writeEntries(out.u8(1), entries);
      case Propose(BlockStore.Candidate candidate, Justification justification) -> {
        writeCandidate(out.u8(2), candidate);
        out.sized(justification.encode().unsafeArray());
      }
      case VoteMessage(Vote vote) -> vote.writeTo(out.u8(3));
      case Decide(QuorumCertificate certificate) -> out.u8(4).bytes(certificate.encode());
      case NewViewMessage(
              long epoch,
              NewView report,
              Optional<QuorumCertificate> highest,
              Optional<BlockStore.Candidate> voted) -> {
        out.u8(5).u64(epoch).bytes(report.encode()).flag(highest.isPresent());
        highest.ifPresent(certificate -> out.bytes(certificate.encode()));
        out.flag(voted.isPresent());
        voted.ifPresent(candidate -> writeCandidate(out, candidate));
      }
      case SyncRequest(long fromHeight) -> out.u8(6).u64(fromHeight);
      case SyncBlocks(List<CommittedBlock> blocks) -> {
        out.u8(7).u32(blocks.size());
        for (CommittedBlock committed : blocks) {
          writeBlock(out, committed.block());
          out.u32(committed.suffix().size());
          committed.suffix().forEach(header -> out.bytes(header.encode()));
          out.bytes(committed.certificate().encode());
        }
      }
      case CandidateRequest(Hash blockHash) -> out.u8(8).hash(blockHash);
      case CandidateReply(BlockStore.Candidate candidate) -> writeCandidate(out.u8(9), candidate);
      case StatusAnnouncement(long epoch, long height, long view, boolean voting) ->
          out.u8(10).u64(epoch).u64(height).u64(view).flag(voting);
      case Attestation(Bytes evidence) -> out.u8(11).sized(evidence.unsafeArray());
      case Resume(ResumeStatement statement, Bytes evidence, boolean current) ->
          out.u8(12).bytes(statement.encode()).sized(evidence.unsafeArray()).flag(current);
      case PlanColdStart(ColdStartPlan plan) -> out.u8(13).sized(plan.encode().unsafeArray());
      case ApproveColdStart(Hash planHash, Bytes signature) ->
          out.u8(14).hash(planHash).bytes(signature);
      case SnapshotRequest(long epoch) -> out.u8(15).u64(epoch);
      case SnapshotReply(Snapshot snapshot) -> out.u8(16).bytes(snapshot.encode());
      case CredentialChallenge(Bytes challenge) -> out.u8(17).sized(challenge.unsafeArray());
      case CredentialAnswer(Bytes secret) -> out.u8(18).sized(secret.unsafeArray());
      case Prepared(QuorumCertificate certificate) -> out.u8(19).bytes(certificate.encode());
      case Fault(VoterFault fault) -> out.u8(20).sized(fault.encode().unsafeArray());
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote; checks no signature.
   *
   * @throws MalformedException if the bytes are not a message
   */
  static PeerMessage decode(Bytes bytes) {
    if (bytes.length() > MAX_BYTES) {
      throw new MalformedException(
          "Expected a peer message of at most " + MAX_BYTES + " bytes, but got " + bytes.length());
    }
    Reader in = new Reader(bytes.unsafeArray(), "peer message");
    in.tag("CDC1PEER");
    int kind = in.u8();
    PeerMessage message =
        switch (kind) {
          case 1 -> new EntryGossip(readEntries(in));
          case 2 -> new Propose(readCandidate(in), Justification.decode(in.sized()));
          case 3 -> new VoteMessage(Vote.read(in));
          case 4 -> new Decide(QuorumCertificate.read(in));
          case 5 ->
              new NewViewMessage(
                  in.i64(),
                  NewView.read(in),
                  in.flag() ? Optional.of(QuorumCertificate.read(in)) : Optional.empty(),
                  in.flag() ? Optional.of(readCandidate(in)) : Optional.empty());
          case 6 -> new SyncRequest(in.i64());
          case 7 -> {
            int count = in.i32();
            List<CommittedBlock> blocks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
              blocks.add(
                  new CommittedBlock(readBlock(in), readSuffix(in), QuorumCertificate.read(in)));
            }
            yield new SyncBlocks(blocks);
          }
          case 8 -> new CandidateRequest(in.hash());
          case 9 -> new CandidateReply(readCandidate(in));
          case 10 -> new StatusAnnouncement(in.i64(), in.i64(), in.i64(), in.flag());
          case 11 -> new Attestation(Bytes.wrap(in.sized()));
          case 12 -> new Resume(ResumeStatement.read(in), Bytes.wrap(in.sized()), in.flag());
          case 13 -> new PlanColdStart(ColdStartPlan.decode(in.sized()));
          case 14 ->
              new ApproveColdStart(
                  in.hash(), Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH)));
          case 15 -> new SnapshotRequest(in.i64());
          case 16 -> new SnapshotReply(Snapshot.read(in));
          case 17 -> new CredentialChallenge(Bytes.wrap(in.sized()));
          case 18 -> new CredentialAnswer(Bytes.wrap(in.sized()));
          case 19 -> new Prepared(QuorumCertificate.read(in));
          case 20 -> new Fault(VoterFault.decode(in.sized()));
          default -> throw new MalformedException("Expected peer message 1 to 20, but got " + kind);
        };
    in.end();
    return message;
  }

  private static void requireAtMost(int length, Bytes bytes, String what) {
    if (bytes.length() > length) {
      throw new MalformedException(
          "Expected " + what + " of at most " + length + " bytes, but got " + bytes.length());
    }
  }

  private static void writeCandidate(Writer out, BlockStore.Candidate candidate) {
    writeBlock(out, candidate.block());
    out.bytes(candidate.proposal());
  }

  private static BlockStore.Candidate readCandidate(Reader in) {
    return new BlockStore.Candidate(
        readBlock(in), Bytes.wrap(in.bytes(QuorumCertificate.SIGNATURE_LENGTH)));
  }

  private static void writeBlock(Writer out, Block block) {
    writeEntries(out.bytes(block.header().encode()), block.entries());
  }

  private static Block readBlock(Reader in) {
    return new Block(BlockHeader.decode(in.bytes(BlockHeader.LENGTH)), readEntries(in));
  }

  private static List<BlockHeader> readSuffix(Reader in) {
    int count = in.i32();
    List<BlockHeader> suffix = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      suffix.add(BlockHeader.decode(in.bytes(BlockHeader.LENGTH)));
    }
    return suffix;
  }

  private static void writeEntries(Writer out, List<SignedEntry> entries) {
    out.u32(entries.size());
    entries.forEach(entry -> out.sized(entry.cose().unsafeArray()));
  }

  private static List<SignedEntry> readEntries(Reader in) {
    // Not presized: a lying count must cost its sender the bytes, not us the memory.
    int count = in.i32();
    List<SignedEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(SignedEntry.decode(Bytes.wrap(in.sized())));
    }
    return entries;
  }
}
