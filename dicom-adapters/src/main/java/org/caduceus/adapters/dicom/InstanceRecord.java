package org.caduceus.adapters.dicom;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;

/**
 * Decides what of an instance the ledger gets: coded values of closed lists and numbers in clear,
 * everything that names a person, a visit, a study or a device only as a commitment.
 */
final class InstanceRecord {
  /** Kind of every record of this module. */
  static final String KIND = "dicom.instance";

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");

  /** PS3.5 section 6.2.1.1: trailing null components and component groups may be omitted. */
  private static final Pattern TRAILING_COMPONENTS = Pattern.compile("[\\^ ]++(?==|$)");

  private static final Pattern TRAILING_GROUPS = Pattern.compile("=++$");

  private InstanceRecord() {}

  /**
   * The record of an instance.
   *
   * @param content what a repetition must equal: the data set's digest
   * @param file digest of the whole file, when the instance came as one
   * @throws DicomRefusal if an attribute that every composite instance has is missing or invalid
   */
  static CanonicalRecord of(
      InstanceFacts facts, String sender, Bytes payload, Hash content, Optional<Hash> file)
      throws DicomRefusal {
    requireUid(facts, Tag.SOP_CLASS_UID, FailureReason.DATA_SET_MISMATCH);
    String instance = requireUid(facts, Tag.SOP_INSTANCE_UID, FailureReason.INVALID_INSTANCE);
    requireUid(facts, Tag.STUDY_INSTANCE_UID, FailureReason.DATA_SET_MISMATCH);
    requireUid(facts, Tag.SERIES_INSTANCE_UID, FailureReason.DATA_SET_MISMATCH);
    SortedMap<String, Bytes> committed = committed(facts);
    committed.put("content", Bytes.of(content.toArray()));
    file.ifPresent(digest -> committed.put("file", Bytes.of(digest.toArray())));
    return new CanonicalRecord(
        KIND, sender, instance, content, payload, metadata(facts), committed);
  }

  private static String requireUid(InstanceFacts facts, int tag, String codeIfInvalid)
      throws DicomRefusal {
    String uid =
        facts
            .get(tag)
            .orElseThrow(
                () ->
                    new DicomRefusal(
                        FailureReason.DATA_SET_MISMATCH,
                        tag,
                        "Expected a UID, but the attribute is missing or empty"));
    if (!Uid.isValid(uid)) {
      throw new DicomRefusal(
          codeIfInvalid, tag, "Expected a UID of PS3.5 section 9.1, but the value is none");
    }
    return uid;
  }

  private static SortedMap<String, String> metadata(InstanceFacts facts) {
    SortedMap<String, String> metadata = new TreeMap<>();
    clear(metadata, "sopClassUid", facts, Tag.SOP_CLASS_UID, InstanceRecord::isStandardUid);
    clear(
        metadata,
        "transferSyntaxUid",
        facts,
        Tag.TRANSFER_SYNTAX_UID,
        InstanceRecord::isStandardUid);
    clear(metadata, "modality", facts, Tag.MODALITY, DefinedTerms::isModality);
    clear(metadata, "bodyPart", facts, Tag.BODY_PART_EXAMINED, DefinedTerms::isBodyPart);
    clear(metadata, "rows", facts, Tag.ROWS, InstanceRecord::isNumber);
    clear(metadata, "columns", facts, Tag.COLUMNS, InstanceRecord::isNumber);
    clear(metadata, "numberOfFrames", facts, Tag.NUMBER_OF_FRAMES, InstanceRecord::isNumber);
    return metadata;
  }

  private static void clear(
      SortedMap<String, String> metadata,
      String name,
      InstanceFacts facts,
      int tag,
      Predicate<String> harmless) {
    facts.get(tag).filter(harmless).ifPresent(value -> metadata.put(name, value));
  }

  /** Registered by the standard; a private UID may be made from anything. */
  private static boolean isStandardUid(String value) {
    return Uid.isValid(value) && value.startsWith(TransferSyntax.DICOM_ROOT);
  }

  private static boolean isNumber(String value) {
    return NUMBER.matcher(value).matches();
  }

  private static SortedMap<String, Bytes> committed(InstanceFacts facts) {
    SortedMap<String, Bytes> committed = new TreeMap<>();
    commit(committed, "patientId", facts.get(Tag.PATIENT_ID));
    commit(committed, "patientIdIssuer", facts.get(Tag.ISSUER_OF_PATIENT_ID));
    commit(committed, "patientName", facts.get(Tag.PATIENT_NAME).map(InstanceRecord::name));
    commit(committed, "birthDate", facts.get(Tag.BIRTH_DATE));
    commit(committed, "studyInstanceUid", facts.get(Tag.STUDY_INSTANCE_UID));
    commit(committed, "seriesInstanceUid", facts.get(Tag.SERIES_INSTANCE_UID));
    commit(committed, "accessionNumber", facts.get(Tag.ACCESSION_NUMBER));
    commit(committed, "institution", facts.get(Tag.INSTITUTION_NAME));
    String device =
        Stream.of(Tag.MANUFACTURER, Tag.MODEL_NAME, Tag.DEVICE_SERIAL_NUMBER)
            .map(tag -> facts.get(tag).orElse(""))
            .collect(Collectors.joining("\\"));
    commit(committed, "device", Optional.of(device).filter(text -> text.length() > 2));
    return committed;
  }

  /** A name without the empty components and groups that may be left out at the end of each. */
  private static String name(String value) {
    return TRAILING_GROUPS
        .matcher(TRAILING_COMPONENTS.matcher(value).replaceAll(""))
        .replaceAll("");
  }

  private static void commit(
      SortedMap<String, Bytes> committed, String name, Optional<String> value) {
    value.ifPresent(text -> committed.put(name, Bytes.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }
}
