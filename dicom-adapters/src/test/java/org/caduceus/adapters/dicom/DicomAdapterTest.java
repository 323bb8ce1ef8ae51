package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;

/** What of an instance the ledger gets, and what it must never get. */
class DicomAdapterTest {
  private static SampleFile filled() {
    SampleFile file = new SampleFile(SampleFile.EXPLICIT);
    file.text(Tag.SPECIFIC_CHARACTER_SET, "CS", "GB18030");
    file.text(Tag.SOP_CLASS_UID, "UI", SampleFile.SECONDARY_CAPTURE);
    file.text(Tag.SOP_INSTANCE_UID, "UI", SampleFile.INSTANCE);
    file.text(Tag.ACCESSION_NUMBER, "SH", "ACC-5");
    file.text(Tag.MODALITY, "CS", "CT");
    file.text(Tag.MANUFACTURER, "LO", "Maker");
    file.text(Tag.INSTITUTION_NAME, "LO", "Hospital");
    file.text(Tag.MODEL_NAME, "LO", "Model");
    file.text(Tag.PATIENT_NAME, "PN", "Zhang^San^^=张^三=".getBytes(Charset.forName("GB18030")));
    file.text(Tag.PATIENT_ID, "LO", "P-7");
    file.text(Tag.ISSUER_OF_PATIENT_ID, "LO", "H1");
    file.text(Tag.BIRTH_DATE, "DA", "19700101");
    file.text(Tag.BODY_PART_EXAMINED, "CS", "CHEST");
    file.text(Tag.DEVICE_SERIAL_NUMBER, "LO", "S-1");
    file.text(Tag.STUDY_INSTANCE_UID, "UI", SampleFile.STUDY);
    file.text(Tag.SERIES_INSTANCE_UID, "UI", SampleFile.SERIES);
    file.text(Tag.NUMBER_OF_FRAMES, "IS", "12");
    file.us(Tag.ROWS, 512).us(Tag.COLUMNS, 256);
    return file;
  }

  @Test
  void codedValuesStandInClearAndNamesOnlyAsCommitments() {
    CanonicalRecord record = Reading.record(filled().file());
    assertEquals("dicom.instance", record.kind());
    assertEquals("test", record.sender());
    assertEquals(SampleFile.INSTANCE, record.externalId());
    assertEquals(
        Map.of(
            "sopClassUid", SampleFile.SECONDARY_CAPTURE,
            "transferSyntaxUid", SampleFile.EXPLICIT,
            "modality", "CT",
            "bodyPart", "CHEST",
            "rows", "512",
            "columns", "256",
            "numberOfFrames", "12"),
        record.metadata());
    assertEquals(utf8("Zhang^San=张^三"), record.committed().get("patientName"));
    assertEquals(utf8("P-7"), record.committed().get("patientId"));
    assertEquals(utf8("H1"), record.committed().get("patientIdIssuer"));
    assertEquals(utf8("19700101"), record.committed().get("birthDate"));
    assertEquals(utf8("ACC-5"), record.committed().get("accessionNumber"));
    assertEquals(utf8("Hospital"), record.committed().get("institution"));
    assertEquals(utf8("Maker\\Model\\S-1"), record.committed().get("device"));
    assertEquals(utf8(SampleFile.STUDY), record.committed().get("studyInstanceUid"));
    assertEquals(utf8(SampleFile.SERIES), record.committed().get("seriesInstanceUid"));
    assertEquals(32, record.committed().get("content").length());
    assertEquals(32, record.committed().get("file").length());
    assertEquals(11, record.committed().size());
    assertTrue(Reading.json(record).toString().contains("张^三"));
    assertFalse(record.toString().contains("Zhang"));
  }

  @Test
  void freeTextInACodedAttributeStaysAtHome() {
    SampleFile file = new SampleFile(SampleFile.EXPLICIT);
    file.text(Tag.SOP_CLASS_UID, "UI", "1.2.826.0.1.3680043.10.77.19700101");
    file.text(Tag.SOP_INSTANCE_UID, "UI", SampleFile.INSTANCE);
    file.text(Tag.MODALITY, "CS", "ZHANG SAN");
    file.text(Tag.BODY_PART_EXAMINED, "CS", "ZHANG");
    file.text(Tag.STUDY_INSTANCE_UID, "UI", SampleFile.STUDY);
    file.text(Tag.SERIES_INSTANCE_UID, "UI", SampleFile.SERIES);
    file.text(Tag.NUMBER_OF_FRAMES, "IS", "ZHANG");
    file.text(Tag.ROWS, "LO", "ZHANG");
    CanonicalRecord record = Reading.record(file.file());
    assertEquals(Set.of("transferSyntaxUid"), record.metadata().keySet());
  }

  @Test
  void everyInstanceNeedsItsFourUids() {
    int[] tags = {
      Tag.SOP_CLASS_UID, Tag.SOP_INSTANCE_UID, Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID
    };
    for (int missing : tags) {
      for (String value :
          new String[] {"", "1.02.3", "1..2", "1.2\\1.3", "x", "1.".repeat(40) + "1"}) {
        SampleFile file = new SampleFile(SampleFile.EXPLICIT);
        for (int tag : tags) {
          file.text(tag, "UI", tag == missing ? value : "1.2." + tag);
        }
        Refused refused = Reading.refused(file.file());
        boolean invalidInstance = missing == Tag.SOP_INSTANCE_UID && !value.isEmpty();
        assertEquals(invalidInstance ? "0117" : "A900", refused.code(), value);
        assertEquals(Tag.location(missing), refused.location());
        assertFalse(refused.reason().contains("1.02"), refused.reason());
      }
    }
  }

  private static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
