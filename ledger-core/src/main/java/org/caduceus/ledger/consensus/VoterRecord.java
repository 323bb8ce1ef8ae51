package org.caduceus.ledger.consensus;

import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.membership.Member;

/**
 * Where a {@link SoftVoter} stands after a signature, layout {@code CDC1VLOG}. Each record names
 * the one before by its hash, so that a missing or altered one shows.
 *
 * @param sequence 0 for the first of a key
 * @param previous hash of the record before, zeros for the first
 * @param votingKey whose log it is
 * @param epoch the entered one, 0 before the first
 * @param configHash its configuration, zeros before the first
 * @param view it signs for no earlier one
 * @param prepared highest view of a PREPARE
 * @param proposed highest view of a proposal
 * @param highest the certificate of the highest view that it acted upon
 */
record VoterRecord(
    long sequence,
    Hash previous,
    Bytes votingKey,
    long epoch,
    Hash configHash,
    long view,
    long prepared,
    long proposed,
    Optional<QuorumCertificate> highest) {
  private static final String TAG = "CDC1VLOG";
  private static final int CHECKSUM_LENGTH = 32;

  /** The first record of a key, before it signed anything. */
  static VoterRecord birth(Bytes votingKey) {
    return new VoterRecord(0, Hash.ZERO, votingKey, 0, Hash.ZERO, 0, 0, 0, Optional.empty());
  }

  /** The record of a later epoch's beginning. */
  VoterRecord entered(long newEpoch, Hash newConfigHash) {
    return new VoterRecord(
        sequence + 1, hash(), votingKey, newEpoch, newConfigHash, 0, 0, 0, Optional.empty());
  }

  VoterRecord proposedIn(long newView, Optional<QuorumCertificate> shown) {
    return next(newView, prepared, newView, shown);
  }

  VoterRecord preparedIn(long newView, Optional<QuorumCertificate> shown) {
    return next(newView, newView, proposed, shown);
  }

  VoterRecord committed(QuorumCertificate shown) {
    return next(shown.view(), prepared, proposed, Optional.of(shown));
  }

  VoterRecord movedTo(long newView) {
    return next(newView, prepared, proposed, Optional.empty());
  }

  private VoterRecord next(
      long newView, long newPrepared, long newProposed, Optional<QuorumCertificate> shown) {
    return new VoterRecord(
        sequence + 1,
        hash(),
        votingKey,
        epoch,
        configHash,
        newView,
        newPrepared,
        newProposed,
        shown.filter(each -> each.view() > highestView()).or(() -> highest));
  }

  /** View of the highest certificate, 0 without one. */
  long highestView() {
    return highest.map(QuorumCertificate::view).orElse(0L);
  }

  /** What the next record names it by. */
  Hash hash() {
    return Hash.sha256(encode().unsafeArray());
  }

  /** Layout of the formats page. */
  Bytes encode() {
    byte[] content =
        new Writer()
            .tag(TAG)
            .u64(sequence)
            .hash(previous)
            .bytes(votingKey)
            .u64(epoch)
            .hash(configHash)
            .u64(view)
            .u64(prepared)
            .u64(proposed)
            .sized(highest.map(each -> each.encode().toArray()).orElse(new byte[0]))
            .toArray();
    return Bytes.wrap(new Writer().bytes(content).hash(Hash.sha256(content)).toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are no record, or not what was written
   */
  static VoterRecord decode(Bytes bytes) {
    byte[] all = bytes.toArray();
    int length = Math.max(0, all.length - CHECKSUM_LENGTH);
    byte[] content = java.util.Arrays.copyOf(all, length);
    Reader in = new Reader(all, "voter's record");
    in.tag(TAG);
    VoterRecord record =
        new VoterRecord(
            in.i64(),
            in.hash(),
            Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
            in.i64(),
            in.hash(),
            in.i64(),
            in.i64(),
            in.i64(),
            highest(in.sized()));
    Hash checksum = in.hash();
    in.end();
    if (!checksum.equals(Hash.sha256(content))) {
      throw new MalformedException("Expected a voter's record as it was written, but it differs");
    }
    return record;
  }

  private static Optional<QuorumCertificate> highest(byte[] bytes) {
    return bytes.length == 0 ? Optional.empty() : Optional.of(QuorumCertificate.decode(bytes));
  }

  /** Whether this follows the record before without a gap. */
  boolean follows(VoterRecord before) {
    return sequence == before.sequence + 1
        && previous.equals(before.hash())
        && votingKey.equals(before.votingKey);
  }
}
