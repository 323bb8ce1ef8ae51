package org.caduceus.ledger.consent;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * That one member may read one record of another, as world state holds it, layout {@code CDC1GRNT}.
 * Enclaves believe it only with a proof of the state.
 *
 * @param holder id of the member that has the record
 * @param grantee id of the member that may read it
 * @param subject hash of the context under which the record was sealed
 * @param fromMs first moment of its life, ms since 1970-01-01 UTC by the time of blocks
 * @param untilMs first moment after its life
 * @param withdrawn whether it was taken back
 * @param terms hash of everything else that was agreed: purpose, fields, conditions
 */
public record Grant(
    String holder,
    String grantee,
    Hash subject,
    long fromMs,
    long untilMs,
    boolean withdrawn,
    Hash terms) {

  private static final String TAG = "CDC1GRNT";
  private static final int VERSION = 1;
  private static final byte[] PREFIX = "grant/".getBytes(StandardCharsets.US_ASCII);

  /** Where world state holds the grant of this id. */
  public static Bytes key(Hash id) {
    return Bytes.wrap(new Writer(38).bytes(PREFIX).hash(id).toArray());
  }

  /** What a grant calls the record that was sealed under this context. */
  public static Hash subjectOf(Bytes context) {
    return Hash.sha256(context.unsafeArray());
  }

  /** The same grant, taken back. */
  public Grant withdraw() {
    return new Grant(holder, grantee, subject, fromMs, untilMs, true, terms);
  }

  /** The value in world state. */
  public Bytes encode() {
    Writer out = new Writer().tag(TAG).u8(VERSION);
    for (String member : new String[] {holder, grantee}) {
      byte[] id = member.getBytes(StandardCharsets.UTF_8);
      out.u8(id.length).bytes(id);
    }
    return Bytes.wrap(
        out.hash(subject).u64(fromMs).u64(untilMs).flag(withdrawn).hash(terms).toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are no grant of version 1
   */
  public static Grant decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "grant");
    in.tag(TAG);
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException("Expected a grant of version 1, but got " + version);
    }
    Grant grant =
        new Grant(member(in), member(in), in.hash(), in.i64(), in.i64(), in.flag(), in.hash());
    in.end();
    return grant;
  }

  private static String member(Reader in) {
    return new String(in.bytes(in.u8()), StandardCharsets.UTF_8);
  }
}
