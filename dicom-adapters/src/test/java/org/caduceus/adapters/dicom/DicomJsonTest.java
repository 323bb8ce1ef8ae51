package org.caduceus.adapters.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DICOM JSON metadata: one canonical text, and every departure from PS3.18 annex F refused. */
class DicomJsonTest {
  private static final String UIDS =
      "\"00080016\":{\"vr\":\"UI\",\"Value\":[\""
          + SampleFile.SECONDARY_CAPTURE
          + "\"]},\"00080018\":{\"vr\":\"UI\",\"Value\":[\""
          + SampleFile.INSTANCE
          + "\"]},\"0020000D\":{\"vr\":\"UI\",\"Value\":[\""
          + SampleFile.STUDY
          + "\"]},\"0020000E\":{\"vr\":\"UI\",\"Value\":[\""
          + SampleFile.SERIES
          + "\"]}";

  private static DicomInstance with(String attributes) {
    return Reading.readJson("{" + attributes + "," + UIDS + "}");
  }

  @Test
  void orderAndSpacingDoNotMatter() {
    String tidy =
        "\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]},\"00280010\":{\"vr\":\"US\",\"Value\":[5]}";
    String loose =
        " \"00280010\" : {\"Value\":[ 5 ],\"vr\":\"US\"} , \"00080060\":{\"Value\":[\"\\u0043T\"],\"vr\":\"CS\"}";
    CanonicalRecord one = Reading.record(with(tidy));
    CanonicalRecord other = Reading.record(with(loose));
    assertEquals(one.payload(), other.payload());
    assertEquals(one.contentHash(), other.contentHash());
    assertEquals("CT", one.metadata().get("modality"));
    assertEquals("5", one.metadata().get("rows"));
    CanonicalRecord different = Reading.record(with(tidy.replace("[5]", "[6]")));
    assertNotEquals(one.contentHash(), different.contentHash());
  }

  @Test
  void metadataOfAFileReadAgainIsTheSame() {
    SampleFile file = SampleFile.instance(SampleFile.EXPLICIT);
    SampleFile item = file.piece().text(0x00080050, "SH", "\\x\\");
    file.sequence(0x00400275, item, file.piece());
    file.value(0x00409224, "FD", file.piece().number(Double.doubleToLongBits(1e300), 8).bytes());
    CanonicalRecord record = Reading.record(file.file());
    String json = new String(record.payload().toArray(), StandardCharsets.UTF_8);
    CanonicalRecord again = Reading.record(Reading.readJson(json));
    assertEquals(record.payload(), again.payload());
  }

  @Test
  void namesAreReadAsInFiles() {
    CanonicalRecord record =
        Reading.record(
            with(
                "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Ideographic\":\"张^三\","
                    + "\"Alphabetic\":\"Zhang^San\"}]}"));
    assertEquals(
        "Zhang^San=张^三",
        new String(record.committed().get("patientName").toArray(), StandardCharsets.UTF_8));
  }

  @Test
  void metaInformationAndGroupLengthsAreNoMetadata() {
    CanonicalRecord record =
        Reading.record(
            with(
                "\"00020010\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]},"
                    + "\"00080000\":{\"vr\":\"UL\",\"Value\":[9]}"));
    assertEquals(SampleFile.EXPLICIT, record.metadata().get("transferSyntaxUid"));
    assertEquals(Reading.record(Reading.readJson("{" + UIDS + "}")).payload(), record.payload());
  }

