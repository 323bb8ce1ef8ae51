package org.caduceus.ledger.analytics;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * What the ledger has taken from a privacy budget for one answer of one enclave instance. World
 * state holds it at {@link #key}; the enclave believes it by proof, uses it once, and only in
 * ascending order of {@code sequence}.
 *
 * @param member whose enclave shall answer
 * @param votingKeyHash hash of that instance's voting key: another instance cannot use the debit
 * @param sequence 1 and up, above that of every debit this instance has used
 * @param query {@link DpQuery#hash}
 * @param microRho at least what the query costs
 */
public record Debit(String member, Hash votingKeyHash, long sequence, Hash query, long microRho) {
  private static final String TAG = "CDC1DEBT";
  private static final int VERSION = 1;
  private static final Pattern MEMBER = Pattern.compile("[a-z0-9-]{1,64}");
  private static final long MAX = 1L << 62;

  /** Checks the ranges. */
  public Debit {
    if (!MEMBER.matcher(member).matches()) {
      throw new MalformedException("Expected a member id in a debit, but got something else");
    }
    if (sequence < 1 || sequence > MAX || microRho < 0 || microRho > MAX) {
      throw new MalformedException("Expected numbers up to 2^62 in a debit, but got others");
    }
  }

  /** Where world state holds the debit of this id. */
  public static Bytes key(Hash id) {
    return Bytes.wrap(
        new Writer()
            .bytes("debit/".getBytes(StandardCharsets.US_ASCII))
            .bytes(id.toArray())
            .toArray());
  }

  /** The value in world state. */
  public Bytes encode() {
    byte[] id = member.getBytes(StandardCharsets.US_ASCII);
    return Bytes.wrap(
        new Writer()
            .tag(TAG)
            .u8(VERSION)
            .u8(id.length)
            .bytes(id)
            .hash(votingKeyHash)
            .u64(sequence)
            .hash(query)
            .u64(microRho)
            .toArray());
  }

  /** The debit of these bytes. */
  public static Debit decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "debit");
    in.tag(TAG);
    if (in.u8() != VERSION) {
      throw new MalformedException("Expected version 1 of a debit, but got another");
    }
    String member = new String(in.bytes(in.u8()), StandardCharsets.US_ASCII);
    Debit debit = new Debit(member, in.hash(), in.i64(), in.hash(), in.i64());
    in.end();
    return debit;
  }
}
