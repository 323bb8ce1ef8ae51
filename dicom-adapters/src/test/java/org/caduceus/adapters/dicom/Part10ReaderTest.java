package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of our own in every encoding, right ones and wrong ones. */
class Part10ReaderTest {
  private static final int REFERENCED_SERIES = 0x00081115;
  private static final int PRIVATE_CREATOR = 0x00290010;
  private static final int PRIVATE_ELEMENT = 0x00291001;

  /** Every form of value, with its sequences delimited or not. */
  private static SampleFile everything(String syntax, boolean delimited) {
    SampleFile file = new SampleFile(syntax);
    file.text(Tag.SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 192");
    file.text(0x00080008, "CS", "DERIVED\\\\SECONDARY");
    file.text(Tag.SOP_CLASS_UID, "UI", SampleFile.SECONDARY_CAPTURE);
    file.text(Tag.SOP_INSTANCE_UID, "UI", SampleFile.INSTANCE);
    file.text(0x00080050, "SH", "");
    SampleFile inner = file.piece().text(0x00081150, "UI", "1.2.3").text(0x00081155, "UI", "1.2.4");
    SampleFile item = file.piece();
    if (delimited) {
      item.delimitedSequence(0x00081199, inner, file.piece());
      file.delimitedSequence(REFERENCED_SERIES, item);
    } else {
      item.sequence(0x00081199, inner, file.piece());
      file.sequence(REFERENCED_SERIES, item);
    }
    file.text(Tag.PATIENT_NAME, "PN", "Wang^XiaoDong=王^小东");
    file.text(Tag.PATIENT_ID, "LO", "P-1");
    file.text(0x00180050, "DS", "1.50\\+2\\3e1");
    file.text(Tag.STUDY_INSTANCE_UID, "UI", SampleFile.STUDY);
    file.text(Tag.SERIES_INSTANCE_UID, "UI", SampleFile.SERIES);
    file.text(0x00200013, "IS", "007");
    file.us(Tag.ROWS, 65535);
    file.us(Tag.COLUMNS, 2);
    file.us(Tag.PIXEL_REPRESENTATION, 1);
    file.value(0x00280106, "SS", file.piece().number(0xFFFE, 2).bytes());
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SampleFile.IMPLICIT,
        SampleFile.EXPLICIT,
        SampleFile.BIG_ENDIAN,
        SampleFile.DEFLATED,
        SampleFile.JPEG
      })
  void oneDataSetHasOneJsonInEveryTransferSyntax(String syntax) {
    String expected =
        "{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
            + "\"00080008\":{\"vr\":\"CS\",\"Value\":[\"DERIVED\",null,\"SECONDARY\"]},"
            + "\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.7\"]},"
            + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.826.0.1.3680043.10.77.3.1\"]},"
            + "\"00080050\":{\"vr\":\"SH\"},"
            + "\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"00081199\":{\"vr\":\"SQ\",\"Value\":["
            + "{\"00081150\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]},"
            + "\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2.4\"]}},{}]}}]},"
            + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Wang^XiaoDong\","
            + "\"Ideographic\":\"王^小东\"}]},"
            + "\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P-1\"]},"
            + "\"00180050\":{\"vr\":\"DS\",\"Value\":[1.50,\"+2\",3e1]},"
            + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2.826.0.1.3680043.10.77.1\"]},"
            + "\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.826.0.1.3680043.10.77.2\"]},"
            + "\"00200013\":{\"vr\":\"IS\",\"Value\":[\"007\"]},"
            + "\"00280010\":{\"vr\":\"US\",\"Value\":[65535]},"
            + "\"00280011\":{\"vr\":\"US\",\"Value\":[2]},"
            + "\"00280103\":{\"vr\":\"US\",\"Value\":[1]},"
            + "\"00280106\":{\"vr\":\"SS\",\"Value\":[-2]}}";
    for (boolean delimited : new boolean[] {false, true}) {
      SampleFile file = image(syntax, delimited);
      CanonicalRecord record = Reading.record(file.file());
      assertEquals(expected, text(record.payload()));
      assertEquals(Hash.sha256(file.dataSet()), record.contentHash());
      assertEquals(Bytes.of(Hash.sha256(file.file()).toArray()), record.committed().get("file"));
      assertEquals(syntax, record.metadata().get("transferSyntaxUid"));
    }
  }

