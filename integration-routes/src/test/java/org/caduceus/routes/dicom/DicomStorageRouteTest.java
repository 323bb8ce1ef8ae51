package org.caduceus.routes.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.Submission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests as STOW-RS clients send them, through the real route, into an intake in memory. */
class DicomStorageRouteTest {
  private static final String FILES =
      "multipart/related; type=\"application/dicom\"; boundary=\"b 1\"";
  private static final String ONE = "1.2.826.0.1.3680043.10.2.1";
  private static final String TWO = "1.2.826.0.1.3680043.10.2.2";

  private final FakeIntake intake = new FakeIntake();
  private DefaultCamelContext context;
  private ProducerTemplate producer;

  @BeforeEach
  void start() throws Exception {
    context = new DefaultCamelContext();
    context.disableJMX();
    context.addRoutes(new DicomStorageRoute(intake, intake));
    context.start();
    producer = context.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void storesEachInstanceOfARequest() {
    Answer answer = send(FILES, multipart(SampleInstance.file(ONE), SampleInstance.file(TWO)));
    assertEquals(200, answer.status());
    assertEquals("application/dicom+json", answer.contentType());
    JsonNode stored = tree(answer).at("/00081199/Value");
    assertEquals(2, stored.size());
    assertEquals(ONE, stored.at("/0/00081155/Value/0").asText());
    assertEquals(SampleInstance.SOP_CLASS, stored.at("/0/00081150/Value/0").asText());
    assertEquals(TWO, stored.at("/1/00081155/Value/0").asText());
    assertFalse(tree(answer).has("00081198"));
    assertEquals(2, intake.accepted.size());
    assertEquals("stow|radiology", intake.accepted.get(0).sender());
    assertTrue(intake.notTaken.isEmpty());
  }

  @Test
  void answersARepetitionAsTheFirstTime() {
    byte[] body = multipart(SampleInstance.file(ONE));
    Answer first = send(FILES, body);
    assertEquals(first, send(FILES, body));
    assertEquals(1, intake.accepted.size());
  }

  @Test
  void refusesTheSameInstanceWithOtherContent() {
    send(FILES, multipart(SampleInstance.file(ONE)));
    Answer answer = send(FILES, multipart(SampleInstance.file(ONE, SampleInstance.STUDY, 66)));
    assertEquals(409, answer.status());
    assertEquals(0x0111, tree(answer).at("/00081198/Value/0/00081197/Value/0").asInt());
    assertEquals(
        "dicom.instance|" + ONE + "|DECLINED|CONFLICT||Expected the same content as before",
        intake.notTaken.get(0));
  }

  @Test
  void aBrokenInstanceStopsNoOther() {
    byte[] broken = Arrays.copyOf(SampleInstance.file(TWO), 420);
    Answer answer = send(FILES, multipart(broken, SampleInstance.file(ONE)));
    assertEquals(202, answer.status());
    assertEquals(ONE, tree(answer).at("/00081199/Value/0/00081155/Value/0").asText());
    assertEquals(TWO, tree(answer).at("/00081198/Value/0/00081155/Value/0").asText());
    assertEquals(0xC000, tree(answer).at("/00081198/Value/0/00081197/Value/0").asInt());
    assertFalse(intake.notTaken.toString().contains("SECRET"));
  }

  @Test
  void whatNamesNoInstanceIsAnotherFailure() {
    Answer answer = send(FILES, multipart("hello".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(409, answer.status());
    assertEquals(0xC000, tree(answer).at("/0008119A/Value/0/00081197/Value/0").asInt());
    assertFalse(tree(answer).has("00081198"));
  }

  @Test
  void takesOnlyTheStudyOfThePath() {
    byte[] body = multipart(SampleInstance.file(ONE), SampleInstance.file(TWO, "1.2.3", 64));
    Answer answer = send(Optional.of(SampleInstance.STUDY), FILES, "", stream(body));
    assertEquals(202, answer.status());
    assertEquals(0xA901, tree(answer).at("/00081198/Value/0/00081197/Value/0").asInt());
    assertEquals(1, intake.accepted.size());
    assertEquals(400, send(Optional.of("1..2"), FILES, "", stream(body)).status());
  }

  @Test
  void aShortageIsWorthAnotherTry() {
    intake.declining = Optional.of(Receipt.Cause.POOL_FULL);
    Answer answer = send(FILES, multipart(SampleInstance.file(ONE)));
    assertEquals(503, answer.status());
    assertEquals(0xA700, tree(answer).at("/00081198/Value/0/00081197/Value/0").asInt());
    intake.declining = Optional.of(Receipt.Cause.TOO_LARGE);
    assertEquals(409, send(FILES, multipart(SampleInstance.file(ONE))).status());
  }

  @Test
  void takesASingleFileAsTheBody() {
    assertEquals(200, send("application/dicom", SampleInstance.file(ONE)).status());
    assertEquals(1, intake.accepted.size());
  }

  @Test
  void takesMetadataWithItsBulkData() {
    String type = "multipart/related; type=\"application/dicom+json\"; boundary=X";
    String metadata =
        "--X\r\nContent-Type: application/dicom+json\r\n\r\n[" + SampleInstance.json(ONE) + "]\r\n";
    String bulk =
        "--X\r\nContent-Type: application/octet-stream\r\nContent-Location: pixels\r\n\r\n";
    assertEquals(200, send(type, bytes(metadata + bulk + "abcd\r\n--X--")).status());
    assertEquals(200, send(type, bytes(metadata + bulk + "abcd\r\n--X--")).status());
    assertEquals(409, send(type, bytes(metadata + bulk + "abce\r\n--X--")).status());
    assertEquals(409, send(type, bytes(metadata + "--X--")).status());
    assertEquals(1, intake.accepted.size());
    String payload = new String(intake.accepted.get(0).payload().toArray(), StandardCharsets.UTF_8);
    assertTrue(payload.contains("?length=4\""), payload);
  }

  @Test
  void takesMetadataAsTheBody() {
    String json = SampleInstance.json(ONE).replace("\"BulkDataURI\":\"pixels\"", "\"Value\":[]");
    json = json.replace("\"vr\":\"OW\",\"Value\":[]", "\"vr\":\"OW\"");
    Answer answer = send("application/dicom+json; charset=utf-8", bytes(json));
    assertEquals(200, answer.status(), answer.body());
    assertEquals(400, send("application/dicom+json", bytes(json + "]")).status());
    assertEquals(400, send("application/dicom+json", bytes("[]")).status());
  }

  @Test
  void refusesWhatIsNoStoreRequest() {
    byte[] body = multipart(SampleInstance.file(ONE));
    assertEquals(415, send("text/plain", body).status());
    assertEquals(415, send("", body).status());
    assertEquals(
        415, send("multipart/related; type=\"application/dicom+xml\"; boundary=x", body).status());
    assertEquals(400, send("multipart/related; type=\"application/dicom\"", body).status());
    assertEquals(400, send(FILES, bytes("--b 1--")).status());
    assertEquals(400, send(FILES, bytes("no boundary at all")).status());
    assertEquals(
        406, send(Optional.empty(), FILES, "application/dicom+xml", stream(body)).status());
    assertEquals(
        200,
        send(Optional.empty(), FILES, "text/html, application/*;q=0.1", stream(body)).status());
  }

  @Test
  void whatWasStoredBeforeTheBodyBrokeOffIsAnswered() {
    byte[] body = multipart(SampleInstance.file(ONE), SampleInstance.file(TWO));
    Answer answer = send(FILES, Arrays.copyOf(body, body.length - 100));
    assertEquals(202, answer.status());
    assertEquals(ONE, tree(answer).at("/00081199/Value/0/00081155/Value/0").asText());
    assertEquals(0xC000, tree(answer).at("/0008119A/Value/0/00081197/Value/0").asInt());
    assertEquals(1, intake.accepted.size());
  }

  @Test
  void whatWasStoredBeforeTheBodyGrewTooLargeIsAnswered() {
    byte[] body = multipart(SampleInstance.file(ONE), SampleInstance.file(TWO));
    Answer answer = send(Optional.empty(), FILES, "", tooLarge(body, body.length - 100));
    assertEquals(202, answer.status());
    assertEquals(1, tree(answer).at("/00081199/Value").size());
    assertEquals(ONE, tree(answer).at("/00081199/Value/0/00081155/Value/0").asText());
    assertEquals(0xA700, tree(answer).at("/0008119A/Value/0/00081197/Value/0").asInt());
    assertEquals(1, intake.accepted.size());
    assertEquals(
        "||REFUSED|A700||Expected a body of at most 1000 bytes, but more came",
        intake.notTaken.get(0));
  }

  @Test
  void whatWasRefusedBeforeTheBodyGrewTooLargeIsAnsweredToo() {
    byte[] body = multipart(bytes("hello"), SampleInstance.file(TWO));
    Answer answer = send(Optional.empty(), FILES, "", tooLarge(body, body.length - 100));
    assertEquals(409, answer.status());
    assertEquals(2, tree(answer).at("/0008119A/Value").size());
    assertTrue(intake.accepted.isEmpty());
  }

  @Test
  void aBodyThatIsTooLargeForItsFirstInstanceReachesTheCaller() {
    byte[] file = SampleInstance.file(ONE);
    for (String type : new String[] {FILES, "application/dicom", "application/dicom+json"}) {
      byte[] body =
          type.equals(FILES)
              ? multipart(file)
              : type.equals("application/dicom") ? file : bytes(SampleInstance.json(ONE));
      CamelExecutionException failure =
          assertThrows(
              CamelExecutionException.class,
              () -> send(Optional.empty(), type, "", tooLarge(body, body.length - 50)));
      assertInstanceOf(BodyTooLarge.class, failure.getCause());
    }
    assertTrue(intake.accepted.isEmpty());
    assertEquals(3, intake.notTaken.size());
  }

  @Test
  void aTransportFailureReachesTheCaller() throws IOException {
    InputStream broken = InputStream.nullInputStream();
    broken.close();
    byte[] start = Arrays.copyOf(multipart(SampleInstance.file(ONE)), 300);
    assertThrows(
        CamelExecutionException.class,
        () -> send(Optional.empty(), FILES, "", new SequenceInputStream(stream(start), broken)));
    assertTrue(intake.accepted.isEmpty());
  }

  private Answer send(String type, byte[] body) {
    return send(Optional.empty(), type, "application/dicom+json", stream(body));
  }

  private Answer send(Optional<String> study, String type, String accept, InputStream body) {
    return producer.requestBody(
        "direct:dicom-stow",
        new StoreRequest(study, type, accept, body, new Submission("radiology", "192.0.2.7")),
        Answer.class);
  }

  private static byte[] multipart(byte[]... files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] file : files) {
      out.writeBytes(bytes("--b 1\r\nContent-Type: application/dicom\r\n\r\n"));
      out.writeBytes(file);
      out.writeBytes(bytes("\r\n"));
    }
    out.writeBytes(bytes("--b 1--\r\n"));
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** So many bytes of a body, then the end of what the node takes. */
  private static InputStream tooLarge(byte[] body, int bytes) {
    return new SequenceInputStream(
        stream(Arrays.copyOf(body, bytes)),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new BodyTooLarge(1_000);
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        });
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static JsonNode tree(Answer answer) {
    try {
      return new ObjectMapper().readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
