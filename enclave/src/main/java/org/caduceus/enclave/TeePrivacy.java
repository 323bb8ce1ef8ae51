package org.caduceus.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.enclave.PrivacyEnclave;
import org.caduceus.ledger.receipt.StateProof;

/**
 * Private answers by the enclave process. No request is repeated by itself: a lost answer was
 * perhaps given, and its debit is spent either way.
 */
public final class TeePrivacy implements PrivacyEnclave {
  private static final int MAX_MEASURES = 0xffff;
  private static final int NO_ANSWER = 16;

  private final EnclaveProcess process;

  /** Sessions of this process's instance. */
  public TeePrivacy(EnclaveProcess process) {
    this.process = process;
  }

  @Override
  public void begin(DpQuery query, Hash debit, StateProof proof) {
    byte[] request =
        new Writer()
            .sized(query.encode().unsafeArray())
            .hash(debit)
            .bytes(proof.encode())
            .toArray();
    process.callOnce(Operation.DP_BEGIN, request, NO_ANSWER);
  }

  @Override
  public void add(List<SealedMeasure> measures) {
    if (measures.size() > MAX_MEASURES) {
      throw new IllegalArgumentException(
          "Expected at most 65535 measures a call, but got " + measures.size());
    }
    Writer request = new Writer(measures.size() * 256 + 2).u16(measures.size());
    for (SealedMeasure measure : measures) {
      request.sized(measure.context().unsafeArray()).sized(measure.sealed().unsafeArray());
    }
    process.callOnce(Operation.DP_ADD, request.toArray(), NO_ANSWER);
  }

  @Override
  public NoisedAnswer release() {
    return NoisedAnswer.decode(
        Bytes.wrap(process.callOnce(Operation.DP_RELEASE, new byte[0], NoisedAnswer.MAX_LENGTH)));
  }
}
