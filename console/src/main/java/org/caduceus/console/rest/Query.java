package org.caduceus.console.rest;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caduceus.console.Problem;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;

/**
 * The parameters of a request, checked strictly: an unknown name, a repetition or a value outside
 * its range is a 400 that names the parameter and what was expected, never a guess.
 */
public final class Query {
  /** Most items of a page. */
  public static final int MAX_LIMIT = 500;

  /** Items of a page when nobody says. */
  public static final int DEFAULT_LIMIT = 50;

  private static final Pattern HEX_HASH = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final MultivaluedMap<String, String> values;

  private Query(MultivaluedMap<String, String> values) {
    this.values = values;
  }

  /** The query with none but these parameters. */
  static Query of(MultivaluedMap<String, String> values, String... known) {
    Set<String> names = Set.of(known);
    values.forEach(
        (name, given) -> {
          if (!names.contains(name)) {
            throw bad(
                "query",
                "Expected only the parameters "
                    + new TreeSet<>(names)
                    + ", but the request has another.");
          }
          if (given.size() > 1) {
            throw bad(name, "Expected " + name + " at most once.");
          }
        });
    return new Query(values);
  }

  /** Page size, 1 to 500. */
  int limit() {
    return text("limit")
        .map(text -> number("limit", text, 1, MAX_LIMIT))
        .map(Long::intValue)
        .orElse(DEFAULT_LIMIT);
  }

  /** The cursor: only what stands before it, {@link Long#MAX_VALUE} for the newest. */
  long before() {
    return text("before")
        .map(text -> number("before", text, 0, Long.MAX_VALUE))
        .orElse(Long.MAX_VALUE);
  }

  /** MSH-10, SOPInstanceUID or eventID. */
  Optional<String> externalId() {
    Optional<String> id = text("externalId");
    id.ifPresent(
        value -> {
          boolean shaped =
              !value.isBlank()
                  && value.length() <= CanonicalRecord.MAX_EXTERNAL_ID
                  && !CONTROL.matcher(value).find();
          if (!shaped) {
            throw bad(
                "externalId",
                "Expected externalId to have 1 to "
                    + CanonicalRecord.MAX_EXTERNAL_ID
                    + " printable characters.");
          }
        });
    return id;
  }

  /** One of an enumeration's names in lower case. */
  <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> type) {
    return text(name)
        .map(
            text ->
                Arrays.stream(type.getEnumConstants())
                    .filter(value -> lower(value).equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            bad(
                                name,
                                "Expected "
                                    + name
                                    + " to be one of "
                                    + Arrays.stream(type.getEnumConstants())
                                        .map(Query::lower)
                                        .collect(Collectors.joining(", "))
                                    + ".")));
  }

  /** A path segment that is an entry id: 64 hexadecimal digits. */
  static Hash hash(String name, String text) {
    if (!isHash(text)) {
      throw bad(name, "Expected " + name + " to be 64 hexadecimal digits.");
    }
    return Hash.fromHex(text);
  }

  /** Whether a text is written like a hash. */
  static boolean isHash(String text) {
    return HEX_HASH.matcher(text).matches();
  }

  /** A whole number within bounds. */
  static long number(String name, String text, long least, long most) {
    if (NUMBER.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    String upTo = most == Long.MAX_VALUE ? " or more" : " to " + most;
    throw bad(name, "Expected " + name + " to be a whole number of " + least + upTo + ".");
  }

  private Optional<String> text(String name) {
    List<String> given = values.get(name);
    return given == null || given.isEmpty() ? Optional.empty() : Optional.of(given.getFirst());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static ProblemException bad(String name, String detail) {
    return new ProblemException(Problem.badParameter(name, detail));
  }
}
