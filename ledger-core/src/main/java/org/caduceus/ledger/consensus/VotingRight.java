package org.caduceus.ledger.consensus;

/** Whether this member's voter signs, and if not, why. */
final class VotingRight {
  private boolean begun = true;
  private boolean voting;
  private String status = "not started";

  /** Whether the epoch's beginning survives a power cut here: before, the voter stays outside. */
  boolean begun() {
    return begun;
  }

  boolean voting() {
    return voting;
  }

  /** For people. */
  String status() {
    return status;
  }

  /** Another epoch begins, but its beginning may still be lost here. */
  void suspend() {
    begun = false;
    voting = false;
  }

  /** It cannot be lost any more. */
  void begin() {
    begun = true;
  }

  /** The voter was asked to enter the epoch. */
  void asked(boolean has) {
    voting = has;
    status = has ? "voting" : "no seat or no answer";
  }

  /** Until the voter is asked again. */
  void lost(String why) {
    voting = false;
    status = why;
  }

  /** The replica does nothing any more. */
  void halt() {
    voting = false;
  }
}
