package org.caduceus.adapters.dicom;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Value representations of PS3.5 table 6.2-1, with what reading and JSON (PS3.18 table F.2.3-1)
 * need to know of each.
 */
enum Vr {
  AE(Form.CODE, 1, false),
  AS(Form.CODE, 1, false),
  AT(Form.TAG, 4, false),
  CS(Form.CODE, 1, false),
  DA(Form.CODE, 1, false),
  DS(Form.DECIMAL, 1, false),
  DT(Form.CODE, 1, false),
  FD(Form.FLOAT, 8, false),
  FL(Form.FLOAT, 4, false),
  IS(Form.DECIMAL, 1, false),
  LO(Form.TEXT, 1, false),
  LT(Form.PARAGRAPH, 1, false),
  OB(Form.BINARY, 1, true),
  OD(Form.BINARY, 8, true),
  OF(Form.BINARY, 4, true),
  OL(Form.BINARY, 4, true),
  OV(Form.BINARY, 8, true),
  OW(Form.BINARY, 2, true),
  PN(Form.NAME, 1, false),
  SH(Form.TEXT, 1, false),
  SL(Form.SIGNED, 4, false),
  SQ(Form.SEQUENCE, 1, true),
  SS(Form.SIGNED, 2, false),
  ST(Form.PARAGRAPH, 1, false),
  SV(Form.SIGNED, 8, true),
  TM(Form.CODE, 1, false),
  UC(Form.TEXT, 1, true),
  UI(Form.CODE, 1, false),
  UL(Form.UNSIGNED, 4, false),
  UN(Form.BINARY, 1, true),
  UR(Form.URI, 1, true),
  US(Form.UNSIGNED, 2, false),
  UT(Form.PARAGRAPH, 1, true),
  UV(Form.UNSIGNED, 8, true);

  /** How a value field is made up. */
  enum Form {
    /** Values of the default repertoire separated by backslash. */
    CODE,
    /** Values in the specific character set separated by backslash. */
    TEXT,
    /** One value in the specific character set; leading spaces count. */
    PARAGRAPH,
    /** One value of the default repertoire; a backslash cannot occur. */
    URI,
    /** Person names: up to three component groups each (PS3.5 section 6.2.1). */
    NAME,
    /** Decimal numbers in text. */
    DECIMAL,
    /** Two's complement integers. */
    SIGNED,
    /** Unsigned integers. */
    UNSIGNED,
    /** IEEE 754 numbers. */
    FLOAT,
    /** Attribute tags. */
    TAG,
    /** Bytes or words without further meaning here. */
    BINARY,
    /** Items. */
    SEQUENCE
  }

  private static final Map<String, Vr> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Vr::name, Function.identity()));

  private final Form form;
  private final int unit;
  private final boolean longHeader;

  Vr(Form form, int unit, boolean longHeader) {
    this.form = form;
    this.unit = unit;
    this.longHeader = longHeader;
  }

  Form form() {
    return form;
  }

  /** Bytes of one number or word; 1 for text and bytes. What a change of byte order swaps. */
  int unit() {
    return unit;
  }

  /** Whether two reserved bytes and a 32-bit length follow it (PS3.5 table 7.1-1). */
  boolean longHeader() {
    return longHeader;
  }

  /**
   * Longest value field in bytes that goes into the metadata; a longer one is bulk data, of which
   * only digest and length are kept.
   */
  int inlineLimit() {
    return switch (form) {
      case BINARY, SIGNED, UNSIGNED, FLOAT, TAG -> 1024;
      case CODE, TEXT, PARAGRAPH, URI, NAME, DECIMAL -> 64 * 1024;
      case SEQUENCE -> Integer.MAX_VALUE;
    };
  }

  static Optional<Vr> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
