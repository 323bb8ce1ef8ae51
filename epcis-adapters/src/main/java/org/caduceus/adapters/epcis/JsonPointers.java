package org.caduceus.adapters.epcis;

/** JSON pointers (RFC 6901) that may be shown: names of the standard only, whatever was sent. */
final class JsonPointers {
  private static final int MAX_NAME = 40;

  private JsonPointers() {}

  /**
   * {@code pointer} extended by {@code name}. A name that is not a plain word of letters and
   * digits, with at most one prefix, may itself be content: it is shown as {@code *}.
   */
  static String child(String pointer, String name) {
    return pointer + "/" + (isPlain(name) ? name : "*");
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && c != ':' && c != '@' && c != '_') {
        return false;
      }
    }
    return true;
  }
}
