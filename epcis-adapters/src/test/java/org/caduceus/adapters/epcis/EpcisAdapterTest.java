package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpcisAdapterTest {
  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void everyEventTypeHasAKind() {
    List<String> kinds = events(Events.EVERY_TYPE).stream().map(CanonicalRecord::kind).toList();
    assertEquals(
        List.of(
            "epcis.object",
            "epcis.aggregation",
            "epcis.transaction",
            "epcis.transformation",
            "epcis.association"),
        kinds);
  }

  @Test
  void theLedgerLearnsWordsOfTheStandardOnly() {
    CanonicalRecord first = events(Events.EVERY_TYPE).getFirst();
    assertEquals(
        Map.of(
            "eventType", "ObjectEvent",
            "action", "ADD",
            "bizStep", "commissioning",
            "disposition", "active",
            "epcCount", "1",
            "schemaVersion", "2.0",
            "errorDeclaration", "true"),
        first.metadata());
    assertEquals(
        List.of("bizLocation", "content", "epcs", "eventTime", "readPoint"),
        List.copyOf(first.committed().keySet()));
  }

  @Test
  void aStepOfAPrivateVocabularyIsNotTold() {
    CanonicalRecord record =
        event(
            Events.ALONE.replace(
                "\"commissioning\"",
                "\"https://ns.example.com/steps/ZhangSan-110101199003070011\""));
    assertEquals("custom", record.metadata().get("bizStep"));
  }

  @Test
  void aStepInAnotherFormIsTheSameWord() {
    assertEquals(
        "commissioning",
        event(
                Events.ALONE.replace(
                    "\"commissioning\"", "\"https://ref.gs1.org/cbv/BizStep-commissioning\""))
            .metadata()
            .get("bizStep"));
  }

  @Test
  void theListOfItemsIsCommittedAsHashesOfCanonicalKeys() {
    CanonicalRecord record = event(Events.ALONE);
    byte[] key = "https://id.gs1.org/01/04012345123456/21/12".getBytes(StandardCharsets.UTF_8);
    assertEquals(Hash.sha256(key).toHex(), record.committed().get("epcs").toHex());
    assertEquals(
        "2026-03-02T01:15:00.000Z",
        new String(record.committed().get("eventTime").toArray(), StandardCharsets.UTF_8));
  }

  @Test
  void aDerivedIdentifierDoesNotDependOnTheOrderOfListsOrProperties() {
    String two =
        Events.ALONE.replace(
            "\"urn:epc:id:sgtin:4012345.012345.12\"",
            "\"urn:epc:id:sgtin:4012345.012345.12\", \"urn:epc:id:sgtin:4012345.012345.13\"");
    String turned =
        Events.ALONE.replace(
            "\"urn:epc:id:sgtin:4012345.012345.12\"",
            "\"https://example.org/01/04012345123456/21/13?a=b\","
                + " \"urn:epc:id:sgtin:4012345.012345.12\"");
    CanonicalRecord first = event(two);
    CanonicalRecord second = event(turned);
    assertEquals(first.externalId(), second.externalId());
    assertEquals(first.contentHash(), second.contentHash(), "a repetition, not a conflict");
    assertNotEquals(first.payload(), second.payload());
  }

  @Test
  void aDerivedIdentifierSentBackIsARepetition() {
    CanonicalRecord first = event(Events.ALONE);
    CanonicalRecord second =
        event(
            Events.ALONE.replaceFirst(
                "\"action\"", "\"eventID\": \"" + first.externalId() + "\", \"action\""));
    assertEquals(first.contentHash(), second.contentHash());
    assertEquals(first.payload(), second.payload());
    String digest = first.externalId().substring(14, 78);
    assertEquals(HexFormat.of().formatHex(first.contentHash().toArray()), digest);
  }

  @Test
  void aGivenIdentifierWithOtherContentIsAnotherContent() {
    String given =
        Events.ALONE.replaceFirst("\"action\"", "\"eventID\": \"urn:uuid:1\", \"action\"");
    CanonicalRecord first = event(given);
    CanonicalRecord later =
        event(
            given.replaceFirst(
                "\"action\"", "\"recordTime\": \"2026-03-02T01:15:01Z\", \"action\""));
    CanonicalRecord other = event(given.replace("commissioning", "packing"));
    assertEquals("urn:uuid:1", first.externalId());
    assertEquals(first.contentHash(), later.contentHash(), "recordTime does not count");
    assertNotEquals(first.contentHash(), other.contentHash());
  }

  @Test
  void anErrorDeclarationHasAnExternalIdOfItsOwnAndTheSameEventId() {
    CanonicalRecord event =
        event(Events.ALONE.replaceFirst("\"action\"", "\"eventID\": \"urn:uuid:1\", \"action\""));
    CanonicalRecord error =
        event(
            Events.ALONE.replaceFirst(
                "\"action\"",
                "\"eventID\": \"urn:uuid:1\", \"errorDeclaration\": {\"declarationTime\":"
                    + " \"2026-03-05T08:00:00+08:00\"}, \"action\""));
    assertNotEquals(event.externalId(), error.externalId());
    assertEquals("urn:uuid:1#errorDeclaration=2026-03-05T00:00:00.000Z", error.externalId());
    assertEquals("urn:uuid:1", EpcisAdapter.eventId(error));
    assertEquals("urn:uuid:1", EpcisAdapter.eventId(event));
    refused(
        Events.ALONE.replaceFirst(
            "\"action\"", "\"eventID\": \"urn:uuid:1#errorDeclaration=x\", \"action\""));
  }

  @Test
  void traceCodesOfTwentyDigitsNeverMeet() {
    String text = Events.ALONE.replaceFirst("\"action\"", "\"example:code\": %s, \"action\"");
    List<String> values =
        List.of(
            "81999990000000000017",
            "81999990000000000018",
            "\"81999990000000000019\"",
            "\"00099990000000000017\"",
            "\"99990000000000017\"",
            "0.12345678901234567890123456789",
            "0.12345678901234567890123456788");
    assertEquals(
        values.size(),
        values.stream().map(value -> event(text.formatted(value)).externalId()).distinct().count());
  }

  @Test
  void aNumberHasOneForm() {
    String text = Events.ALONE.replaceFirst("\"action\"", "\"example:x\": %s, \"action\"");
    assertEquals(
        1,
        List.of("12.5", "12.50", "1.25e1", "\"12.50\"", "\"12.5\"").stream()
            .map(value -> event(text.formatted(value)).externalId())
            .distinct()
            .count());
  }

  @Test
  void commentsDoNotCountForTheIdentifier() {
    assertEquals(
        event(Events.ALONE).externalId(),
        event(Events.ALONE.replaceFirst("\"action\"", "\"rdfs:comment\": \"x\", \"action\""))
            .externalId());
  }

  @Test
  void theNameOfAPrefixDoesNotCount() {
    String text = Events.ALONE.replaceFirst("\"action\"", "\"example:x\": \"1\", \"action\"");
    assertEquals(
        event(text).externalId(), event(text.replace("\"example", "\"other")).externalId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type | 1 | /type",
        "type | \"Event\" | /type",
        "eventTime | \"2026-03-02T09:15:00\" | /eventTime",
        "eventTime | \"2026-03-02 09:15:00Z\" | /eventTime",
        "eventTime | \"2016-12-31T23:59:60Z\" | /eventTime",
        "eventTime | 1 | /eventTime",
        "eventTimeZoneOffset | \"+8:00\" | /eventTimeZoneOffset",
        "eventTimeZoneOffset | \"+14:30\" | /eventTimeZoneOffset",
        "eventID | \"no uri\" | /eventID",
        "action | \"add\" | /action",
        "bizStep | \"shiping\" | /bizStep",
        "bizStep | \"urn:epcglobal:cbv:bizstep:shipping\" | /bizStep",
        "disposition | \"sold\" | /disposition",
        "epcList | \"urn:epc:id:sgtin:4012345.012345.12\" | /epcList",
        "epcList | [1] | /epcList/0",
        "epcList | [\"urn:a:b\",\"urn:a:b\"] | /epcList",
        "quantityList | [{}] | /quantityList/0",
        "quantityList | [{\"epcClass\":\"urn:a:b\",\"quantity\":\"1\"}] | /quantityList/0/quantity",
        "quantityList | [{\"epcClass\":\"urn:a:b\",\"uom\":\"kg\"}] | /quantityList/0/uom",
        "readPoint | \"urn:a:b\" | /readPoint",
        "readPoint | {} | /readPoint",
        "persistentDisposition | {} | /persistentDisposition",
        "bizTransactionList | [{\"type\":\"po\"}] | /bizTransactionList/0",
        "sourceList | [{\"source\":\"urn:a:b\"}] | /sourceList/0",
        "destinationList | [{\"type\":\"owner\",\"destination\":\"urn:a:b\"}]"
            + " | /destinationList/0/type",
        "sensorElementList | [{\"sensorReport\":[]}] | /sensorElementList/0/sensorReport",
        "sensorElementList | [{\"sensorReport\":[{\"type\":\"Heat\"}]}]"
            + " | /sensorElementList/0/sensorReport/0/type",
        "errorDeclaration | {} | /errorDeclaration",
        "ilmd | {\"lot\":1} | /ilmd",
        "certificationInfo | 1 | /certificationInfo",
        "other:x | 1 | /other:x",
        "childEPCs | [] | ''"
      })
  void aRefusalNamesThePlace(String name, String value, String pointer) {
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, capture(Events.with(name, value)));
    assertEquals("/epcisBody/eventList/0" + pointer, rejected.refusal().location());
    assertTrue(rejected.refusal().reason().matches("Expected .*, but .*"), rejected.toString());
  }

  @Test
  void itemDataBelongToAnEventThatAddsItems() {
    String ilmd = Events.with("ilmd", "{\"example:lot\":\"1\"}");
    assertInstanceOf(Capture.Events.class, capture(ilmd));
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, capture(ilmd.replace("ADD", "OBSERVE")));
    assertEquals("/epcisBody/eventList/0/action", rejected.refusal().location());
  }

  @Test
  void aDocumentNeedsTheContextOfEpcis() {
    for (String context : new String[] {"[]", "{}", "\"https://example.com/other.jsonld\""}) {
      String text =
          Events.WITH_EXTENSION
              .formatted("1")
              .replaceFirst("(?s)\"@context\": \\[.*?\\}\\]", "\"@context\": " + context);
      Capture.Rejected rejected = assertInstanceOf(Capture.Rejected.class, capture(text));
      assertEquals("/@context", rejected.refusal().location());
    }
  }

  @Test
  void anEventInADocumentMayDeclareNamespacesOfItsOwn() {
    String text = Events.with("own:x", "1");
    assertInstanceOf(Capture.Rejected.class, capture(text));
    assertInstanceOf(
        Capture.Events.class,
        capture(
            text.replaceFirst(
                "\"own:x\"", "\"@context\": [{\"own\": \"https://own.example/\"}], \"own:x\"")));
  }

  @Test
  void oneThousandEventsAreTakenAndOneMoreIsNot() {
    String template = Events.ALONE.substring(1, Events.ALONE.length() - 1);
    String event = "{" + template.substring(template.indexOf("\"type\"")) + "}";
    String list =
        IntStream.range(0, EpcisAdapter.MAX_EVENTS)
            .mapToObj(i -> event.replace("012345.12", "012345.X" + i))
            .collect(Collectors.joining(","));
    String document = Events.WITH_EXTENSION.replaceFirst("(?s)\\[\\{\"type\".*", "[");
    assertEquals(EpcisAdapter.MAX_EVENTS, events(document + list + "]}}").size());
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, capture(document + list + "," + event + "]}}"));
    assertEquals(Capture.LIMIT_EXCEEDED, rejected.refusal().code());
    assertEquals("/epcisBody/eventList", rejected.refusal().location());
  }

  @Test
  void aDocumentOfVersionOneIsRefused() {
    Capture.Rejected rejected =
        assertInstanceOf(
            Capture.Rejected.class,
            capture(Events.WITH_EXTENSION.formatted("1").replace("\"2.0\"", "\"1.2\"")));
    assertEquals("/schemaVersion", rejected.refusal().location());
  }

  @Test
  void aSingleEventIsNoDocumentAndTheOtherWayRound() {
    assertInstanceOf(Capture.Rejected.class, capture(Events.ALONE));
    refused(Events.EVERY_TYPE);
    refused(Events.ALONE.replaceFirst("\"@context\"", "\"example:context\""));
  }

  @Test
  void theTextOfARecordHoldsNoValues() {
    String text = event(Events.ALONE).toString();
    assertFalse(text.contains("4012345"), text);
  }

  private List<CanonicalRecord> events(String text) {
    return assertInstanceOf(Capture.Events.class, capture(text)).records();
  }

  private Capture capture(String text) {
    return adapter.capture(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private CanonicalRecord event(String text) {
    return assertInstanceOf(Canonical.class, canonicalise(text)).record();
  }

  private void refused(String text) {
    assertInstanceOf(Refused.class, canonicalise(text));
  }

  private Canonicalisation canonicalise(String text) {
    Bytes content = Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    return adapter.canonicalise(new RawMessage(Inlet.EPCIS, content, "192.0.2.1"));
  }
}
