package org.caduceus.enclave;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.enclave.AggregationEnclave;
import org.caduceus.ledger.enclave.PrivacyEnclave;
import org.caduceus.ledger.receipt.StateProof;

/**
 * Private answers, alone or together with other members, by the enclave process. No request is
 * repeated by itself: a lost answer was perhaps given, and its debit is spent either way.
 */
public final class TeePrivacy implements PrivacyEnclave, AggregationEnclave {
  private static final int MAX_MEASURES = 0xffff;
  private static final int NO_ANSWER = 16;
  private static final int ROUND_KEY_LENGTH = 235;
  private static final int SEALED_SHARE_LENGTH = 80;
  private static final int CONTRIBUTION_CAPACITY = 1024;
  private static final int UNMASKING_CAPACITY = 4096;

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

  @Override
  public Bytes join(Hash round, DpQuery query, StateProof proof) {
    byte[] request =
        new Writer()
            .hash(round)
            .sized(query.encode().unsafeArray())
            .bytes(proof.encode())
            .toArray();
    return Bytes.wrap(process.callOnce(Operation.AGG_BEGIN, request, ROUND_KEY_LENGTH));
  }

  @Override
  public List<Bytes> deal(List<Bytes> keys) {
    Writer request = new Writer().u16(keys.size());
    keys.forEach(request::bytes);
    int length = keys.size() * SEALED_SHARE_LENGTH;
    Reader in =
        new Reader(process.callOnce(Operation.AGG_SHARE, request.toArray(), length), "shares");
    List<Bytes> shares = new ArrayList<>();
    while (in.remaining() > 0) {
      shares.add(Bytes.wrap(in.bytes(SEALED_SHARE_LENGTH)));
    }
    return List.copyOf(shares);
  }

  @Override
  public Bytes contribute(List<DealtShare> shares) {
    Writer request = new Writer().u16(shares.size());
    shares.forEach(share -> request.u16(share.from()).bytes(share.sealed()));
    return Bytes.wrap(
        process.callOnce(Operation.AGG_CONTRIBUTE, request.toArray(), CONTRIBUTION_CAPACITY));
  }

  @Override
  public Bytes unmask(long survivors) {
    byte[] request = new Writer().u64(survivors).toArray();
    return Bytes.wrap(process.callOnce(Operation.AGG_UNMASK, request, UNMASKING_CAPACITY));
  }

  @Override
  public NoisedAnswer finish(long survivors, List<Bytes> contributions, List<Bytes> unmaskings) {
    Writer request = new Writer().u64(survivors);
    contributions.forEach(request::bytes);
    unmaskings.forEach(request::bytes);
    return NoisedAnswer.decode(
        Bytes.wrap(
            process.callOnce(Operation.AGG_FINISH, request.toArray(), NoisedAnswer.MAX_LENGTH)));
  }
}
