package org.caduceus.adapters.epcis.gs1;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one URI for a GS1 key: a Digital Link at {@code https://id.gs1.org} that holds the key and
 * its finest qualifier and nothing else (GS1 Digital Link URI syntax section 4.11, constrained as
 * CBV 2.0 section 8.9 asks).
 */
public final class CanonicalLink {
  /** Start of every canonical link. */
  static final String AUTHORITY = "https://id.gs1.org/";

  private static final Map<String, Pattern> KEYS =
      Map.ofEntries(
          Map.entry("00", Pattern.compile("[0-9]{18}")),
          Map.entry("01", Pattern.compile("[0-9]{14}")),
          Map.entry("253", Pattern.compile("[0-9]{13}[^/]{0,51}")),
          Map.entry("255", Pattern.compile("[0-9]{13,25}")),
          Map.entry("401", Pattern.compile("[0-9]{4,12}[^/]{0,78}")),
          Map.entry("402", Pattern.compile("[0-9]{17}")),
          Map.entry("414", Pattern.compile("[0-9]{13}")),
          Map.entry("417", Pattern.compile("[0-9]{13}")),
          Map.entry("8003", Pattern.compile("[0-9]{14}[^/]{0,48}")),
          Map.entry("8004", Pattern.compile("[0-9]{4,12}[^/]{0,78}")),
          Map.entry("8006", Pattern.compile("[0-9]{18}")),
          Map.entry("8010", Pattern.compile("[0-9]{4,12}[^/]{0,78}")),
          Map.entry("8013", Pattern.compile("[0-9]{4,12}[^/]{0,63}")),
          Map.entry("8017", Pattern.compile("[0-9]{18}")),
          Map.entry("8018", Pattern.compile("[0-9]{18}")));

  /** Qualifiers that stay, finest first: only one names the thing best. */
  private static final Map<String, String[]> QUALIFIERS =
      Map.of(
          "01", new String[] {"21", "235", "10"},
          "8006", new String[] {"21", "10"},
          "8010", new String[] {"8011"},
          "414", new String[] {"254"});

  private CanonicalLink() {}

  /**
   * The canonical link for an EPC URI, class URI, pattern or Digital Link at any authority; empty
   * for any other text.
   */
  public static Optional<String> of(String uri) {
    if (uri.startsWith("urn:epc:")) {
      return EpcUri.toDigitalLink(uri);
    }
    if (uri.startsWith("https://") || uri.startsWith("http://")) {
      return ofLink(uri);
    }
    return Optional.empty();
  }

  private static Optional<String> ofLink(String uri) {
    String path = withoutQuery(uri);
    int pathStart = path.indexOf('/', path.indexOf("//") + 2);
    if (pathStart < 0) {
      return Optional.empty();
    }
    String[] segments = path.substring(pathStart + 1).split("/", -1);
    for (int i = 0; i + 1 < segments.length; i++) {
      Pattern key = KEYS.get(segments[i]);
      if (key != null && (segments.length - i) % 2 == 0 && key.matcher(segments[i + 1]).matches()) {
        return Optional.of(constrained(segments, i));
      }
    }
    return Optional.empty();
  }

  private static String constrained(String[] segments, int at) {
    String link = AUTHORITY + segments[at] + "/" + segments[at + 1];
    for (String qualifier : QUALIFIERS.getOrDefault(segments[at], new String[0])) {
      for (int i = at + 2; i + 1 < segments.length; i += 2) {
        if (segments[i].equals(qualifier) && !segments[i + 1].isEmpty()) {
          return link + "/" + qualifier + "/" + segments[i + 1];
        }
      }
    }
    return link;
  }

  private static String withoutQuery(String uri) {
    int end = uri.length();
    for (char c : new char[] {'?', '#'}) {
      int at = uri.indexOf(c);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return uri.substring(0, end);
  }
}
