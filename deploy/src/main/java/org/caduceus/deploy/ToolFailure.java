package org.caduceus.deploy;

/** Something the operator has to know of or to put right: the message is all that is printed. */
public class ToolFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure with a whole sentence for the operator, without secrets. */
  public ToolFailure(String message) {
    super(message);
  }

  /** Same with its cause. */
  public ToolFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
