package org.caduceus.adapters.dicom;

/**
 * Codes of Failure Reason (0008,1197) that this module answers with, in hexadecimal (PS3.18 table
 * I.2-2, PS3.4 table B.2-1, PS3.7 annex C).
 */
public final class FailureReason {
  /** Refused: out of resources. Also what exceeds a documented limit. */
  public static final String OUT_OF_RESOURCES = "A700";

  /** Error: data set does not match SOP Class, for instance a Type 1 attribute is missing. */
  public static final String DATA_SET_MISMATCH = "A900";

  /** Error: the instance is not of the study that the request names. */
  public static final String STUDY_MISMATCH = "A901";

  /** Error: cannot understand; the encoding is broken. */
  public static final String CANNOT_UNDERSTAND = "C000";

  /** Error: referenced transfer syntax not supported. */
  public static final String TRANSFER_SYNTAX = "C122";

  /** Processing failure. */
  public static final String PROCESSING = "0110";

  /** Duplicate SOP Instance: the same UID was accepted with other content. */
  public static final String DUPLICATE_INSTANCE = "0111";

  /** Invalid object instance: the SOP Instance UID breaks the rules of PS3.5 section 9.1. */
  public static final String INVALID_INSTANCE = "0117";

  private FailureReason() {}
}
