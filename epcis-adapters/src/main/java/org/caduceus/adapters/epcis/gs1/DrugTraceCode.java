package org.caduceus.adapters.epcis.gs1;

import java.util.Optional;

/**
 * A Chinese drug trace code of 20 digits (NMPAB/T 1002): the first seven identify the drug. The
 * rest belongs to the issuing platform; its check rule is not public, so none is claimed here.
 *
 * @param digits exactly 20 ASCII digits
 */
public record DrugTraceCode(String digits) {
  /** Number of digits of a code. */
  public static final int LENGTH = 20;

  private static final int DRUG_DIGITS = 7;
  private static final String PATH = "/cn-drug-trace/";

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if {@code digits} are not 20 ASCII digits
   */
  public DrugTraceCode {
    if (!isCode(digits)) {
      throw new IllegalArgumentException("Expected a trace code of 20 digits");
    }
  }

  /**
   * The code in what a scanner sends, with or without an AIM symbology identifier ({@code ]C0},
   * {@code ]d1}, {@code ]Q1}), or in a URI whose path ends in {@code /cn-drug-trace/<code>}.
   */
  public static Optional<DrugTraceCode> recognise(String text) {
    String code = text.strip();
    if (code.length() == LENGTH + 3 && code.charAt(0) == ']') {
      code = code.substring(3);
    }
    int path = code.lastIndexOf(PATH);
    if (path > 0 && (code.startsWith("https://") || code.startsWith("http://"))) {
      code = code.substring(path + PATH.length());
    }
    return isCode(code) ? Optional.of(new DrugTraceCode(code)) : Optional.empty();
  }

  /** The seven digits that identify the drug, its dosage form, strength and package. */
  public String drugIdentification() {
    return digits.substring(0, DRUG_DIGITS);
  }

  /** The URI that carries this code in an EPCIS event, under an authority of the member's own. */
  public String toUri(String authority) {
    return "https://" + authority + PATH + digits;
  }

  private static boolean isCode(String text) {
    return text.length() == LENGTH && CheckDigit.areDigits(text);
  }
}
