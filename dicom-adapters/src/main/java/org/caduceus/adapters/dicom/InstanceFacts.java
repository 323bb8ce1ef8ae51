package org.caduceus.adapters.dicom;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The few attributes of the outermost data set that the record is made from, as text. */
final class InstanceFacts {
  private static final Set<Integer> WANTED =
      Set.of(
          Tag.TRANSFER_SYNTAX_UID,
          Tag.SOP_CLASS_UID,
          Tag.SOP_INSTANCE_UID,
          Tag.ACCESSION_NUMBER,
          Tag.MODALITY,
          Tag.MANUFACTURER,
          Tag.INSTITUTION_NAME,
          Tag.MODEL_NAME,
          Tag.PATIENT_NAME,
          Tag.PATIENT_ID,
          Tag.ISSUER_OF_PATIENT_ID,
          Tag.BIRTH_DATE,
          Tag.BODY_PART_EXAMINED,
          Tag.DEVICE_SERIAL_NUMBER,
          Tag.STUDY_INSTANCE_UID,
          Tag.SERIES_INSTANCE_UID,
          Tag.NUMBER_OF_FRAMES,
          Tag.ROWS,
          Tag.COLUMNS);

  private final Map<Integer, String> values = new HashMap<>();

  static boolean isWanted(int tag) {
    return WANTED.contains(tag);
  }

  /** Remembers a wanted attribute; several values stand with backslashes between them. */
  void put(int tag, String value) {
    String text = MetadataWriter.trimEnd(value).strip();
    if (isWanted(tag) && !text.isEmpty()) {
      values.put(tag, text);
    }
  }

  /** The value, empty when the attribute is missing or has none. */
  Optional<String> get(int tag) {
    return Optional.ofNullable(values.get(tag));
  }

  /** The value if it is a valid UID. */
  Optional<String> uid(int tag) {
    return get(tag).filter(Uid::isValid);
  }
}
