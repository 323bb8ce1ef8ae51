package org.caduceus.routes.dicom;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A media type with its parameters (RFC 9110 section 8.3.1).
 *
 * @param name {@code type/subtype} in lower case
 * @param parameters names in lower case, values unquoted
 */
record MediaType(String name, Map<String, String> parameters) {

  MediaType {
    parameters = Map.copyOf(parameters);
  }

  Optional<String> parameter(String parameter) {
    return Optional.ofNullable(parameters.get(parameter));
  }

  /** Reads a Content-Type; empty when it is none. */
  static Optional<MediaType> parse(String text) {
    List<String> pieces = split(text, ';');
    String name = pieces.get(0).strip().toLowerCase(Locale.ROOT);
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (String piece : pieces.subList(1, pieces.size())) {
      int equals = piece.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            piece.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            unquoted(piece.substring(equals + 1).strip()));
      }
    }
    return Optional.of(new MediaType(name, parameters));
  }

  /** Whether an Accept header (RFC 9110 section 12.5.1) takes a JSON answer; empty takes all. */
  static boolean acceptsJson(String accept) {
    if (accept.isBlank()) {
      return true;
    }
    for (String range : split(accept, ',')) {
      Optional<MediaType> type = parse(range);
      if (type.isPresent() && type.get().isJsonRange()) {
        return true;
      }
    }
    return false;
  }

  private boolean isJsonRange() {
    boolean named =
        switch (name) {
          case "*/*", "application/*", "application/json", "application/dicom+json" -> true;
          default -> false;
        };
    return named && !parameter("q").orElse("1").matches("0(\\.0*)?");
  }

  /** Splits where {@code separator} stands outside quoted strings; never empty. */
  private static List<String> split(String text, char separator) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\' && i + 1 < text.length()) {
        piece.append(c).append(text.charAt(++i));
        continue;
      }
      if (c == '"') {
        quoted = !quoted;
      }
      if (c == separator && !quoted) {
        pieces.add(piece.toString());
        piece.setLength(0);
      } else {
        piece.append(c);
      }
    }
    pieces.add(piece.toString());
    return pieces;
  }

  private static String unquoted(String value) {
    if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < value.length() - 1; i++) {
      char c = value.charAt(i);
      text.append(c == '\\' && i + 1 < value.length() - 1 ? value.charAt(++i) : c);
    }
    return text.toString();
  }
}