  @Test
  void longInlineBinaryBecomesItsDigest() {
    byte[] bytes = new byte[2000];
    String inline = Base64.getEncoder().encodeToString(bytes);
    CanonicalRecord record =
        Reading.record(with("\"00282000\":{\"vr\":\"OB\",\"InlineBinary\":\"" + inline + "\"}"));
    assertEquals(
        MetadataWriter.bulkDataUri(Hash.sha256(bytes), 2000),
        Reading.json(record).at("/00282000/BulkDataURI").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "00080050 | {}",
        "00080050 | {\"vr\":\"XX\"}",
        "00080050 | {\"vr\":7}",
        "00080050 | []",
        "00080050 | {\"vr\":\"SH\",\"Value\":\"x\"}",
        "00080050 | {\"vr\":\"SH\",\"Value\":[5]}",
        "00080050 | {\"vr\":\"SH\",\"Value\":[true]}",
        "00080050 | {\"vr\":\"SH\",\"value\":[\"x\"]}",
        "00080050 | {\"vr\":\"SH\",\"Value\":[\"x\"],\"InlineBinary\":\"AA==\"}",
        "00080050 | {\"vr\":\"SH\",\"InlineBinary\":\"AA==\"}",
        "00282000 | {\"vr\":\"OB\",\"InlineBinary\":\"A\"}",
        "00282000 | {\"vr\":\"OB\",\"Value\":[1]}",
        "00282000 | {\"vr\":\"OB\",\"BulkDataURI\":\"http://192.0.2.1/x\"}",
        "00280010 | {\"vr\":\"US\",\"Value\":[65536]}",
        "00280010 | {\"vr\":\"US\",\"Value\":[-1]}",
        "00280010 | {\"vr\":\"US\",\"Value\":[1.5]}",
        "00280010 | {\"vr\":\"US\",\"Value\":[\"1\"]}",
        "00280106 | {\"vr\":\"SS\",\"Value\":[32768]}",
        "00280009 | {\"vr\":\"AT\",\"Value\":[\"0018106\"]}",
        "00100010 | {\"vr\":\"PN\",\"Value\":[\"Zhang^San\"]}",
        "00100010 | {\"vr\":\"PN\",\"Value\":[{\"alphabetic\":\"Zhang^San\"}]}",
        "00081115 | {\"vr\":\"SQ\",\"Value\":[1]}",
        "00409224 | {\"vr\":\"FD\",\"Value\":[\"one\"]}",
      })
  void whatTheModelDoesNotKnowIsRefused(String tag, String attribute) {
    Refused refused = Reading.refused(with("\"" + tag + "\":" + attribute));
    assertEquals("C000", refused.code(), attribute);
    assertEquals(Tag.location(Integer.parseInt(tag, 16)), refused.location(), attribute);
    assertTrue(refused.reason().startsWith("Expected "), refused.reason());
    assertTrue(!refused.reason().contains("Zhang"), refused.reason());
  }

  @Test
  void namesThatAreNoTagsAreRefused() {
    assertEquals("C000", Reading.refused(with("\"PatientID\":{\"vr\":\"LO\"}")).code());
    assertEquals("C000", Reading.refused(with("\"0008005a\":{\"vr\":\"LO\"}")).code());
  }

  @Test
  void nestingIsBounded() {
    assertEquals(SampleFile.INSTANCE, Reading.record(with(nested(40))).externalId());
    assertEquals("C000", unreadable("{" + nested(100_000) + "}").code());
  }

  private static String nested(int depth) {
    return "\"00081115\":{\"vr\":\"SQ\",\"Value\":[{".repeat(depth) + "}]}".repeat(depth);
  }

  @Test
  void onlyDataSetsAreDocuments() throws IOException {
    for (String text :
        new String[] {
          "", "1", "[1]", "{}{}", "[{}", "{\"a\":1,\"a\":2}", "\ufeff\ufeff{}", "nul"
        }) {
      assertEquals("C000", unreadable(text).code(), text);
    }
    byte[] badUtf8 = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};
    assertTrue(
        new DicomAdapter().readJson(new ByteArrayInputStream(badUtf8))
            instanceof JsonDocument.Unreadable);
  }

  @Test
  void theNumberOfValuesIsBounded() {
    String zeros = "[" + "0,".repeat(DicomJsonReader.MAX_VALUES) + "0]";
    assertEquals("A700", unreadable("{\"x\":" + zeros + "}").code());
  }

  @Test
  void theTextIsBounded() {
    String text = "{\"x\":[" + "\"0123456789\",".repeat(1_400_000) + "0]}";
    assertTrue(text.length() > DicomJsonReader.MAX_BYTES);
    assertTrue(unreadable(text).code().matches("A700|C000"));
  }

  @Test
  void bulkDataIsFoundByItsUri() throws IOException {
    DicomAdapter adapter = new DicomAdapter();
    String text = "[{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"../p1\"}," + UIDS + "}]";
    JsonDocument.Instances document =
        (JsonDocument.Instances)
            adapter.readJson(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    BulkData bulk = new BulkData(Hash.sha256(new byte[] {1}), 1);
    CanonicalRecord record =
        Reading.record(adapter.json(document.instances().get(0), Map.of("../p1", bulk), "test"));
    assertEquals(
        MetadataWriter.bulkDataUri(bulk.digest(), 1),
        Reading.json(record).at("/7FE00010/BulkDataURI").asText());
  }

  @Test
  void theSamplesThatWeShipAreRecords() throws IOException {
    Path samples = Path.of("..", "deploy", "samples", "dicom");
    int records = 0;
    try (Stream<Path> files = Files.list(samples)) {
      for (Path file : files.toList()) {
        DicomAdapter adapter = new DicomAdapter();
        JsonDocument.Instances document =
            (JsonDocument.Instances)
                adapter.readJson(new ByteArrayInputStream(Files.readAllBytes(file)));
        for (JsonInstance instance : document.instances()) {
          Reading.record(adapter.json(instance, Map.of(), "test"));
          records++;
        }
      }
    }
    assertTrue(records >= 4, "read " + records);
  }

  private static Refused unreadable(String text) {
    try {
      JsonDocument document =
          new DicomAdapter()
              .readJson(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      return ((JsonDocument.Unreadable) document).refusal();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
