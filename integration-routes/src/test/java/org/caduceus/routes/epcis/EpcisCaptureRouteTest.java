package org.caduceus.routes.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.adapters.epcis.EpcisAdapter;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.MessageJournal.Message;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The capture interface of EPCIS 2.0 section 12 through the real routes, before a fake ledger. */
class EpcisCaptureRouteTest {
  private static final String CONTEXT =
      "\"@context\": \"https://ref.gs1.org/standards/epcis/epcis-context.jsonld\"";
  private static final Submission SUBMISSION = new Submission("pharmacist", "192.0.2.1");

  private final FakeLedger ledger = new FakeLedger();
  private DefaultCamelContext context;
  private ProducerTemplate producer;

  @BeforeEach
  void start() throws Exception {
    start(ledger);
  }

  private void start(FakeLedger behind) throws Exception {
    context = new DefaultCamelContext();
    context.disableJMX();
    context.addRoutes(new EpcisCaptureRoute(behind, behind));
    context.start();
    producer = context.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aDocumentIsAcceptedWhenAllItsEventsAreDurable() {
    Answer answer = capture(document(event("1"), event("2")));

    assertEquals(202, answer.status());
    assertTrue(answer.location().orElseThrow().startsWith("/epcis/capture/"));
    assertEquals(2, ledger.taken.size());
    assertEquals(List.of(SUBMISSION), ledger.submissions);
  }

  @Test
  void itsJobIsFinishedAndSuccessful() throws Exception {
    Answer captured = capture(document(event("1")));

    Answer answer = job(captured.location().orElseThrow());

    assertEquals(200, answer.status());
    assertEquals("application/json", answer.contentType());
    JsonNode job = body(answer);
    assertTrue(captured.location().get().endsWith(job.path("captureID").asText()));
    assertTrue(job.path("success").asBoolean());
    assertFalse(job.path("running").asBoolean(true));
    assertEquals("rollback", job.path("captureErrorBehaviour").asText());
    assertTrue(job.path("errors").isArray());
    assertTrue(job.path("createdAt").asText().compareTo(job.path("finishedAt").asText()) <= 0);
  }

  @Test
  void itsJobOutlivesTheMemoryOfTheRoute() throws Exception {
    Answer captured = capture(document(event("1"), event("2")));
    context.stop();
    start(ledger);

    Answer answer = job(captured.location().orElseThrow());

    assertEquals(200, answer.status());
    assertEquals("1970-01-01T00:00:01Z", body(answer).path("finishedAt").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "unknown", "dXJuOng.0011", "%%%.1", "gICA.1"})
  void aJobThatNeverWasIsNotFound(String id) throws Exception {
    Answer answer = job("/epcis/capture/" + id);

    assertEquals(404, answer.status());
    assertEquals("epcisException:NoSuchResourceException", body(answer).path("type").asText());
  }

  @Test
  void theSameDocumentAgainIsAnsweredTheSame() {
    Answer first = capture(document(event("1"), event("2")));
    Answer second = capture(document(event("1"), event("2")));

    assertEquals(first, second);
    assertEquals(2, ledger.taken.size());
  }

  @Test
  void anEmptyDocumentIsAccepted() throws Exception {
    Answer answer = capture(document());

    assertEquals(202, answer.status());
    assertEquals(200, job(answer.location().orElseThrow()).status());
    assertEquals(List.of(), ledger.submissions);
  }

  @Test
  void oneInvalidEventRefusesTheWholeDocumentAndNamesThePlace() throws Exception {
    String secret = "urn:patient:ZhangSan";
    Answer answer =
        capture(document(event("1"), event("2").replace("\"OBSERVE\"", "\"" + secret + "\"")));

    assertProblem(answer, 400, "ValidationException");
    JsonNode body = body(answer);
    assertEquals("#/epcisBody/eventList/1/action", body.at("/errors/0/pointer").asText());
    assertTrue(body.path("detail").asText().startsWith("Expected"));
    assertFalse(answer.body().contains(secret));
    assertEquals(0, ledger.taken.size());
    Message line = ledger.lines.getFirst();
    assertEquals(Outcome.REFUSED, line.outcome());
    assertEquals("ValidationException", line.code());
    assertEquals("/epcisBody/eventList/1/action", line.location());
    assertFalse(line.toString().contains(secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "", "null", "[]", "{\"type\":\"EPCISDocument\"}", "{} {}", "NaN"})
  void whatIsNoDocumentIsRefused(String body) throws Exception {
    assertProblem(capture(body), 400, "ValidationException");
    assertProblem(captureOne(body), 400, "ValidationException");
  }

  @Test
  void oneEventIsCreatedAtItsAddress() {
    Answer answer = captureOne(alone(event("a b")));

    assertEquals(201, answer.status());
    assertEquals(
        "/epcis/events/urn%3Auuid%3Aa%2520b", answer.location().orElseThrow(), "escaped once more");
  }

  @Test
  void anEventWithoutIdentifierGetsTheOneOfItsContent() {
    Answer answer = captureOne(alone(event("1").replaceFirst("\"eventID\":[^,]*,", "")));

    assertEquals(201, answer.status());
    assertTrue(
        answer.location().orElseThrow().startsWith("/epcis/events/ni%3A%2F%2F%2Fsha-256%3B"));
  }

  @Test
  void anErrorDeclarationStandsBesideItsEvent() {
    String event = event("1");
    String error =
        event.replace(
            "\"action\"",
            "\"errorDeclaration\":{\"declarationTime\":\"2026-03-02T00:00:00Z\"},\"action\"");

    Answer first = captureOne(alone(event));
    Answer second = captureOne(alone(error));

    assertEquals(201, second.status());
    assertEquals(first.location(), second.location());
    assertEquals(2, ledger.taken.size());
  }

  @Test
  void anotherEventUnderAKnownIdentifierIsAConflict() throws Exception {
    captureOne(alone(event("1")));

    Answer answer = captureOne(alone(event("1").replace("OBSERVE", "ADD")));

    assertProblem(answer, 409, "ResourceAlreadyExistsException");
    assertEquals(Outcome.DECLINED, ledger.lines.getLast().outcome());
    assertEquals("CONFLICT", ledger.lines.getLast().code());
  }

  @Test
  void twoContentsUnderOneIdentifierInOneDocumentAreRefused() throws Exception {
    Answer answer = capture(document(event("1"), event("1").replace("OBSERVE", "ADD")));

    assertProblem(answer, 400, "ValidationException");
    assertEquals("#/epcisBody/eventList/1/eventID", body(answer).at("/errors/0/pointer").asText());
  }

  @Test
  void anEventThatStandsTwiceInADocumentIsOneEntry() {
    assertEquals(202, capture(document(event("1"), event("1"))).status());
    assertEquals(1, ledger.taken.size());
  }

  @ParameterizedTest
  @EnumSource(
      value = Receipt.Cause.class,
      names = {"POOL_FULL", "ENCLAVE_UNAVAILABLE", "STORAGE_UNAVAILABLE"})
  void whatPassesWithTimeIsServiceUnavailable(Receipt.Cause cause) throws Exception {
    ledger.down = Optional.of(cause);

    assertProblem(capture(document(event("1"))), 503, "ImplementationException");
    assertProblem(captureOne(alone(event("1"))), 503, "ImplementationException");
    assertEquals(cause.name(), ledger.lines.getFirst().code());
    assertEquals("epcis.object", ledger.lines.getFirst().kind());
  }

  @Test
  void whatIsTooLargeToSealIsTooLarge() throws Exception {
    ledger.down = Optional.of(Receipt.Cause.TOO_LARGE);

    assertProblem(capture(document(event("1"))), 413, "CaptureLimitExceededException");
  }

  @Test
  void tooManyEventsAreTooLarge() throws Exception {
    String[] events =
        IntStream.rangeClosed(0, EpcisAdapter.MAX_EVENTS)
            .mapToObj(i -> event("" + i))
            .toArray(String[]::new);

    assertProblem(capture(document(events)), 413, "CaptureLimitExceededException");
  }

  @Test
  void anEndlessBodyIsCutOffAndTooLarge() throws Exception {
    InputStream endless =
        new InputStream() {
          private long read;

          @Override
          public int read() {
            return read(new byte[1], 0, 1) < 0 ? -1 : ' ';
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) ' ');
            read += length;
            if (read > EpcisAdapter.MAX_BYTES + 65_536L) {
              throw new AssertionError("Expected to stop reading at the limit");
            }
            return length;
          }
        };

    Answer answer =
        producer.requestBody(
            "direct:epcis-capture",
            new CaptureRequest("application/json", endless, SUBMISSION),
            Answer.class);

    assertProblem(answer, 413, "CaptureLimitExceededException");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json,202",
    "application/ld+json,202",
    "Application/JSON; charset=UTF-8,202",
    "application/json;charset=\"utf-8\",202",
    "application/json;charset=gbk,415",
    "application/xml,400",
    "text/plain,415",
    "application/x-www-form-urlencoded,415",
    "'',415",
    ";,415"
  })
  void aDocumentInJsonIsTakenAsJson(String contentType, int status) {
    Answer answer = ask("direct:epcis-capture", contentType, document(event("1")));

    assertEquals(status, answer.status());
  }

  @ParameterizedTest
  @CsvSource({
    "application/xml,202",
    "text/xml,202",
    "Application/XML; charset=UTF-8,202",
    "text/xml;charset=\"utf-8\",202",
    "application/xml; charset=utf-16,415",
    "text/xml; charset=gb18030,415",
    "application/epcis+xml,415",
    "application/json,400"
  })
  void aDocumentInXmlIsTakenAsXml(String contentType, int status) throws Exception {
    Answer answer = ask("direct:epcis-capture", contentType, xml("2", "2.0"));

    assertEquals(status, answer.status());
    assertEquals(status == 202 ? 1 : 0, ledger.taken.size());
    if (status != 202) {
      assertProblem(
          answer, status, status == 415 ? "UnsupportedMediaTypeException" : "ValidationException");
    }
  }

  @Test
  void aDocumentOfVersion1IsTakenInXml() throws Exception {
    Answer answer = ask("direct:epcis-capture", "application/xml", xml("1", "1.2"));

    assertEquals(202, answer.status());
    assertEquals(200, job(answer.location().orElseThrow()).status());
    assertEquals("shipping", ledger.taken.values().iterator().next().metadata().get("bizStep"));
  }

  @Test
  void theSameEventInBothBindingsIsOneEntry() {
    capture(document(event("1").replaceFirst("\"eventID\":[^,]*,", "")));
    Answer answer = ask("direct:epcis-capture", "text/xml", xml("2", "2.0"));

    assertEquals(202, answer.status());
    assertEquals(1, ledger.taken.size(), ledger.taken.keySet().toString());
  }

  @Test
  void anInvalidEventInXmlIsRefusedWithItsPlace() throws Exception {
    String secret = "urn:patient:ZhangSan";
    Answer answer =
        ask("direct:epcis-capture", "application/xml", xml("2", "2.0").replace("OBSERVE", secret));

    assertProblem(answer, 400, "ValidationException");
    assertEquals("#/epcisBody/eventList/0/action", body(answer).at("/errors/0/pointer").asText());
    assertFalse(answer.body().contains(secret));
    assertEquals(Outcome.REFUSED, ledger.lines.getFirst().outcome());
    assertFalse(ledger.lines.toString().contains(secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<", "<a/>", "{}", "<!DOCTYPE d [<!ENTITY e \"x\">]><a>&e;</a>"})
  void whatIsNoXmlDocumentIsRefused(String body) throws Exception {
    assertProblem(ask("direct:epcis-capture", "application/xml", body), 400, "ValidationException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/xml", "text/xml", "text/plain", "application/json;charset=x"})
  void oneEventIsTakenInJsonOnly(String contentType) throws Exception {
    Answer answer = ask("direct:epcis-event", contentType, xml("2", "2.0"));

    assertProblem(answer, 415, "UnsupportedMediaTypeException");
    assertTrue(body(answer).path("detail").asText().contains("POST /epcis/capture"));
    assertEquals(0, ledger.taken.size());
  }

  @Test
  void aBodyThatBreaksOffLeavesNothingAndReachesTheCaller() {
    String start = document(event("1"));
    for (String endpoint : List.of("direct:epcis-capture", "direct:epcis-event")) {
      InputStream broken =
          new FilterInputStream(
              new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8), 0, 100)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
              int count = super.read(into, offset, length);
              if (count < 0) {
                throw new IOException("the client hung up");
              }
              return count;
            }
          };
      CamelExecutionException failure =
          assertThrows(
              CamelExecutionException.class,
              () ->
                  producer.requestBody(
                      endpoint, new CaptureRequest("application/json", broken, SUBMISSION)));
      assertInstanceOf(IOException.class, failure.getCause());
    }
    assertEquals(List.of(), ledger.submissions);
    assertEquals(List.of(), ledger.lines);
  }

  @Test
  void thePayloadOfAnEventIsADocumentOfItsOwn() {
    capture(document(event("1")));
    CanonicalRecord record = ledger.taken.values().iterator().next();
    ledger.taken.clear();

    String payload = new String(record.payload().toArray(), StandardCharsets.UTF_8);

    assertEquals(201, captureOne(payload).status());
    assertEquals(record.payload(), ledger.taken.values().iterator().next().payload());
  }

  private Answer capture(String body) {
    return ask("direct:epcis-capture", "application/json", body);
  }

  private Answer captureOne(String body) {
    return ask("direct:epcis-event", "application/ld+json", body);
  }

  private Answer ask(String endpoint, String contentType, String body) {
    InputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    return producer.requestBody(
        endpoint, new CaptureRequest(contentType, in, SUBMISSION), Answer.class);
  }

  private Answer job(String location) {
    String id = location.substring("/epcis/capture/".length());
    return producer.requestBody("direct:epcis-job", new JobRequest(id, SUBMISSION), Answer.class);
  }

  private static void assertProblem(Answer answer, int status, String exception) throws Exception {
    assertEquals(status, answer.status(), answer.body());
    assertEquals("application/problem+json", answer.contentType());
    assertEquals("epcisException:" + exception, body(answer).path("type").asText());
    assertEquals(status, body(answer).path("status").asInt());
    assertFalse(body(answer).path("title").asText().isEmpty());
    assertTrue(answer.location().isEmpty());
  }

  private static JsonNode body(Answer answer) throws Exception {
    return new JsonMapper().readTree(answer.body());
  }

  private static String document(String... events) {
    String list =
        IntStream.range(0, events.length).mapToObj(i -> events[i]).collect(Collectors.joining(","));
    return "{"
        + CONTEXT
        + ",\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\","
        + "\"creationDate\":\"2026-03-01T08:00:00Z\",\"epcisBody\":{\"eventList\":["
        + list
        + "]}}";
  }

  private static String alone(String event) {
    return "{" + CONTEXT + "," + event.substring(1);
  }

  private static String event(String id) {
    return "{\"type\":\"ObjectEvent\",\"eventID\":\"urn:uuid:"
        + id.replace(" ", "%20")
        + "\","
        + "\"eventTime\":\"2026-03-01T08:00:00.000+08:00\",\"eventTimeZoneOffset\":\"+08:00\","
        + "\"epcList\":[\"urn:epc:id:sgtin:6912345.012345.77\"],\"action\":\"OBSERVE\","
        + "\"bizStep\":\"shipping\",\"disposition\":\"in_transit\"}";
  }

  /** The event of {@link #event} without its identifier, as a document of XML. */
  private static String xml(String namespace, String version) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:%s" schemaVersion="%s"
            creationDate="2026-03-01T08:00:00Z"><EPCISBody><EventList><ObjectEvent>
        <eventTime>2026-03-01T08:00:00.000+08:00</eventTime>
        <eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
        <epcList><epc>urn:epc:id:sgtin:6912345.012345.77</epc></epcList>
        <action>OBSERVE</action>
        <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>
        <disposition>urn:epcglobal:cbv:disp:in_transit</disposition>
        </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>
        """
        .formatted(namespace, version);
  }
}
