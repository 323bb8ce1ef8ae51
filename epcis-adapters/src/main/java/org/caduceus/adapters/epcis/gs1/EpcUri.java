package org.caduceus.adapters.epcis.gs1;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * EPC URIs, class URIs and patterns ({@code urn:epc:id:…}, {@code urn:epc:class:lgtin:…}, {@code
 * urn:epc:idpat:…}; GS1 EPC Tag Data Standard section 6) and their canonical Digital Links.
 */
public final class EpcUri {
  private static final String ID = "urn:epc:id:";
  private static final String PATTERN = "urn:epc:idpat:";
  private static final String CLASS = "urn:epc:class:";
  private static final String LINK = CanonicalLink.AUTHORITY;

  private static final Pattern PREFIX = Pattern.compile("[0-9]{6,12}");
  private static final Pattern TWO_DIGITS = Pattern.compile("[0-9]{2}");
  private static final Pattern SERIAL =
      Pattern.compile("(?:%[0-9A-Fa-f]{2}|[!')(*+,.0-9:;=A-Za-z_-])+");
  private static final Pattern PART = Pattern.compile("(?:%[0-9A-Fa-f]{2}|[0-9A-Z-])+");

  /** Digits of company prefix and reference together, by scheme, without the check digit. */
  private static final Map<String, Integer> KEY_DIGITS =
      Map.ofEntries(
          Map.entry("sgtin", 13),
          Map.entry("lgtin", 13),
          Map.entry("upui", 13),
          Map.entry("itip", 13),
          Map.entry("sscc", 17),
          Map.entry("gsrn", 17),
          Map.entry("gsrnp", 17),
          Map.entry("gsin", 16),
          Map.entry("sgln", 12),
          Map.entry("pgln", 12),
          Map.entry("grai", 12),
          Map.entry("gdti", 12),
          Map.entry("sgcn", 12));

  private EpcUri() {}

  /**
   * The canonical Digital Link of an EPC URI, class URI or pattern; empty for any other text. A
   * pattern's link names the class: its serial is absent.
   */
  public static Optional<String> toDigitalLink(String uri) {
    if (uri.startsWith(ID)) {
      return instance(uri.substring(ID.length()));
    }
    if (uri.startsWith(CLASS + "lgtin:")) {
      return keyed(uri.substring(CLASS.length()), false);
    }
    if (uri.startsWith(PATTERN) && uri.endsWith(".*")) {
      return keyed(uri.substring(PATTERN.length(), uri.length() - 2), true);
    }
    return Optional.empty();
  }

