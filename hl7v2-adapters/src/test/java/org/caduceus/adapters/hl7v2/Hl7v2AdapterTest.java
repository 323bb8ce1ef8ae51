package org.caduceus.adapters.hl7v2;

import static org.caduceus.adapters.hl7v2.Samples.accepted;
import static org.caduceus.adapters.hl7v2.Samples.file;
import static org.caduceus.adapters.hl7v2.Samples.message;
import static org.caduceus.adapters.hl7v2.Samples.raw;
import static org.caduceus.adapters.hl7v2.Samples.read;
import static org.caduceus.adapters.hl7v2.Samples.refused;
import static org.caduceus.adapters.hl7v2.Samples.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Hl7v2AdapterTest {
  private static final String PID = "PID|1||7^^^EAST^MR";

  private static CanonicalRecord sample(String name) {
    return accepted(new Hl7v2Adapter().read(raw(file(name))));
  }

  @Test
  void anAdmissionNamesItsTypeInTheClearAndItsPatientUnderCommitment() {
    CanonicalRecord record = sample("adt-a01-admission.hl7");
    assertEquals("hl7v2.adt", record.kind());
    assertEquals("HIS|EASTRIVER", record.sender());
    assertEquals("ER-20260105-000117", record.externalId());
    assertEquals(
        Map.of(
            "messageType", "ADT^A01",
            "version", "2.5.1",
            "processingId", "P",
            "charset", "UTF-8",
            "segments", "7"),
        record.metadata());
    assertEquals(Set.of("content", "patientId", "visit"), record.committed().keySet());
    assertEquals("ER004711^^^EASTRIVER^MR", text(record.committed().get("patientId")));
    assertEquals("V-2026-00117^^^EASTRIVER^VN", text(record.committed().get("visit")));
  }

  @Test
  void theRecordKeepsTheBytesAsReceived() {
    Bytes bytes = file("adt-a01-gb18030.hl7");
    CanonicalRecord record = sample("adt-a01-gb18030.hl7");
    assertEquals(bytes, record.payload());
    assertEquals(bytes, record.committed().get("content"));
    assertEquals(Hash.sha256(bytes.toArray()), record.contentHash());
  }

  @Test
  void chineseBytesThatLookLikeSeparatorsAreText() {
    CanonicalRecord record = sample("adt-a01-gb18030.hl7");
    assertEquals("HIS|\u6771\u6c5f\u533b\u9662", record.sender());
    assertEquals("GB18030", record.metadata().get("charset"));
    assertEquals(
        "DJ000233^^^\u6771\u6c5f\u533b\u9662^MR", text(record.committed().get("patientId")));
  }

  @Test
  void aResultCommitsToItsOrders() {
    CanonicalRecord record = sample("oru-r01-chemistry.hl7");
    assertEquals("hl7v2.oru", record.kind());
    assertEquals("5", record.metadata().get("observations"));
    assertEquals("PO-88120^HIS", text(record.committed().get("placerOrder")));
    assertEquals("FO-30977^LIS", text(record.committed().get("fillerOrder")));
  }

  @Test
  void anyOtherMessageIsGeneric() {
    CanonicalRecord record = sample("siu-s12-appointment.hl7");
    assertEquals("hl7v2.generic", record.kind());
    assertEquals("SIU^S12", record.metadata().get("messageType"));
    assertEquals(
        "hl7v2.generic", accepted(read(message("ZXY^Z01|1|P|2.3", "ZZ1|anything"))).kind());
  }

  @Test
  void metadataNeverHoldsTextOfThePatient() {
    for (String name :
        new String[] {
          "adt-a01-admission.hl7",
          "adt-a08-update.hl7",
          "adt-a01-gb18030.hl7",
          "oru-r01-chemistry.hl7",
          "oru-r01-v27.hl7",
          "siu-s12-appointment.hl7"
        }) {
      String metadata = sample(name).metadata().toString();
      for (String secret : new String[] {"ER004711", "DJ000233", "WH00902", "Lindqvist", "1984"}) {
        assertFalse(metadata.contains(secret), name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "|X|P|2.5, 101, MSH^1^9",
    "adt^A01|X|P|2.5, 200, MSH^1^9",
    "ADT^1|X|P|2.5, 201, MSH^1^9",
    "ADT|X|P|2.5, 201, MSH^1^9",
    "ADT^A01|X||2.5, 101, MSH^1^11",
    "ADT^A01|X|X|2.5, 202, MSH^1^11",
    "ADT^A01|X|P|, 101, MSH^1^12",
    "ADT^A01|X|P|3.0, 203, MSH^1^12",
    "ADT^A01||P|2.5, 101, MSH^1^10",
    "ADT^A01|\"\"|P|2.5, 101, MSH^1^10",
    "ADT^A01, 101, MSH^1^11",
    "ADT^A01|X|P|2.5||||||UTF-16, 103, MSH^1^18",
  })
  void theHeaderIsCheckedInTheOrderOfItsDuties(String header, String code, String location) {
    var refused = refused(read(message(header, PID)));
    assertEquals(code, refused.code());
    assertEquals(location, refused.location());
    assertTrue(refused.reason().startsWith("Expected "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8.2", "2.9"})
  void everyVersionInUseIsTaken(String version) {
    assertEquals(
        version, accepted(read(message("ADT^A01|X|P|" + version, PID))).metadata().get("version"));
  }

  @Test
  void anInternationalVersionAndProcessingModeAreTakenByTheirFirstPart() {
    CanonicalRecord record = accepted(read(message("ADT^A01|X|P^T|2.5^CHN^1.0", PID)));
    assertEquals("2.5", record.metadata().get("version"));
    assertEquals("P", record.metadata().get("processingId"));
  }

  @Test
  void aControlIdBeyondTheRecordsLimitIsTooLong() {
    assertEquals(
        "104", refused(read(message("ADT^A01|" + "9".repeat(513) + "|P|2.5", PID))).code());
    accepted(read(message("ADT^A01|" + "9".repeat(512) + "|P|2.5", PID)));
  }

  @ParameterizedTest
  @CsvSource({
    "PV1|1, 100, PID^1",
    "PID|1, 101, PID^1^3",
    "PID|1||\"\"|, 101, PID^1^3",
  })
  void anAdmissionWithoutPatientIsRefused(String segment, String code, String location) {
    var refused = refused(read(message("ADT^A01|X|P|2.5", segment)));
    assertEquals(code, refused.code());
    assertEquals(location, refused.location());
  }

  @Test
  void bedStatusNeedsNoPatient() {
    accepted(read(message("ADT^A20|X|P|2.5", "EVN|A20", "NPU|W1^101|O")));
  }

  @Test
  void inVersion21TheEventMayStandInEvn() {
    CanonicalRecord record = accepted(read(message("ADT|X|P|2.1", "EVN|A01", PID)));
    assertEquals("ADT", record.metadata().get("messageType"));
  }

  @Test
  void aResultWithoutOrderIsRefused() {
    assertEquals("OBR^1", refused(read(message("ORU^R01|X|P|2.5", PID, "OBX|1"))).location());
  }

  @Test
  void linesThatAreNoSegmentsContinueTheOneBefore() {
    CanonicalRecord record =
        accepted(
            read(message("ORU^R01|X|P|2.5", "OBR|1|PO", "OBX|1|TX|||first\nsecond line\n\nthird")));
    assertEquals("3", record.metadata().get("segments"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff", "\r\n", " \n", "\ufeff\r\n"})
  void whatEditorsLeaveBeforeTheHeaderIsSkipped(String before) {
    accepted(read(before + message("ADT^A01|X|P|2.5", PID)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "MSH", "PID|1", "MSA|AA|1", "msh|^~\\&|", "<ADT_A01/>"})
  void withoutHeaderTheWholeMessageIsMeant(String content) {
    Reading reading = read(content);
    assertEquals("100", refused(reading).code());
    assertEquals("", reading.header().controlId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MSH||||||", "MSHA^~\\&A", "MSH|||", "MSH|^^\\&|", "MSH||~\\&|", "MSH|"})
  void separatorsThatCannotBeToldApartAreRefused(String content) {
    assertEquals("MSH^1^2", refused(read(content)).location());
  }

  @Test
  void otherSeparatorsAreReadAsTheHeaderSays() {
    CanonicalRecord record = accepted(read("MSH$%*!@$H$F$$$$$ADT%A01$X$P$2.5\rPID$1$$7%%%F*8\r"));
    assertEquals("ADT^A01", record.metadata().get("messageType"));
    assertEquals("7%%%F", text(record.committed().get("patientId")));
    assertEquals("H|F", record.sender());
  }

  @Test
  void withoutCharacterSetUtf8ComesBeforeGb18030() {
    String text = message("ADT^A01|X|P|2.5", "PID|1||\u5f20^^^\u6771");
    for (String charset : new String[] {"UTF-8", "GB18030"}) {
      CanonicalRecord record =
          accepted(read(text.getBytes(java.nio.charset.Charset.forName(charset))));
      assertEquals(charset, record.metadata().get("charset"));
      assertEquals("\u5f20^^^\u6771", text(record.committed().get("patientId")));
    }
  }

  @Test
  void aSiteMayHaveOtherDefaults() {
    Hl7v2Adapter adapter = new Hl7v2Adapter(java.util.List.of(StandardCharsets.ISO_8859_1));
    byte[] content =
        message("ADT^A01|X|P|2.5", "PID|1||\u00e97").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "ISO-8859-1", accepted(adapter.read(raw(Bytes.wrap(content)))).metadata().get("charset"));
  }

  @Test
  void bytesOutsideOfTheDeclaredCharacterSetAreRefusedAndEchoed() {
    byte[] content =
        message("ADT^A01|X|P|2.5||||||UNICODE UTF-8", PID)
            .replace("EAST", "\u00c9ST")
            .getBytes(StandardCharsets.ISO_8859_1);
    Reading reading = read(content);
    assertEquals("102", refused(reading).code());
    assertEquals("\u00c9ST", reading.header().sendingFacility());
    assertEquals("X", reading.header().controlId());
  }

  @Test
  void headerTextNamesNobody() {
    assertEquals(
        "MessageHeader[ADT^A01]", read(message("ADT^A01|X|P|2.5", PID)).header().toString());
  }
}
