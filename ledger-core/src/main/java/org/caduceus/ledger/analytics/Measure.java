package org.caduceus.ledger.analytics;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Writer;

/**
 * One number of one subject: the plaintext of a sealed record that queries run over.
 *
 * @param subject pseudonym, 16 bytes, the same for all measures of a subject; queries take subjects
 *     in ascending order of it, bytewise
 * @param series {@link #series} of the measure's name
 * @param value in the unit the series is defined in
 */
public record Measure(Bytes subject, Hash series, long value) {
  /** Length of a pseudonym. */
  public static final int SUBJECT_LENGTH = 16;

  private static final String TAG = "CDC1MEAS";

  /** Checks the length. */
  public Measure {
    if (subject.length() != SUBJECT_LENGTH) {
      throw new MalformedException("Expected a pseudonym of 16 bytes, but got " + subject.length());
    }
  }

  /** The series of measures of this name. */
  public static Hash series(String name) {
    return Hash.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  /** What is sealed. */
  public Bytes encode() {
    return Bytes.wrap(new Writer().tag(TAG).bytes(subject).hash(series).u64(value).toArray());
  }
}
