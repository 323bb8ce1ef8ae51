package org.caduceus.adapters.epcis;

/**
 * The forms of a term of the Core Business Vocabulary (CBV 2.0 section 7): bare word, URN of
 * version 1.2 and before, and Web URI.
 */
enum Vocabulary {
  /** Business steps. */
  BIZ_STEP("https://ref.gs1.org/cbv/BizStep-"),
  /** Dispositions. */
  DISPOSITION("https://ref.gs1.org/cbv/Disp-"),
  /** Types of business transactions. */
  BIZ_TRANSACTION_TYPE("https://ref.gs1.org/cbv/BTT-"),
  /** Types of sources and destinations. */
  SOURCE_DEST_TYPE("https://ref.gs1.org/cbv/SDT-"),
  /** Components of a measurement. */
  COMPONENT("https://ref.gs1.org/cbv/Comp-"),
  /** Measurement types and sensor alerts. */
  MEASUREMENT("https://gs1.org/voc/");

  /** The GS1 Web vocabulary. */
  static final String GS1 = "https://gs1.org/voc/";

  private static final String URN = "urn:epcglobal:cbv:";

  /** URN infixes and the Web URI that replaces each. */
  private static final String[][] URNS = {
    {URN + "bizstep:", BIZ_STEP.uri},
    {URN + "disp:", DISPOSITION.uri},
    {URN + "btt:", BIZ_TRANSACTION_TYPE.uri},
    {URN + "sdt:", SOURCE_DEST_TYPE.uri},
    {URN + "er:", "https://ref.gs1.org/cbv/ER-"}
  };

  private final String uri;

  Vocabulary(String uri) {
    this.uri = uri;
  }

  /** The Web URI of {@code value} when it is a bare word; any other value as it is. */
  String expand(String value) {
    return value.indexOf(':') < 0 ? uri + value : value;
  }

  /** The bare word of a term of this list, in whichever form, else {@code custom}. */
  String shortName(String value) {
    String term = webUri(value);
    if (term.startsWith(uri)) {
      term = term.substring(uri.length());
    }
    return term.isEmpty() || term.length() > 32 || !term.chars().allMatch(Vocabulary::isWord)
        ? "custom"
        : term;
  }

  /** {@code value} with a URN of CBV 1.2 replaced by its Web URI. */
  static String webUri(String value) {
    if (value.startsWith(URN)) {
      for (String[] replacement : URNS) {
        if (value.startsWith(replacement[0])) {
          return replacement[1] + value.substring(replacement[0].length());
        }
      }
    }
    return value;
  }

  /** The bare word of a URN of CBV 1.2, any other value as it is. */
  static String bareWord(String value) {
    if (value.startsWith(URN)) {
      for (String[] replacement : URNS) {
        if (value.startsWith(replacement[0])) {
          return value.substring(replacement[0].length());
        }
      }
    }
    return value;
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  }
}
