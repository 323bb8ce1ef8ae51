package org.caduceus.routes.epcis;

import java.util.Locale;
import java.util.Optional;

/** How a capture is written: EPCIS 2.0 sections 10 (JSON, JSON-LD) and 9 (XML, also of 1.x). */
enum Binding {
  /** {@code application/json} and {@code application/ld+json}. */
  JSON,
  /** {@code application/xml} and {@code text/xml}. */
  XML;

  /**
   * The binding that a Content-Type names; empty for another, and for another charset than UTF-8:
   * the charset of the header would win over what an XML document declares (RFC 7303 section 3).
   */
  static Optional<Binding> of(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")
          && !parameter.substring("charset=".length()).replace("\"", "").equals("utf-8")) {
        return Optional.empty();
      }
    }
    return switch (parts[0].strip()) {
      case "application/json", "application/ld+json" -> Optional.of(JSON);
      case "application/xml", "text/xml" -> Optional.of(XML);
      default -> Optional.empty();
    };
  }
}
