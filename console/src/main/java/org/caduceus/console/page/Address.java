package org.caduceus.console.page;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.caduceus.ledger.Hash;

/**
 * What the address of a page asks for. People mistype addresses: what cannot be read counts as not
 * given, except that a page of one thing says it was not found.
 */
@Named("address")
@RequestScoped
public class Address {
  @Inject HttpServletRequest request;

  /** A parameter, stripped, at most 512 characters; empty when absent. */
  String text(String name) {
    String value = request.getParameter(name);
    return value == null || value.length() > 512 ? "" : value.strip();
  }

  /** A whole number of at least 1, or {@code otherwise}. */
  long number(String name, long otherwise) {
    return wholeNumber(text(name)).orElse(otherwise);
  }

  /** One of an enumeration's names in lower case. */
  <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> type) {
    String wanted = text(name);
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst();
  }

  /** The last segment of the path: {@code 42} of {@code /block/42}. */
  String segment() {
    Object original = request.getAttribute("jakarta.servlet.forward.request_uri");
    String path = original instanceof String uri ? uri : request.getRequestURI();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A text as a whole number of at least 1. */
  static Optional<Long> wholeNumber(String text) {
    return text.matches("[0-9]{1,18}")
        ? Optional.of(Long.parseLong(text)).filter(value -> value > 0)
        : Optional.empty();
  }

  /** A text as a hash: 64 hexadecimal digits. */
  static Optional<Hash> hash(String text) {
    return text.matches("[0-9a-fA-F]{64}") ? Optional.of(Hash.fromHex(text)) : Optional.empty();
  }
}
