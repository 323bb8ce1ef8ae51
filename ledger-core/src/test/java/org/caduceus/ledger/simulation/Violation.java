package org.caduceus.ledger.simulation;

/** An invariant does not hold. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  private final Invariant invariant;

  Violation(Invariant invariant, String broken) {
    super(invariant + ": " + broken);
    this.invariant = invariant;
  }

  Invariant invariant() {
    return invariant;
  }
}
