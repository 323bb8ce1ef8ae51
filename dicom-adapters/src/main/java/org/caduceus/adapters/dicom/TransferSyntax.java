package org.caduceus.adapters.dicom;

import java.util.Optional;

/**
 * How a data set is encoded (PS3.5 section 10).
 *
 * @param explicitVr whether elements name their value representation
 * @param bigEndian byte order
 * @param deflated whether the whole data set is deflated
 */
record TransferSyntax(boolean explicitVr, boolean bigEndian, boolean deflated) {
  static final TransferSyntax IMPLICIT_LITTLE = new TransferSyntax(false, false, false);
  static final TransferSyntax EXPLICIT_LITTLE = new TransferSyntax(true, false, false);
  static final TransferSyntax EXPLICIT_BIG = new TransferSyntax(true, true, false);
  static final TransferSyntax DEFLATED = new TransferSyntax(true, false, true);

  /** Root of all UIDs that the standard registers (PS3.6 annex A). */
  static final String DICOM_ROOT = "1.2.840.10008.";

  /**
   * The encoding that {@code uid} stands for. Every encapsulated syntax of the standard, known here
   * or not, has an explicit VR little endian data set (PS3.5 section A.4).
   *
   * @return empty for private transfer syntaxes, whose encoding nobody can know
   */
  static Optional<TransferSyntax> of(String uid) {
    return switch (uid) {
      case "1.2.840.10008.1.2", "1.2.840.10008.1.20" -> Optional.of(IMPLICIT_LITTLE);
      case "1.2.840.10008.1.2.2" -> Optional.of(EXPLICIT_BIG);
      // Deflated, JPIP Referenced Deflate, JPIP HTJ2K Referenced Deflate.
      case "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205" ->
          Optional.of(DEFLATED);
      default ->
          uid.startsWith(DICOM_ROOT + "1.2.") ? Optional.of(EXPLICIT_LITTLE) : Optional.empty();
    };
  }

  /**
   * Guesses the encoding from the first six bytes of a data set.
   *
   * @return empty when no attribute of a low group begins here
   */
  static Optional<TransferSyntax> guess(byte[] start) {
    if (start.length < 6) {
      return Optional.empty();
    }
    boolean little = isLowGroup(start[0], start[1]);
    boolean big = isLowGroup(start[1], start[0]);
    if (little == big) {
      return Optional.empty();
    }
    boolean explicit = Vr.named("" + (char) start[4] + (char) start[5]).isPresent();
    if (big) {
      return explicit ? Optional.of(EXPLICIT_BIG) : Optional.empty();
    }
    return Optional.of(explicit ? EXPLICIT_LITTLE : IMPLICIT_LITTLE);
  }

  private static boolean isLowGroup(byte low, byte high) {
    return high == 0 && low > 0 && low <= 0x10;
  }
}
