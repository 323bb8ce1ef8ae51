package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageFileTest {
  private static final String MESSAGE = "MSH|^~\\&|A|B|C|D|2026||ADT^A01|M1|P|2.5.1";

  @Test
  void lineEndsBecomeCarriageReturns() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      MessageFile.Hl7 file = hl7("\ufeff" + MESSAGE + end + "PID|1||7" + end);
      assertEquals(List.of(MESSAGE + "\rPID|1||7\r"), texts(file));
    }
  }

  @Test
  void aBatchIsSentMessageByMessageWithoutItsEnvelope() {
    MessageFile.Hl7 file =
        hl7(
            "FHS|^~\\&|A\rBHS|^~\\&|A\r"
                + MESSAGE
                + "\rPID|1\r"
                + MESSAGE.replace("M1", "M2")
                + "\rPID|2\rBTS|2\rFTS|1\r");
    assertEquals(
        List.of(MESSAGE + "\rPID|1\r", MESSAGE.replace("M1", "M2") + "\rPID|2\r"), texts(file));
  }

  @Test
  void framesOfACapturedStreamAreTakenOff() {
    MessageFile.Hl7 file =
        hl7("\u000b" + MESSAGE + "\rPID|1\r\u001c\r\u000b" + MESSAGE + "\rPID|2\u001c\r");
    assertEquals(List.of(MESSAGE + "\rPID|1\r", MESSAGE + "\rPID|2\r"), texts(file));
  }

  @Test
  void bytesThatAreNotUtf8StayAsTheyAre() {
    byte[] message = (MESSAGE + "\rPID|1||7||\u00cd\u00f5\r").getBytes(StandardCharsets.ISO_8859_1);
    MessageFile.Hl7 file =
        assertInstanceOf(MessageFile.Hl7.class, MessageFile.recognise("x", message));
    assertEquals(
        new String(message, StandardCharsets.ISO_8859_1),
        new String(file.messages().get(0), StandardCharsets.ISO_8859_1));
  }

  @Test
  void dicomIsToldByItsPrefixItsNameOrItsAttributes() {
    byte[] part10 = new byte[140];
    System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, part10, 128, 4);
    assertEquals("application/dicom", dicom("image", part10).mediaType());
    assertEquals("application/dicom", dicom("old.dcm", new byte[10]).mediaType());
    byte[] json =
        "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}}]".getBytes(StandardCharsets.UTF_8);
    assertEquals("application/dicom+json", dicom("metadata.json", json).mediaType());
  }

  @Test
  void epcisDocumentsAndEventsAreToldApart() {
    MessageFile document =
        recognise(
            "{\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":[{\"type\":\"ObjectEvent\",\"eventID\":\"e1\"}]}}");
    assertEquals(
        List.of("e1"), assertInstanceOf(MessageFile.EpcisDocument.class, document).eventIds());
    MessageFile event = recognise("{\"type\":\"ObjectEvent\",\"eventID\":\"e2\"}");
    assertEquals(List.of("e2"), assertInstanceOf(MessageFile.EpcisEvent.class, event).eventIds());
  }

  @Test
  void anEpcisDocumentInXmlIsRecognisedWithItsEventIds() {
    String text =
        "<?xml version='1.0'?><e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:2'>"
            + "<ObjectEvent><eventID> e1 </eventID></ObjectEvent>"
            + "<ObjectEvent><baseExtension><eventID>e2</eventID></baseExtension>"
            + "</ObjectEvent></e:EPCISDocument>";
    MessageFile.EpcisDocument document =
        assertInstanceOf(MessageFile.EpcisDocument.class, recognise(text));
    assertEquals("application/xml", document.mediaType());
    assertEquals(List.of("e1", "e2"), document.eventIds());
  }

  @Test
  void identifiersAreLeftToTheNodeUnlessEachEventHasOne() {
    MessageFile.EpcisDocument document =
        assertInstanceOf(
            MessageFile.EpcisDocument.class,
            recognise(
                "<EPCISDocument><ObjectEvent><eventID>e1</eventID></ObjectEvent>"
                    + "<ObjectEvent/></EPCISDocument>"));
    assertEquals(List.of(), document.eventIds());
    document =
        assertInstanceOf(
            MessageFile.EpcisDocument.class,
            recognise(
                "{\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":"
                    + "[{\"eventID\":\"e1\"},{\"type\":\"ObjectEvent\"}]}}"));
    assertEquals(List.of(), document.eventIds());
  }

  @Test
  void anythingElseIsUnknown() {
    for (String text :
        List.of(
            "", "hello", "{}", "{\"type\":\"Patient\"}", "{broken", "<html/>", "<EPCISDocument")) {
      assertInstanceOf(MessageFile.Unknown.class, recognise(text), text);
    }
  }

  private static MessageFile recognise(String text) {
    return MessageFile.recognise("file", text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageFile.Hl7 hl7(String text) {
    return assertInstanceOf(MessageFile.Hl7.class, recognise(text));
  }

  private static MessageFile.Dicom dicom(String name, byte[] bytes) {
    return assertInstanceOf(MessageFile.Dicom.class, MessageFile.recognise(name, bytes));
  }

  private static List<String> texts(MessageFile.Hl7 file) {
    return file.messages().stream().map(m -> new String(m, StandardCharsets.UTF_8)).toList();
  }
}
