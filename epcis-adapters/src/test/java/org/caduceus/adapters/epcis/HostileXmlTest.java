package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities, bombs and damage in XML: an answer always, a file's content never. */
class HostileXmlTest {
  private static final String DOCUMENT =
      """
      <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://ex.example/"
          schemaVersion="2.0" creationDate="2026-03-02T10:00:00Z"><EPCISBody><EventList>
      <ObjectEvent><eventTime>2026-03-02T09:15:00+08:00</eventTime>
      <eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
      <epcList><epc>urn:epc:id:sgtin:4012345.012345.12</epc></epcList><action>OBSERVE</action>
      <quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.L1</epcClass>
      <quantity>2.50</quantity></quantityElement></quantityList>
      <sensorElementList><sensorElement><sensorReport type="Temperature" value="4.2" uom="CEL"/>
      </sensorElement></sensorElementList><ex:note>%s</ex:note></ObjectEvent>
      </EventList></EPCISBody></epcis:EPCISDocument>""";

  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void thePlainDocumentIsTaken() {
    assertInstanceOf(Capture.Events.class, capture(DOCUMENT.formatted("x")));
    assertInstanceOf(Capture.Events.class, capture("<!DOCTYPE project>" + DOCUMENT.formatted("x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE d [<!ENTITY e \"x\">]>",
        "<!DOCTYPE d [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/x\"> %p;]>",
        "<!DOCTYPE d SYSTEM \"http://127.0.0.1:9/x\">",
        "<!DOCTYPE d PUBLIC \"a\" \"b\">",
        "<!DOCTYPE d><!DOCTYPE d [<!ENTITY e \"x\">]>",
        "<!-- <!DOCTYPE d> --><!DOCTYPE d [<!ENTITY e \"x\">]>"
      })
  void aDocumentTypeThatSaysSomethingIsRefused(String doctype) {
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, capture(doctype + DOCUMENT.formatted("&e;")));
    assertFalse(rejected.toString().contains("root"));
    assertInstanceOf(Capture.Rejected.class, capture(doctype + DOCUMENT.formatted("x")));
  }

  @Test
  void anEntityWithoutDeclarationIsRefused() {
    assertInstanceOf(Capture.Rejected.class, capture(DOCUMENT.formatted("&e;")));
    assertInstanceOf(
        Capture.Rejected.class, capture("<!DOCTYPE project>" + DOCUMENT.formatted("&e;")));
    assertInstanceOf(Capture.Events.class, capture(DOCUMENT.formatted("&lt;&amp;&#65;")));
  }

  @Test
  void anotherEncodingThanUtf8IsNotGuessed() {
    for (String encoding : new String[] {"UTF-8", "utf-8", "US-ASCII"}) {
      assertInstanceOf(Capture.Events.class, capture(declaring(encoding)), encoding);
    }
    for (String encoding : new String[] {"GB18030", "ISO-8859-1", "UTF-16"}) {
      assertInstanceOf(Capture.Rejected.class, capture(declaring(encoding)), encoding);
    }
    Capture wide =
        adapter.captureXml(Bytes.wrap(DOCUMENT.formatted("x").getBytes(StandardCharsets.UTF_16)));
    assertInstanceOf(Capture.Rejected.class, wide);
  }

  private static String declaring(String encoding) {
    return "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + DOCUMENT.formatted("x");
  }

  @Test
  void depthNumberAndLengthAreBounded() {
    assertInstanceOf(
        Capture.Rejected.class,
        capture(DOCUMENT.formatted("<ex:a>".repeat(100) + "</ex:a>".repeat(100))));
    assertInstanceOf(Capture.Rejected.class, capture("<a>".repeat(500_000)));
    assertInstanceOf(
        Capture.Rejected.class, capture(DOCUMENT.formatted("<ex:a/>".repeat(400_000))));
    assertInstanceOf(Capture.Rejected.class, capture(DOCUMENT.formatted("x".repeat(1_000_000))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "<", "<a/>", "{}", "<a><b></a>", "text", "<?xml version=\"1.0\"?>", "\0"})
  void whatIsNoDocumentIsRefused(String text) {
    Capture.Rejected rejected = assertInstanceOf(Capture.Rejected.class, capture(text));
    assertTrue(rejected.refusal().reason().startsWith("Expected "));
  }

  @Test
  void aPropertyMayStandOnlyOnce() {
    assertInstanceOf(
        Capture.Rejected.class,
        capture(
            DOCUMENT
                .formatted("x")
                .replace("<action>OBSERVE</action>", "<action>ADD</action><action>ADD</action>")));
  }

  @Test
  void noDamageMakesItThrow() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 42L));
    byte[] original = DOCUMENT.formatted("x").getBytes(StandardCharsets.UTF_8);
    byte[] marks = "<>/=\"'&;:! \0x1\u0080".getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = Arrays.copyOf(original, original.length - random.nextInt(3));
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = marks[random.nextInt(marks.length)];
      }
      Capture capture = adapter.captureXml(Bytes.wrap(bytes));
      if (capture instanceof Capture.Rejected rejected) {
        assertTrue(rejected.refusal().reason().startsWith("Expected "));
      }
    }
    String text = DOCUMENT.formatted("x");
    String[] names = {"epcList", "epc", "quantityElement", "sensorReport", "ObjectEvent", "action"};
    for (int i = 0; i < 2_000; i++) {
      capture(
          text.replace(names[random.nextInt(names.length)], names[random.nextInt(names.length)]));
    }
  }

  private Capture capture(String text) {
    return adapter.captureXml(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
