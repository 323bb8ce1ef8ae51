package org.caduceus.ledger.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.analytics.DpQuery;
import org.caduceus.ledger.analytics.NoisedAnswer;
import org.caduceus.ledger.receipt.StateProof;

/**
 * A member's part in a round of secure aggregation, in the order of the methods; hosts carry what
 * they return to each other, and learn nothing from it. Measures are added by {@link
 * PrivacyEnclave#add} between {@link #join} and {@link #contribute}. Lists are in ascending order
 * of member index and include this member's own; sets of members are bitmaps by member index.
 *
 * <p>A member that does not come to the next step has dropped out; the round goes on without it as
 * long as enough are left. Every step is done once.
 */
public interface AggregationEnclave {
  /**
   * A share that another member dealt to this one.
   *
   * @param from index of the member that dealt it
   */
  record DealtShare(int from, Bytes sealed) {}

  /**
   * Enters a round; ends an open session and an earlier round.
   *
   * @param proof of {@link org.caduceus.ledger.analytics.AggregationRound} in world state
   * @return the signed round key, for all participants
   */
  Bytes join(Hash round, DpQuery query, StateProof proof);

  /**
   * Deals shares of this member's secrets.
   *
   * @param keys of the participants that joined
   * @return a sealed share for each of them, in their order
   */
  List<Bytes> deal(List<Bytes> keys);

  /**
   * This member's masked sums, for the aggregator.
   *
   * @param shares of all that dealt; every member must be given those of the same members
   */
  Bytes contribute(List<DealtShare> shares);

  /**
   * Sealed shares by which the aggregator takes the masks off, for the aggregator.
   *
   * @param survivors members whose contribution arrived there
   */
  Bytes unmask(long survivors);

  /**
   * At the aggregator, after {@link PrivacyEnclave#begin} with the round's query: the noised sum.
   *
   * @param contributions of the survivors
   * @param unmaskings of exactly as many members as the threshold says
   */
  NoisedAnswer finish(long survivors, List<Bytes> contributions, List<Bytes> unmaskings);
}
