package org.caduceus.ledger.membership;

import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.SignatureVerifier;

/**
 * A member's word for a change, layout {@code CDC1BALL}, on the ledger as the metadatum {@code
 * ballot} of an entry of kind {@link #KIND}. It counts in the epoch of its configuration only: what
 * was not decided until an epoch ends is asked again.
 *
 * @param configHash of the epoch
 * @param change what is voted for
 * @param signature by the governance key of the member that the entry names
 */
public record Ballot(Hash configHash, MembershipChange change, Bytes signature) {
  /** Kind of the entries that carry ballots. */
  public static final String KIND = "governance.ballot";

  private static final String CONTRACT = "membership/1";
  private static final String METADATUM = "ballot";
  private static final int SIGNATURE_LENGTH = 64;

  /** What governance signs. */
  public static Bytes signedBytes(Hash configHash, MembershipChange change) {
    return Bytes.wrap(
        new Writer()
            .tag("CDC1BALL")
            .hash(configHash)
            .sized(change.encode().unsafeArray())
            .toArray());
  }

  /** Whether this governance key signed it for this epoch. */
  public boolean isOf(Bytes governanceKey, Hash epoch, SignatureVerifier signatures) {
    return configHash.equals(epoch)
        && signatures.verifies(governanceKey, signedBytes(configHash, change), signature);
  }

  /**
   * The entry that carries it.
   *
   * @param member id of the institution whose ballot it is
   * @param author ledger account of whoever casts it
   */
  public LedgerEntry entry(Hash chainId, String member, String author, long timeMs) {
    byte[] bytes = new Writer().bytes(signedBytes(configHash, change)).bytes(signature).toArray();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(METADATUM, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    return new LedgerEntry(
        chainId,
        member,
        KIND,
        CONTRACT,
        author,
        timeMs,
        Hash.sha256(change.encode().unsafeArray()),
        metadata,
        new TreeMap<>());
  }

  /** The ballot in an entry; empty if it carries none, or none that can be read. */
  public static Optional<Ballot> in(LedgerEntry entry) {
    String text = entry.metadata().get(METADATUM);
    if (!entry.kind().equals(KIND) || text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(decode(Base64.getUrlDecoder().decode(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Ballot decode(byte[] bytes) {
    Reader in = new Reader(bytes, "ballot");
    in.tag("CDC1BALL");
    Ballot ballot =
        new Ballot(
            in.hash(), MembershipChange.decode(in.sized()), Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    in.end();
    return ballot;
  }
}