  /**
   * The EPC URI of a Digital Link with AI 00, 01+21 or 01+10.
   *
   * @param companyPrefixDigits length of the GS1 company prefix, 6 to 12: a link does not tell it
   * @return empty when the link holds no such key or its check digit is wrong
   */
  public static Optional<String> ofDigitalLink(String link, int companyPrefixDigits) {
    if (companyPrefixDigits < 6 || companyPrefixDigits > 12) {
      return Optional.empty();
    }
    String[] segments =
        CanonicalLink.of(link)
            .map(canonical -> canonical.substring(LINK.length()).split("/", -1))
            .orElse(new String[0]);
    if (segments.length < 2 || !CheckDigit.isValid(segments[1])) {
      return Optional.empty();
    }
    String key = segments[1];
    if (segments[0].equals("00")) {
      String prefix = key.substring(1, 1 + companyPrefixDigits);
      String reference = key.charAt(0) + key.substring(1 + companyPrefixDigits, 17);
      return Optional.of(ID + "sscc:" + prefix + "." + reference);
    }
    if (segments.length == 4 && segments[0].equals("01")) {
      String prefix = key.substring(1, 1 + companyPrefixDigits);
      String reference = key.charAt(0) + key.substring(1 + companyPrefixDigits, 13);
      String qualified = prefix + "." + reference + "." + inUrn(segments[3]);
      if (segments[2].equals("21")) {
        return Optional.of(ID + "sgtin:" + qualified);
      }
      if (segments[2].equals("10")) {
        return Optional.of(CLASS + "lgtin:" + qualified);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> instance(String schemeAndKey) {
    String scheme = before(schemeAndKey, ':');
    return switch (scheme) {
      case "giai" -> prefixed(schemeAndKey, "8004", SERIAL);
      case "ginc" -> prefixed(schemeAndKey, "401", SERIAL);
      case "cpi" -> component(schemeAndKey, false);
      default -> keyed(schemeAndKey, false);
    };
  }

  /** Keys of company prefix and alphanumeric reference without check digit. */
  private static Optional<String> prefixed(String schemeAndKey, String ai, Pattern characters) {
    String key = schemeAndKey.substring(schemeAndKey.indexOf(':') + 1);
    String prefix = before(key, '.');
    if (prefix.length() == key.length() || !PREFIX.matcher(prefix).matches()) {
      return Optional.empty();
    }
    String reference = key.substring(prefix.length() + 1);
    if (!fits(reference, characters, 30 - prefix.length())) {
      return Optional.empty();
    }
    return Optional.of(LINK + ai + "/" + prefix + inLink(reference));
  }

  /** Component and part identifier, AI 8010 with serial 8011. */
  private static Optional<String> component(String schemeAndKey, boolean pattern) {
    String[] parts = schemeAndKey.substring(schemeAndKey.indexOf(':') + 1).split("\\.", -1);
    if (parts.length != (pattern ? 2 : 3)
        || !PREFIX.matcher(parts[0]).matches()
        || !fits(parts[1], PART, 30 - parts[0].length())) {
      return Optional.empty();
    }
    String link = LINK + "8010/" + parts[0] + inLink(parts[1]);
    if (pattern) {
      return Optional.of(link);
    }
    boolean serial = CheckDigit.areDigits(parts[2]) && parts[2].length() <= 12;
    return serial ? Optional.of(link + "/8011/" + parts[2]) : Optional.empty();
  }

  /** Keys of a fixed number of digits with check digit, some with a serial or lot after it. */
  private static Optional<String> keyed(String schemeAndKey, boolean pattern) {
    String scheme = before(schemeAndKey, ':');
    if (pattern && scheme.equals("cpi")) {
      return component(schemeAndKey, true);
    }
    Integer digits = KEY_DIGITS.get(scheme);
    if (digits == null || scheme.length() == schemeAndKey.length()) {
      return Optional.empty();
    }
    String[] parts = schemeAndKey.substring(scheme.length() + 1).split("\\.", 3);
    if (parts.length < 2
        || !PREFIX.matcher(parts[0]).matches()
        || parts[0].length() + parts[1].length() != digits
        || (!parts[1].isEmpty() && !CheckDigit.areDigits(parts[1]))) {
      return Optional.empty();
    }
    return link(scheme, parts[0], parts[1], parts.length == 3 ? parts[2] : "", pattern);
  }

  private static Optional<String> link(
      String scheme, String prefix, String reference, String tail, boolean pattern) {
    if (pattern) {
      return patternLink(scheme, prefix, reference, tail);
    }
    return switch (scheme) {
      case "sgtin" -> qualified("01/" + gtin(prefix, reference) + "/21/", tail, 20);
      case "lgtin" -> qualified("01/" + gtin(prefix, reference) + "/10/", tail, 20);
      case "upui" -> qualified("01/" + gtin(prefix, reference) + "/235/", tail, 28);
      case "itip" -> itip(prefix, reference, tail);
      case "sgln" ->
          tail.equals("0")
              ? Optional.of(LINK + "414/" + CheckDigit.append(prefix + reference))
              : qualified("414/" + CheckDigit.append(prefix + reference) + "/254/", tail, 20);
      case "grai" -> qualified("8003/" + CheckDigit.append("0" + prefix + reference), tail, 16);
      case "gdti" -> qualified("253/" + CheckDigit.append(prefix + reference), tail, 17);
      case "sgcn" ->
          CheckDigit.areDigits(tail)
              ? qualified("255/" + CheckDigit.append(prefix + reference), tail, 12)
              : Optional.empty();
      case "sscc" -> bare("00/" + CheckDigit.append(indicatorFirst(prefix, reference)), tail);
      case "gsrn" -> bare("8018/" + CheckDigit.append(prefix + reference), tail);
      case "gsrnp" -> bare("8017/" + CheckDigit.append(prefix + reference), tail);
      case "gsin" -> bare("402/" + CheckDigit.append(prefix + reference), tail);
      case "pgln" -> bare("417/" + CheckDigit.append(prefix + reference), tail);
      default -> Optional.empty();
    };
  }

  private static Optional<String> patternLink(
      String scheme, String prefix, String reference, String tail) {
    return switch (scheme) {
      case "sgtin" -> bare("01/" + gtin(prefix, reference), tail);
      case "grai" -> bare("8003/" + CheckDigit.append("0" + prefix + reference), tail);
      case "gdti" -> bare("253/" + CheckDigit.append(prefix + reference), tail);
      case "sgcn" -> bare("255/" + CheckDigit.append(prefix + reference), tail);
      case "upui" -> bare("01/" + gtin(prefix, reference), tail);
      case "itip" ->
          tail.length() == 5
              ? itip(prefix, reference, tail + ".0").map(EpcUri::withoutSerial)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String withoutSerial(String itip) {
    return itip.substring(0, itip.length() - "/21/0".length());
  }

  private static Optional<String> itip(String prefix, String reference, String tail) {
    String[] parts = tail.split("\\.", 3);
    if (parts.length != 3
        || !TWO_DIGITS.matcher(parts[0]).matches()
        || !TWO_DIGITS.matcher(parts[1]).matches()) {
      return Optional.empty();
    }
    return qualified(
        "8006/" + gtin(prefix, reference) + parts[0] + parts[1] + "/21/", parts[2], 20);
  }

  private static Optional<String> bare(String link, String tail) {
    return tail.isEmpty() ? Optional.of(LINK + link) : Optional.empty();
  }

  private static Optional<String> qualified(String link, String value, int longest) {
    return fits(value, SERIAL, longest)
        ? Optional.of(LINK + link + inLink(value))
        : Optional.empty();
  }

  private static String gtin(String prefix, String reference) {
    return CheckDigit.append(indicatorFirst(prefix, reference));
  }

  /** The reference's first digit is the indicator or extension digit and leads the key. */
  private static String indicatorFirst(String prefix, String reference) {
    return reference.isEmpty() ? prefix : reference.charAt(0) + prefix + reference.substring(1);
  }

  private static boolean fits(String value, Pattern characters, int longest) {
    int escapes = (int) value.chars().filter(c -> c == '%').count();
    return value.length() - 2 * escapes <= longest && characters.matcher(value).matches();
  }

  /** Escapes what a URN may hold in clear but a Digital Link may not (Digital Link table 7-1). */
  private static String inLink(String value) {
    StringBuilder out = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '!' -> out.append("%21");
        case '(' -> out.append("%28");
        case ')' -> out.append("%29");
        case '*' -> out.append("%2A");
        case '+' -> out.append("%2B");
        case ',' -> out.append("%2C");
        case ':' -> out.append("%3A");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  private static String inUrn(String value) {
    return value
        .replace("%21", "!")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%2A", "*")
        .replace("%2B", "+")
        .replace("%2C", ",")
        .replace("%3A", ":");
  }

  private static String before(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }
}
