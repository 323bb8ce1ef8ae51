package org.caduceus.ledger.analytics;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * What the ledger says of a round of secure aggregation. World state holds it at {@link #key};
 * enclaves believe it by proof and take part once, in ascending order of {@code sequence}. Sets of
 * members are bitmaps: bit i, least significant first, is member index i.
 *
 * @param sequence 1 and up, above that of every earlier round of any participant
 * @param query {@link DpQuery#hash}; its {@code sources} is the number of participants
 * @param participants at least two members
 * @param aggregator index of the participant whose enclave answers
 * @param threshold of shares that recover a secret: more than half of the participants
 * @param minimumMembers whose sums must be in the answer
 */
public record AggregationRound(
    long sequence,
    Hash query,
    long participants,
    int aggregator,
    int threshold,
    int minimumMembers) {
  private static final String TAG = "CDC1AGGR";
  private static final int VERSION = 1;
  private static final long MAX_SEQUENCE = 1L << 62;

  /** Checks what enclaves would refuse. */
  public AggregationRound {
    int count = Long.bitCount(participants);
    if (sequence < 1 || sequence > MAX_SEQUENCE || count < 2) {
      throw new MalformedException(
          "Expected a sequence and two participants of a round, but got less");
    }
    if (aggregator < 0 || aggregator > 63 || (participants >>> aggregator & 1) == 0) {
      throw new MalformedException("Expected an aggregator that takes part, but it does not");
    }
    if (2 * threshold <= count
        || threshold > count
        || minimumMembers < 0
        || minimumMembers > count) {
      throw new MalformedException(
          "Expected a threshold of more than half of the participants, but got " + threshold);
    }
  }

  /** Where world state holds the round of this id. */
  public static Bytes key(Hash id) {
    return Bytes.wrap(
        new Writer()
            .bytes("round/".getBytes(StandardCharsets.US_ASCII))
            .bytes(id.toArray())
            .toArray());
  }

  /** The value in world state. */
  public Bytes encode() {
    return Bytes.wrap(
        new Writer()
            .tag(TAG)
            .u8(VERSION)
            .u64(sequence)
            .hash(query)
            .u64(participants)
            .u16(aggregator)
            .u16(threshold)
            .u16(minimumMembers)
            .toArray());
  }

  /** The round of these bytes. */
  public static AggregationRound decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "aggregation round");
    in.tag(TAG);
    if (in.u8() != VERSION) {
      throw new MalformedException("Expected version 1 of a round, but got another");
    }
    AggregationRound round =
        new AggregationRound(in.i64(), in.hash(), in.bits64(), in.u16(), in.u16(), in.u16());
    in.end();
    return round;
  }
}