  private static SampleFile image(String syntax, boolean delimited) {
    SampleFile file = everything(syntax, delimited);
    return syntax.equals(SampleFile.JPEG)
        ? file.fragments(Tag.PIXEL_DATA, new byte[0], new byte[] {1, 2})
        : file.value(Tag.PIXEL_DATA, "OW", new byte[256]);
  }

  @Test
  void theContentHashDoesNotDependOnTheMetaInformation() {
    SampleFile sample = SampleFile.instance(SampleFile.EXPLICIT);
    CanonicalRecord one = Reading.record(sample.file("2.25.1"));
    CanonicalRecord other = Reading.record(sample.file("2.25.22"));
    assertEquals(one.contentHash(), other.contentHash());
    assertNotEquals(one.committed().get("file"), other.committed().get("file"));
    assertEquals(one.committed().get("content"), other.committed().get("content"));
  }

  @Test
  void pixelsCountInTheContentHashAndNotInTheMetadata() {
    SampleFile black = image(SampleFile.EXPLICIT, true);
    byte[] file = black.file();
    CanonicalRecord one = Reading.record(file);
    file[file.length - 1] = 1;
    CanonicalRecord other = Reading.record(file);
    assertEquals(one.payload(), other.payload());
    assertNotEquals(one.contentHash(), other.contentHash());
  }

  @ParameterizedTest
  @ValueSource(strings = {SampleFile.IMPLICIT, SampleFile.EXPLICIT, SampleFile.BIG_ENDIAN})
  void aFileMayLackPreambleAndMetaInformation(String syntax) {
    byte[] bare = SampleFile.instance(syntax).dataSet();
    CanonicalRecord record = Reading.record(bare);
    assertEquals(Hash.sha256(bare), record.contentHash());
    assertFalse(record.metadata().containsKey("transferSyntaxUid"));
  }

  @Test
  void whatIsNoDicomIsRefused() {
    for (byte[] file :
        new byte[][] {{}, {8}, "%PDF-1.7 ".getBytes(StandardCharsets.US_ASCII), new byte[500]}) {
      Refused refused = Reading.refused(file);
      assertEquals("C000", refused.code());
      assertEquals("", refused.location());
    }
  }

  @Test
  void aPrivateTransferSyntaxIsRefused() {
    Refused refused = Reading.refused(SampleFile.instance("1.2.826.0.1.3680043.10.99").file());
    assertEquals("C122", refused.code());
    assertEquals("(0002,0010)", refused.location());
  }

  @Test
  void implicitVrThatPlainlyIsExplicitIsReadSo() {
    byte[] file = SampleFile.instance(SampleFile.IMPLICIT + "\0").file();
    // The constructor sees another UID than implicit VR and writes explicit VR under its name.
    assertEquals(SampleFile.INSTANCE, Reading.record(file).externalId());
  }

  @Test
  void aSequenceUnderUnIsLookedInto() {
    SampleFile items = new SampleFile(SampleFile.IMPLICIT);
    items.tag(Tag.ITEM).number(12, 4).tag(0x00081150).number(4, 4).raw((byte) '1', (byte) '.');
    items.raw((byte) '2', (byte) 0);
    for (String syntax : new String[] {SampleFile.EXPLICIT, SampleFile.BIG_ENDIAN}) {
      SampleFile file = start(syntax);
      file.value(REFERENCED_SERIES, "UN", items.dataSet());
      JsonNode attribute = Reading.json(finish(file)).get("00081115");
      assertEquals(
          "{\"vr\":\"SQ\",\"Value\":[{\"00081150\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}}]}",
          attribute.toString());
      SampleFile delimited = start(syntax);
      delimited.header(REFERENCED_SERIES, "UN", SampleFile.UNDEFINED);
      delimited.raw(items.dataSet());
      SampleFile end = new SampleFile(SampleFile.IMPLICIT);
      delimited.raw(end.tag(Tag.SEQUENCE_DELIMITATION).number(0, 4).dataSet());
      assertEquals(attribute, Reading.json(finish(delimited)).get("00081115"));
    }
  }

  @Test
  void bytesUnderUnThatAreNoSequenceStayBytes() {
    SampleFile file = start(SampleFile.EXPLICIT).value(REFERENCED_SERIES, "UN", new byte[] {1, 2});
    assertEquals(
        "{\"vr\":\"UN\",\"InlineBinary\":\"AQI=\"}",
        Reading.json(finish(file)).get("00081115").toString());
  }

