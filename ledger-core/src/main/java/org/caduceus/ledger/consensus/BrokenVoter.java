package org.caduceus.ledger.consensus;

import org.caduceus.ledger.LedgerViolation;

/** A violation that can be proven to others: a voter signed what no sound enclave signs. */
final class BrokenVoter extends LedgerViolation {
  private static final long serialVersionUID = 1L;

  private final transient VoterFault fault;

  BrokenVoter(VoterFault fault, Electorate electorate) {
    super(fault.reason(electorate));
    this.fault = fault;
  }

  /** Of these voters. */
  static BrokenVoter of(Electorate electorate, VoterFault.Proof proof) {
    return new BrokenVoter(VoterFault.of(electorate, proof), electorate);
  }

  VoterFault fault() {
    return fault;
  }
}
