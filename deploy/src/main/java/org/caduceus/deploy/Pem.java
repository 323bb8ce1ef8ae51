package org.caduceus.deploy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM, RFC 7468. */
public final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  /** The text of one object. */
  public static String text(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /**
   * The bytes of the first object with this label.
   *
   * @throws ToolFailure if there is none
   */
  public static byte[] bytes(String label, String text) {
    Matcher object =
        Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----")
            .matcher(text);
    if (!object.find()) {
      throw new ToolFailure("Expected a PEM text with a " + label + ", but there is none");
    }
    try {
      return Base64.getMimeDecoder().decode(object.group(1).getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new ToolFailure("Expected a " + label + " in Base64, but it is not", e);
    }
  }
}
