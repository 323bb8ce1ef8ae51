package org.caduceus.deploy;

import java.io.PrintWriter;
import picocli.CommandLine;

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

  /**
   * What a tool prints when it fails: this message and its causes, or of anything else, which is
   * the tool's own fault, where it happened.
   *
   * @return the exit code, 1
   */
  public static int report(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof ToolFailure) {
      err.println("error: " + failure.getMessage());
      for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
        err.println("  because: " + cause);
      }
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
    return 1;
  }
}
