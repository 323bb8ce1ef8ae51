package org.caduceus.ledger;

/** Bytes that do not follow {@code docs/reference/formats.md}. The text never quotes them. */
public final class MalformedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** "Expected …, but …". */
  public MalformedException(String message) {
    super(message);
  }
}
