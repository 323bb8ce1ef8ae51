package org.caduceus.adapters.dicom;

import java.util.HexFormat;
import java.util.Locale;

/** Attribute tags as unsigned 32-bit numbers, group first (PS3.5 section 7.1). */
final class Tag {
  static final int TRANSFER_SYNTAX_UID = 0x00020010;
  static final int SPECIFIC_CHARACTER_SET = 0x00080005;
  static final int SOP_CLASS_UID = 0x00080016;
  static final int SOP_INSTANCE_UID = 0x00080018;
  static final int ACCESSION_NUMBER = 0x00080050;
  static final int MODALITY = 0x00080060;
  static final int MANUFACTURER = 0x00080070;
  static final int INSTITUTION_NAME = 0x00080080;
  static final int MODEL_NAME = 0x00081090;
  static final int PATIENT_NAME = 0x00100010;
  static final int PATIENT_ID = 0x00100020;
  static final int ISSUER_OF_PATIENT_ID = 0x00100021;
  static final int BIRTH_DATE = 0x00100030;
  static final int BODY_PART_EXAMINED = 0x00180015;
  static final int DEVICE_SERIAL_NUMBER = 0x00181000;
  static final int STUDY_INSTANCE_UID = 0x0020000D;
  static final int SERIES_INSTANCE_UID = 0x0020000E;
  static final int NUMBER_OF_FRAMES = 0x00280008;
  static final int ROWS = 0x00280010;
  static final int COLUMNS = 0x00280011;
  static final int PIXEL_REPRESENTATION = 0x00280103;
  static final int FLOAT_PIXEL_DATA = 0x7FE00008;
  static final int DOUBLE_PIXEL_DATA = 0x7FE00009;
  static final int PIXEL_DATA = 0x7FE00010;
  static final int ITEM = 0xFFFEE000;
  static final int ITEM_DELIMITATION = 0xFFFEE00D;
  static final int SEQUENCE_DELIMITATION = 0xFFFEE0DD;

  private Tag() {}

  static int group(int tag) {
    return tag >>> 16;
  }

  /** Private attributes have an odd group number (PS3.5 section 7.8). */
  static boolean isPrivate(int tag) {
    return (tag & 0x00010000) != 0;
  }

  /** (gggg,0000), which the JSON model leaves out. */
  static boolean isGroupLength(int tag) {
    return (tag & 0xffff) == 0;
  }

  static boolean isPixels(int tag) {
    return tag == PIXEL_DATA || tag == FLOAT_PIXEL_DATA || tag == DOUBLE_PIXEL_DATA;
  }

  /** Eight upper-case hexadecimal digits, a property name of the JSON model. */
  static String hex(int tag) {
    return HexFormat.of().withUpperCase().toHexDigits(tag);
  }

  /** {@code (gggg,eeee)}, as refusals name it. */
  static String location(int tag) {
    String hex = HexFormat.of().toHexDigits(tag).toLowerCase(Locale.ROOT);
    return "(" + hex.substring(0, 4) + "," + hex.substring(4) + ")";
  }
}
