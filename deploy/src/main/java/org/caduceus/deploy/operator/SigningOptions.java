package org.caduceus.deploy.operator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.GovernanceKey;
import picocli.CommandLine.Option;

/** The officer's key, and whether the officer is asked once more. */
final class SigningOptions {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "The institution's governance key: PEM, PKCS #8. It is never sent.")
  private Path key;

  @Option(names = "--yes", description = "Sign without asking; for programs.")
  private boolean yes;

  /**
   * Reads the key.
   *
   * @param expected SEC 1 point of the institution's key in the running epoch, hexadecimal
   */
  GovernanceKey key(Suite suite, String expected) {
    GovernanceKey read;
    try {
      read = GovernanceKey.ofPem(suite, NodeOptions.text(key));
    } catch (MalformedException e) {
      throw new ToolFailure(e.getMessage(), e);
    }
    if (!read.publicKey().toHex().equals(expected)) {
      throw new ToolFailure(
          "Expected the governance key of this node's institution, but "
              + key
              + " holds another: nothing was signed");
    }
    return read;
  }

  /** Whether the officer wants what was shown to be signed. */
  boolean confirmed(Bytes bytes) {
    if (yes) {
      return true;
    }
    // Beside the output, which a program may read.
    System.err.print("Sign these " + bytes.length() + " bytes? [y/N] ");
    System.err.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      throw new ToolFailure("Expected an answer, but reading failed: nothing was signed", e);
    }
  }
}
