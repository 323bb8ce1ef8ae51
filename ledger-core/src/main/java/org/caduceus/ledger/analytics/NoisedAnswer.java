package org.caduceus.ledger.analytics;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.block.SignatureVerifier;

/**
 * What an enclave released for a debit, signed by its voting key so that others can rely on it.
 *
 * @param debit id of the debit that paid
 * @param query {@link DpQuery#hash}
 * @param values one for each output: a count, a sum, a sum and a count, or bins
 * @param encoded the signed bytes and the signature
 */
public record NoisedAnswer(Hash debit, Hash query, List<Long> values, Bytes encoded) {
  private static final String TAG = "CDC1DPAN";
  private static final int SIGNATURE_LENGTH = 64;

  /** Copies the list. */
  public NoisedAnswer {
    values = List.copyOf(values);
  }

  /** Most bytes of an answer. */
  public static final int MAX_LENGTH = 8 + 1 + 32 + 32 + 2 + 64 * 8 + SIGNATURE_LENGTH;

  /** The answer of these bytes; the signature is not checked. */
  public static NoisedAnswer decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "noised answer");
    in.tag(TAG);
    if (in.u8() != 1) {
      throw new MalformedException("Expected version 1 of an answer, but got another");
    }
    Hash debit = in.hash();
    Hash query = in.hash();
    int count = in.u16();
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(in.bits64());
    }
    in.bytes(SIGNATURE_LENGTH);
    in.end();
    return new NoisedAnswer(debit, query, values, bytes);
  }

  /** Whether the holder of this voting key released it. */
  public boolean isOf(Bytes votingKey, SignatureVerifier verifier) {
    int signed = encoded.length() - SIGNATURE_LENGTH;
    return verifier.verifies(
        votingKey,
        Bytes.of(encoded.unsafeArray(), 0, signed),
        Bytes.of(encoded.unsafeArray(), signed, SIGNATURE_LENGTH));
  }
}
