package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.load.SampleMessages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad input against a whole node: the answer is clear and in the standard's own words, nothing of
 * it is stored, no stack trace reaches the sender, and the node goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final String SQL = "x'); DROP TABLE record; --";

  private final MemberHome hospital =
      SharedConsortium.get().installation().memberHome(SharedConsortium.HOSPITAL);
  private final NodeClient client = new NodeClient(hospital);
  private long accepted;
  private long logLength;

  @BeforeAll
  void rememberWhereTheLogEnds() throws IOException {
    logLength = Files.size(hospital.log());
  }

  @BeforeEach
  void countWhatIsThere() throws IOException {
    accepted = newestAccepted();
  }

  @AfterEach
  void theNodeGoesOn() throws IOException {
    String id = "AFTER" + System.nanoTime();
    try (MllpClient mllp = new MllpClient(hospital.ports().mllp(), 20_000)) {
      assertEquals("AA", mllp.exchange(new SampleMessages(new Random(1)).admission(id)).code(), id);
    }
    assertTrue(
        Pause.until(() -> isFinal(id), Duration.ofSeconds(30), 100),
        "what comes after becomes final");
  }

  @AfterAll
  void noStackTraceOfAnythingStandsInTheLog() throws IOException {
    List<String> traces = new ArrayList<>();
    try (InputStream log = Files.newInputStream(hospital.log())) {
      log.skipNBytes(logLength);
      new String(log.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.matches("\\s+at [\\w.$/]+\\(.*\\)"))
          .limit(20)
          .forEach(traces::add);
    }
    assertEquals(List.of(), traces);
  }

  // ---- HL7 ------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "no such character set,   MSH|^~\\&|A|B|C|D|20260901||ADT^A01^ADT_A01|@|P|2.5.1||||||KLINGON, AE, 103^Table value not found",
    "no such version,         MSH|^~\\&|A|B|C|D|20260901||ADT^A01^ADT_A01|@|P|9.9,                AR, 203^Unsupported version id",
    "no such processing id,   MSH|^~\\&|A|B|C|D|20260901||ADT^A01^ADT_A01|@|X|2.5.1,              AR, 202^Unsupported processing id",
    "no patient,              MSH|^~\\&|A|B|C|D|20260901||ADT^A01^ADT_A01|@|P|2.5.1\rEVN|A01,     AE, 100^Segment sequence error"
  })
  void aMessageThatBreaksHl7IsRefusedInHl7sWords(
      String fault, String message, String code, String error) throws IOException {
    String id = "BAD" + System.nanoTime();
    try (MllpClient mllp = new MllpClient(hospital.ports().mllp(), 20_000)) {
      MllpClient.Acknowledgement answer =
          mllp.exchange(
              message.replace("@", id).replace("\\r", "\r").getBytes(StandardCharsets.UTF_8));
      assertEquals(code, answer.code(), fault + ": " + answer.text());
      assertEquals(id, answer.controlId(), fault);
      assertTrue(answer.text().contains(error), fault + ": " + answer.text());
      assertFalse(answer.text().contains("Exception"), answer.text());
    }
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void aHalfFrameIsNotAnswered() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hospital.ports().mllp())) {
      socket.getOutputStream().write("\u000bMSH|^~\\&|A|B".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(20_000);
      assertEquals(-1, socket.getInputStream().read(), "closed without an answer");
    }
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void aFrameBeyondTheLimitIsRefusedBeforeItsEnd() throws IOException {
    byte[] block = new byte[1 << 20];
    java.util.Arrays.fill(block, (byte) 'A');
    StringBuilder answer = new StringBuilder();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hospital.ports().mllp())) {
      socket.setSoTimeout(20_000);
      try {
        socket
            .getOutputStream()
            .write(
                "\u000bMSH|^~\\&|A|B|C|D|20260901||ADT^A01^ADT_A01|HUGE|P|2.5.1\rNTE|1||"
                    .getBytes(StandardCharsets.US_ASCII));
        for (int mib = 0; mib < 40; mib++) {
          socket.getOutputStream().write(block);
        }
      } catch (IOException refused) {
        // The node closes when the limit is passed.
      }
      readAll(socket.getInputStream(), answer);
    }
    assertTrue(answer.isEmpty() || answer.indexOf("MSA|A") > 0, answer::toString);
    assertFalse(answer.indexOf("MSA|AA") > 0, answer::toString);
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void pipelinedFramesAreAllAnsweredInOrderGoodAndBad() throws IOException {
    SampleMessages messages = new SampleMessages(new Random(2));
    StringBuilder expected = new StringBuilder();
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      String id = "PIPE" + System.nanoTime() + "-" + i;
      boolean good = i % 3 != 1;
      all.write(0x0b);
      all.write(
          good
              ? messages.admission(id)
              : ("MSH|^~\\&|A|B|C|D|2026||ADT^A01^ADT_A01|" + id + "|P|9.9\r")
                  .getBytes(StandardCharsets.US_ASCII));
      all.write(0x1c);
      all.write(0x0d);
      expected.append(good ? "AA|" : "AR|").append(id).append(' ');
    }
    StringBuilder answers = new StringBuilder();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hospital.ports().mllp())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(all.toByteArray());
      socket.shutdownOutput();
      readAll(socket.getInputStream(), answers);
    }
    StringBuilder got = new StringBuilder();
    for (String segment : answers.toString().split("\r")) {
      if (segment.startsWith("MSA|")) {
        String[] fields = segment.split("\\|");
        got.append(fields[1]).append('|').append(fields[2]).append(' ');
      }
    }
    assertEquals(expected.toString(), got.toString());
  }

  @Test
  void sqlInEveryFieldIsOnlyText() throws IOException {
    String id = "SQL'" + System.nanoTime() + "--";
    StringBuilder message =
        new StringBuilder("MSH|^~\\&|")
            .append(String.join("|", SQL, SQL, SQL, SQL))
            .append("|20260901||ADT^A01^ADT_A01|")
            .append(id)
            .append("|P|2.5.1\rEVN|A01|20260901\rPID|1||")
            .append(SQL)
            .append("^^^")
            .append("HOSP");
    for (int field = 4; field <= 30; field++) {
      message.append('|').append(field == 7 || field == 8 ? "" : SQL);
    }
    message.append("\rPV1|1|I|").append(SQL).append("\r");
    try (MllpClient mllp = new MllpClient(hospital.ports().mllp(), 20_000)) {
      MllpClient.Acknowledgement answer =
          mllp.exchange(message.toString().getBytes(StandardCharsets.UTF_8));
      assertEquals("AA", answer.code(), answer.text());
    }
    assertTrue(Pause.until(() -> isFinal(id), Duration.ofSeconds(30), 100));
    for (String parameter : List.of("externalId", "before", "limit", "inlet", "outcome")) {
      for (String path : List.of("/api/entries?", "/api/messages?", "/api/blocks?")) {
        NodeClient.Answer answer =
            client.get(path + parameter + "=" + URLEncoder.encode(SQL, StandardCharsets.UTF_8));
        assertTrue(
            answer.status() == 200 || answer.status() == 400, path + parameter + answer.status());
        assertNoTrace(answer.body());
      }
    }
  }

  // ---- DICOM ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 131, 132, 140, 200})
  void truncatedDicomFailsWithAReasonAndStoresNothing(int length) throws Exception {
    byte[] whole = new byte[256];
    whole[128] = 'D';
    whole[129] = 'I';
    whole[130] = 'C';
    whole[131] = 'M';
    // (0002,0000) UL 4 = 200: a group that the file does not hold.
    byte[] group = {2, 0, 0, 0, 'U', 'L', 4, 0, (byte) 200, 0, 0, 0};
    System.arraycopy(group, 0, whole, 132, group.length);
    HttpResponse<String> answer =
        post(
            "/dicomweb/studies",
            "multipart/related; type=\"application/dicom\"; boundary=b",
            multipart("application/dicom", java.util.Arrays.copyOf(whole, length)));
    assertTrue(answer.statusCode() == 409 || answer.statusCode() == 400, answer.body());
    if (answer.statusCode() == 409) {
      // PS3.18 table I.2-1: what names no instance stands in Other Failures Sequence.
      JsonNode failed = JSON.readTree(answer.body()).path("0008119A").path("Value").path(0);
      // PS3.4 table B.2-1: Cannot understand is C000 to CFFF.
      int reason = failed.path("00081197").path("Value").path(0).asInt();
      assertEquals(0xC, reason >> 12, () -> "failure reason %04X".formatted(reason));
    }
    assertNoTrace(answer.body());
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void aMultipartBodyWithoutItsEndIsRefused() throws Exception {
    HttpResponse<String> answer =
        post(
            "/dicomweb/studies",
            "multipart/related; type=\"application/dicom\"; boundary=b",
            "--b\r\nContent-Type: application/dicom\r\n\r\nDICM"
                .getBytes(StandardCharsets.US_ASCII));
    assertEquals(4, answer.statusCode() / 100, answer.body());
    assertNoTrace(answer.body());
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  // ---- EPCIS ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"type\":\"EPCISDocument\"}",
        "{\"@context\":[],\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\"creationDate\":\"x\","
            + "\"epcisBody\":{\"eventList\":[{\"type\":\"ObjectEvent\"}]}}",
        "{\"type\":\"EPCISDocument\",\"type\":\"EPCISDocument\"}",
        "\"\\u0000\""
      })
  void epcisThatBreaksTheSchemaIsAValidationException(String document) throws Exception {
    HttpResponse<String> answer =
        post("/epcis/capture", "application/ld+json", document.getBytes(StandardCharsets.UTF_8));
    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(
        "application/problem+json",
        answer.headers().firstValue("Content-Type").orElse("").split(";")[0]);
    assertTrue(
        JSON.readTree(answer.body()).path("type").asText().startsWith("epcisException:"),
        answer.body());
    assertNoTrace(answer.body());
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void aJsonBombIsRefused() throws Exception {
    for (String bomb :
        List.of("[".repeat(4_000_000), "{\"a\":".repeat(1_000_000), "\"" + "9".repeat(5_000_000))) {
      HttpResponse<String> answer =
          post("/epcis/capture", "application/json", bomb.getBytes(StandardCharsets.US_ASCII));
      assertTrue(answer.statusCode() == 400 || answer.statusCode() == 413, answer.body());
      assertNoTrace(answer.body());
      answer =
          post(
              "/dicomweb/studies",
              "multipart/related; type=\"application/dicom+json\"; boundary=b",
              multipart("application/dicom+json", bomb.getBytes(StandardCharsets.US_ASCII)));
      assertEquals(4, answer.statusCode() / 100, answer.body());
      assertNoTrace(answer.body());
    }
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  @Test
  void xmlThatReadsFilesIsRefused() throws Exception {
    HttpResponse<String> answer =
        post(
            "/epcis/capture",
            "application/xml",
            ("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                    + "<epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:2\">&e;"
                    + "</epcis:EPCISDocument>")
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(400, answer.statusCode(), answer.body());
    assertFalse(answer.body().contains("root:"), answer.body());
    assertNoTrace(answer.body());
    assertEquals(accepted, newestAccepted(), "nothing is stored");
  }

  // ---- access ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer x", "Basic YWRtaW46YWRtaW4=", "Bearer ' or '1'='1"})
  void withoutAValidTokenNothingIsSaid(String authorization) throws Exception {
    for (String path : List.of("/api/status", "/api/entries", "/api/blocks", "/api/messages")) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(hospital.url() + path)).timeout(Duration.ofSeconds(20));
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      HttpResponse<String> answer =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(401, answer.statusCode(), path);
      assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent(), path);
      assertNoTrace(answer.body());
    }
  }

  // ---- how ------------------------------------------------------------------------------------

  private HttpResponse<String> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(hospital.url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + client.token())
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] multipart(String type, byte[] part) {
    java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
    body.writeBytes(
        ("--b\r\nContent-Type: " + type + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(part);
    body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  private static void readAll(InputStream in, StringBuilder text) {
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        text.append((char) next);
      }
    } catch (IOException reset) {
      // What came before the reset counts.
    }
  }

  private static void assertNoTrace(String body) {
    for (String sign :
        List.of("Exception: ", "\tat ", "org.caduceus.", "java.lang", "SQL", "Payara")) {
      assertFalse(body.contains(sign), body);
    }
  }

  private long newestAccepted() throws IOException {
    return client
        .get("/api/messages?outcome=accepted&limit=1")
        .json()
        .path("items")
        .path(0)
        .path("sequence")
        .asLong();
  }

  private boolean isFinal(String id) {
    try {
      return client.entries(id).stream()
          .anyMatch(entry -> entry.path("status").asText().equals("final"));
    } catch (IOException notNow) {
      return false;
    }
  }
}
