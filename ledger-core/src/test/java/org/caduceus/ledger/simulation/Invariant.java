package org.caduceus.ledger.simulation;

/** What must hold after every step, by the numbers of the design. */
enum Invariant {
  /** Final chains are prefixes of each other. */
  I1("agreement"),
  /** One proposal and one vote per key, epoch and view. */
  I2("one signature per view"),
  /** Checkers only go forwards and hide nothing. */
  I3("monotone checkers"),
  /** Certificates carry a quorum of their epoch, and those of one view do not differ. */
  I4("certificates"),
  /** Every proposal above a certified block extends it. */
  I5("proposals extend what is certified"),
  /** Nothing extends the last block of an epoch. */
  I6("ends of epochs"),
  /** What is final, and what was accepted, is durable. */
  I7("durability"),
  /** No entry is executed twice, and equal heights have equal states. */
  I8("one execution"),
  /** A key never signs in two instances. */
  I9("one instance per key"),
  /** Receipts verify with a configuration and nothing else. */
  I10("receipts"),
  /** An epoch begins upon everything that was certified in the one before. */
  I11("succession"),
  /** Evidence of a broken rule stops a node; without a broken rule there is none. */
  E("evidence"),
  /** After faults end, everything submitted becomes final. */
  L1("liveness"),
  /** Views of honest nodes stay together, and near what time allows. */
  L2("view skew");

  private final String title;

  Invariant(String title) {
    this.title = title;
  }

  /** Number and title. */
  @Override
  public String toString() {
    return name() + " " + title;
  }

  /**
   * Checks it.
   *
   * @throws Violation if it does not hold
   */
  void require(boolean holds, String broken) {
    if (!holds) {
      throw new Violation(this, broken);
    }
  }
}
