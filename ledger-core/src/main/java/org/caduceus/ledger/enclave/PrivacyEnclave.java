package org.caduceus.ledger.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.receipt.StateProof;

/**
 * Private answers over sealed measures. One session at a time: begin, add any number of times,
 * release. Not thread-safe: a caller that shares it takes turns by the session.
 */
public interface PrivacyEnclave {
  /**
   * A sealed {@link org.caduceus.ledger.analytics.Measure}.
   *
   * @param context as given to {@link Enclave#seal}
   */
  record SealedMeasure(Bytes context, Bytes sealed) {}

  /**
   * Spends a debit, draws the noise of its answer and opens a session; an open one ends. Nothing
   * gives the debit back.
   *
   * @param proof of the debit in world state, at {@link org.caduceus.ledger.analytics.Debit#key}
   * @throws EnclaveRefusal if the proof does not hold, or the debit is not this query's or
   *     instance's, too small, or spent
   */
  void begin(DpQuery query, Hash debit, StateProof proof);

  /**
   * Counts these measures, all or none.
   *
   * @param measures of the query's series, in ascending order of subject over the whole session
   * @throws EnclaveRefusal if one does not open, or is out of series or order
   */
  void add(List<SealedMeasure> measures);

  /**
   * The noised answer, once.
   *
   * @throws EnclaveRefusal if the noised cohort is below the query's minimum; the session has ended
   *     all the same
   */
  NoisedAnswer release();
}