  @Test
  void privateAttributesKeepTheirBytesInImplicitVr() {
    for (String syntax : new String[] {SampleFile.IMPLICIT, SampleFile.EXPLICIT}) {
      SampleFile file = SampleFile.instance(syntax);
      file.text(PRIVATE_CREATOR, "LO", "CADUCEUS TEST");
      file.value(PRIVATE_ELEMENT, "UN", new byte[] {1, 2});
      SampleFile item = file.piece().text(PRIVATE_CREATOR, "LO", "CADUCEUS TEST");
      file.delimitedSequence(0x00291002, item);
      JsonNode json = Reading.json(file.file());
      assertEquals("CADUCEUS TEST", json.at("/00290010/Value/0").asText());
      assertEquals("AQI=", json.at("/00291001/InlineBinary").asText());
      assertEquals("CADUCEUS TEST", json.at("/00291002/Value/0/00290010/Value/0").asText());
    }
  }

  @Test
  void longBinaryValuesAreNamedByTheirDigest() {
    byte[] icc = new byte[1026];
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT).value(0x00282000, "OB", icc);
    JsonNode attribute = Reading.json(file.file()).get("00282000");
    assertEquals(
        MetadataWriter.bulkDataUri(Hash.sha256(icc), 1026), attribute.get("BulkDataURI").asText());
    assertTrue(attribute.get("BulkDataURI").asText().startsWith("ni:///sha-256;"));
  }

  @Test
  void wordsOfBigEndianFilesAreShownLittleEndian() {
    SampleFile file = SampleFile.instance(SampleFile.BIG_ENDIAN);
    file.value(0x00281201, "OW", new byte[] {1, 2, 3, 4});
    assertEquals("AgEEAw==", Reading.json(file.file()).at("/00281201/InlineBinary").asText());
  }

  @Test
  void anIconsPixelsAreOrdinaryBulkData() {
    SampleFile file = SampleFile.instance(SampleFile.JPEG);
    SampleFile icon = file.piece().fragments(Tag.PIXEL_DATA, new byte[0], new byte[] {7, 8});
    file.delimitedSequence(0x00880200, icon).fragments(Tag.PIXEL_DATA, new byte[4]);
    assertEquals(
        MetadataWriter.bulkDataUri(Hash.sha256(new byte[] {7, 8}), 2),
        Reading.json(file.file()).at("/00880200/Value/0/7FE00010/BulkDataURI").asText());
  }

  @Test
  void anElementWithoutRepresentationIsReadAsImplicit() {
    SampleFile file = start(SampleFile.EXPLICIT);
    file.tag(0x00081030).number(4, 4).raw((byte) 'a', (byte) 'b', (byte) 'c', (byte) ' ');
    assertEquals("abc", Reading.json(finish(file)).at("/00081030/Value/0").asText());
  }

  @Test
  void anUnknownRepresentationHasALongHeader() {
    SampleFile file = start(SampleFile.EXPLICIT).value(0x00081030, "ZZ", new byte[] {'a', 'b'});
    assertEquals("ab", Reading.json(finish(file)).at("/00081030/Value/0").asText());
  }

  @Test
  void aNumberOfABrokenLengthKeepsItsBytes() {
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT);
    file.value(Tag.ROWS, "US", new byte[] {1, 2, 3});
    assertEquals("UN", Reading.json(file.file()).at("/00280010/vr").asText());
    assertFalse(Reading.record(file.file()).metadata().containsKey("rows"));
  }

  @Test
  void numbersThatAreNoneAreStrings() {
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT);
    SampleFile numbers = file.piece();
    numbers.number(Double.doubleToLongBits(Double.NaN), 8);
    numbers.number(Double.doubleToLongBits(Double.NEGATIVE_INFINITY), 8);
    numbers.number(Double.doubleToLongBits(0.1), 8);
    file.value(0x00280A02, "FD", numbers.bytes());
    assertEquals(
        "[\"NaN\",\"-inf\",0.1]", Reading.json(file.file()).at("/00280A02/Value").toString());
  }

  @Test
  void tagsMustAscend() {
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT).text(Tag.PATIENT_ID, "LO", "x");
    Refused refused = Reading.refused(file.file());
    assertEquals("C000", refused.code());
    assertEquals("(0010,0020)", refused.location());
    SampleFile twice = SampleFile.instance(SampleFile.EXPLICIT);
    twice.text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3");
    assertEquals("(0020,000e)", Reading.refused(twice.file()).location());
  }

  @Test
  void lengthsMustStayInsideTheirSequence() {
    SampleFile file = start(SampleFile.EXPLICIT);
    file.header(REFERENCED_SERIES, "SQ", 16);
    file.tag(Tag.ITEM).number(8, 4).header(0x00081150, "UI", 40).raw(new byte[40]);
    Refused refused = Reading.refused(finish(file));
    assertEquals("C000", refused.code());
    assertEquals("(0008,1150)", refused.location());
  }

  @Test
  void pixelsMustBeWhole() {
    for (String syntax : new String[] {SampleFile.EXPLICIT, SampleFile.JPEG}) {
      byte[] file = image(syntax, true).file();
      Refused refused = Reading.refused(Arrays.copyOf(file, file.length - 1));
      assertEquals("C000", refused.code());
      assertEquals("(7fe0,0010)", refused.location());
    }
  }

  @Test
  void nestingIsBounded() {
    assertEquals(SampleFile.INSTANCE, Reading.record(nested(64)).externalId());
    Refused refused = Reading.refused(nested(65));
    assertEquals("A700", refused.code());
    assertEquals("A700", Reading.refused(nested(100_000)).code());
  }

  private static byte[] nested(int depth) {
    SampleFile file = SampleFile.instance(SampleFile.IMPLICIT);
    for (int i = 0; i < depth; i++) {
      file.tag(0x00400555).number(SampleFile.UNDEFINED, 4);
      file.tag(Tag.ITEM).number(SampleFile.UNDEFINED, 4);
    }
    for (int i = 0; i < depth; i++) {
      file.tag(Tag.ITEM_DELIMITATION).number(0, 4).tag(Tag.SEQUENCE_DELIMITATION).number(0, 4);
    }
    return file.file();
  }

  @Test
  void metadataIsBounded() {
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT);
    byte[] text = new byte[60_000];
    Arrays.fill(text, (byte) 1);
    // Each byte becomes an escape of six.
    for (int i = 0; i < 60; i++) {
      file.value(0x00400280 + 0x10000 * 2 * i, "UT", text);
    }
    assertEquals("A700", Reading.refused(file.file()).code());
  }

  @Test
  void aDeflatedDataSetCannotExplode() {
    SampleFile data = SampleFile.instance(SampleFile.EXPLICIT);
    data.header(0x00420011, "OB", 300L * 1024 * 1024);
    byte[] bomb = SampleFile.bomb(data.bytes(), 300);
    assertTrue(bomb.length < 2 * 1024 * 1024);
    assertEquals("A700", Reading.refused(bomb).code());
  }

  @Test
  void aDeflatedDataSetThatBreaksOffIsRefused() {
    byte[] file = SampleFile.instance(SampleFile.DEFLATED).file();
    assertEquals("C000", Reading.refused(Arrays.copyOf(file, file.length - 3)).code());
    file[file.length - 40] ^= 0x55;
    Refused refused = Reading.refused(file);
    assertTrue(refused.code().matches("C000|A900|0117"), refused.toString());
  }

  @Test
  void whatWasUnderstoodIsKnownOfARefusedInstance() {
    byte[] file = SampleFile.instance(SampleFile.EXPLICIT).file();
    DicomInstance instance = Reading.read(Arrays.copyOf(file, file.length - 2));
    assertEquals(Optional.of(SampleFile.INSTANCE), instance.sopInstanceUid());
    assertEquals(Optional.of(SampleFile.SECONDARY_CAPTURE), instance.sopClassUid());
    assertEquals(Optional.of(SampleFile.STUDY), instance.studyInstanceUid());
    assertEquals("(0020,000e)", Reading.refused(instance).location());
  }

  /** The first two attributes of an instance. */
  private static SampleFile start(String syntax) {
    return new SampleFile(syntax)
        .text(Tag.SOP_CLASS_UID, "UI", SampleFile.SECONDARY_CAPTURE)
        .text(Tag.SOP_INSTANCE_UID, "UI", SampleFile.INSTANCE);
  }

  /** The last two, and the file around them. */
  private static byte[] finish(SampleFile file) {
    return file.text(Tag.STUDY_INSTANCE_UID, "UI", SampleFile.STUDY)
        .text(Tag.SERIES_INSTANCE_UID, "UI", SampleFile.SERIES)
        .file();
  }

  private static String text(Bytes payload) {
    return new String(payload.toArray(), StandardCharsets.UTF_8);
  }
}
