package org.caduceus.routes.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.intake.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: whatever a peer does on the wire, it gets the answer that HL7 gives it, and nothing is
 * lost. Method: a strict client on a real socket against the whole inlet; only the intake is a
 * fake.
 */
class MllpInletTest {
  private static final int PAUSE_MS = 400;
  private static final int MAX_FRAME = 20_000;

  private final FakeIntake intake = new FakeIntake();
  private MllpServer server;
  private MllpClient client;

  @BeforeEach
  void start() throws Exception {
    server = new MllpServer(intake, intake, MllpServer.settings(0, MAX_FRAME, PAUSE_MS, 2));
    client = new MllpClient(server.port());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private static String adt(String controlId) {
    return adt(controlId, "");
  }

  /** An admission whose header goes on after MSH-12 with {@code rest}. */
  private static String adt(String controlId, String rest) {
    return "MSH|^~\\&|HIS|HOSP_A|LEDGER|INST_01|20260901083015+0800||ADT^A01^ADT_A01|"
        + controlId
        + "|P|2.5.1"
        + rest
        + "\rEVN|A01|20260901083015\rPID|1||MRN7^^^HOSP_A^MR||Muster^Eva\rPV1|1|I\r";
  }

  private static String field(String message, String segment, int n) {
    for (String line : message.split("\r")) {
      if (line.startsWith(segment)) {
        String[] fields = line.split("\\|", -1);
        return n < fields.length ? fields[n] : "";
      }
    }
    return "no " + segment;
  }

  private static void assertAnswer(String code, String controlId, String error, String answer) {
    assertEquals(code, field(answer, "MSA", 1), answer);
    assertEquals(controlId, field(answer, "MSA", 2), answer);
    assertEquals(error, field(answer, "ERR", 3).split("\\^")[0], answer);
  }

  @Test
  void anAdmissionIsAccepted() throws Exception {
    String answer = client.ask(adt("C1"));
    String entry = intake.records.get(0).contentHash().toHex();
    assertEquals(
        "MSH|^~\\&|LEDGER|INST_01|HIS|HOSP_A|20260921141320+0000||ACK^A01^ACK|A"
            + entry.substring(0, 19)
            + "|P|2.5.1\rMSA|AA|C1|entry "
            + entry
            + "\r",
        answer);
    assertEquals("hl7v2.adt", intake.records.get(0).kind());
    assertEquals("inlet:mllp", intake.submissions.get(0).author());
    assertTrue(intake.submissions.get(0).remote().startsWith("127.0.0.1:"));
    assertTrue(intake.notes.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 100})
  void framesOfOneWriteAreAllAnsweredInOrder(int count) throws Exception {
    byte[][] frames = new byte[count][];
    for (int i = 0; i < count; i++) {
      frames[i] = MllpClient.frame(adt("P" + i));
    }
    client.write(frames);
    for (int i = 0; i < count; i++) {
      assertAnswer("AA", "P" + i, "no ERR", client.read());
    }
    assertEquals(count, intake.records.size());
  }

  @Test
  void aFrameMayArriveByteByByte() throws Exception {
    for (byte b : MllpClient.frame(adt("B1"))) {
      client.write(new byte[] {b});
    }
    assertAnswer("AA", "B1", "no ERR", client.read());
  }

  @Test
  void garbageBeforeAFrameIsSkipped() throws Exception {
    client.write("garbage\r\n".getBytes(US_ASCII), MllpClient.frame(adt("G1")));
    assertAnswer("AA", "G1", "no ERR", client.read());
    assertAnswer("AA", "G2", "no ERR", client.ask(adt("G2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MSH|^~\\&|no start block\r", "\u000bno end block\r\u001c", "\u000bx\u001c\n"})
  void aFrameThatNeverEndsClosesTheConnectionAfterThePause(String bytes) throws Exception {
    long start = System.nanoTime();
    client.write(bytes.getBytes(US_ASCII));
    assertTrue(client.closed());
    long waitedMs = (System.nanoTime() - start) / 1_000_000;
    assertTrue(waitedMs >= PAUSE_MS - 50, "closed after " + waitedMs + " ms");
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void anIdleConnectionStaysOpenBeyondThePause() throws Exception {
    assertAnswer("AA", "I1", "no ERR", client.ask(adt("I1")));
    for (int i = 0; i < 3; i++) {
      assertTrue(client.silent());
    }
    assertAnswer("AA", "I2", "no ERR", client.ask(adt("I2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r\r\n"})
  void otherLineEndsAreSegmentEnds(String end) throws Exception {
    assertAnswer("AA", "L1", "no ERR", client.ask(adt("L1").replace("\r", end)));
    assertEquals("4", intake.records.get(0).metadata().get("segments"));
  }

  @Test
  void anEmptyFrameIsIgnored() throws Exception {
    client.write(MllpClient.frame(""), MllpClient.frame(adt("E1")));
    assertAnswer("AA", "E1", "no ERR", client.read());
    assertTrue(client.silent());
  }

  @Test
  void aFrameWithoutHeaderIsRejected() throws Exception {
    assertAnswer("AR", "", "100", client.ask("PID|1||MRN7\r"));
    assertEquals(Outcome.REFUSED, intake.notes.get(0).outcome());
  }

  @Test
  void aMessageWithoutControlIdIsAnError() throws Exception {
    String answer = client.ask(adt(""));
    assertAnswer("AE", "", "101", answer);
    assertEquals("MSH^1^10", field(answer, "ERR", 2));
  }

  @Test
  void aHeaderThatEndsAfterItsTypeIsRejected() throws Exception {
    String answer = client.ask("MSH|^~\\&|HIS|HOSP_A|LEDGER|INST_01|20260901||ADT^A01\rPID|1||7\r");
    assertAnswer("AR", "", "101", answer);
    assertEquals("MSH^1^11", field(answer, "ERR", 2));
  }

  @ParameterizedTest
  @CsvSource({
    "ADT^A01|X|P|9.9, AR, 203, MSH^1^12",
    "ADT^A01|X|Q|2.5, AR, 202, MSH^1^11",
    "adt|X|P|2.5, AR, 200, MSH^1^9",
    "ADT^a01|X|P|2.5, AR, 201, MSH^1^9",
    "ADT|X|P|2.5, AR, 201, MSH^1^9",
    "ADT^A01|X|P|2.5||||||FANCY, AE, 103, MSH^1^18",
    "ADT^A01|X|P|2.5, AE, 100, PID^1",
  })
  void aFaultIsNamedWithItsPlace(String header, String code, String error, String location)
      throws Exception {
    String answer = client.ask("MSH|^~\\&|A|B|C|D|20260901||" + header + "\rPV1|1|I\r");
    assertAnswer(code, "X", error, answer);
    assertEquals(location, field(answer, "ERR", 2));
    assertEquals("E", field(answer, "ERR", 4));
    assertEquals(error, intake.notes.get(0).code());
    assertEquals(location, intake.notes.get(0).location());
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void beforeVersion25TheFaultStandsInErr1() throws Exception {
    String answer = client.ask("MSH|^~\\&|A|B|C|D|20260901||ADT^A01|X|P|2.3.1\rPID|1\r");
    assertEquals("PID^1^3^101&Required field missing&HL70357", field(answer, "ERR", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "AL, NE, CA, ''",
    "NE, AL, AA, ''",
    "AL, AL, CA, AA",
    "SU, SU, CA, AA",
    "ER, AL, AA, ''",
    "'', AL, AA, ''",
    "AL, '', CA, ''",
    "ER, ER, '', ''",
    "NE, NE, '', ''",
  })
  void enhancedModeAnswersAsAsked(String accept, String application, String first, String second)
      throws Exception {
    client.write(MllpClient.frame(adt("M1", "|||" + accept + "|" + application)));
    for (String expected : Stream.of(first, second).filter(x -> !x.isEmpty()).toList()) {
      String answer = client.read();
      assertAnswer(expected, "M1", "no ERR", answer);
      assertEquals(expected.charAt(0), field(answer, "MSH", 9).charAt(0));
    }
    assertTrue(client.silent());
    assertEquals(1, intake.records.size());
  }

  @ParameterizedTest
  @CsvSource({
    "AL, AL, CE",
    "NE, AL, AE",
    "ER, ER, CE",
    "NE, ER, AE",
    "SU, AL, AE",
    "SU, SU, ''",
    "NE, NE, ''"
  })
  void enhancedModeRefusesOnce(String accept, String application, String expected)
      throws Exception {
    client.write(
        MllpClient.frame(
            adt("M2", "|||" + accept + "|" + application).replace("|MRN7^^^HOSP_A^MR|", "||")));
    if (!expected.isEmpty()) {
      assertAnswer(expected, "M2", "101", client.read());
    }
    assertTrue(client.silent());
    assertEquals(1, intake.notes.size());
  }

  @Test
  void anAcknowledgementIsNotAcknowledged() throws Exception {
    client.write(
        MllpClient.frame("MSH|^~\\&|A|B|C|D|20260901||ACK^A01|K1|P|2.5\rMSA|AA|X\r"),
        MllpClient.frame("MSH|^~\\&|A|B|C|D|20260901||ACK|K2|P|9.9\rMSA|AA|X\r"));
    assertTrue(client.silent());
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void aRepetitionGetsTheFirstAnswerByteForByte() throws Exception {
    String first = client.ask(adt("D1"));
    intake.timeMs = 1_790_003_600_000L;
    assertEquals(first, client.ask(adt("D1")));
    assertEquals(1, intake.records.size());
  }

  @Test
  void anotherMessageUnderAUsedControlIdIsADuplicateKey() throws Exception {
    client.ask(adt("D2"));
    String answer = client.ask(adt("D2").replace("MRN7", "MRN8"));
    assertAnswer("AE", "D2", "205", answer);
    assertEquals(Outcome.DECLINED, intake.notes.get(0).outcome());
    assertEquals("CONFLICT", intake.notes.get(0).code());
  }

  @ParameterizedTest
  @EnumSource(Receipt.Cause.class)
  void aDeclinedMessageIsNeverAccepted(Receipt.Cause cause) throws Exception {
    intake.instead = r -> Optional.of(new Receipt.Declined(cause, "Expected room, but | none"));
    String answer = client.ask(adt("N1"));
    String code =
        switch (cause) {
          case CONFLICT -> "205";
          case TOO_LARGE -> "104";
          case POOL_FULL, ENCLAVE_UNAVAILABLE, STORAGE_UNAVAILABLE -> "207";
        };
    assertAnswer("AE", "N1", code, answer);
    assertEquals("Expected room, but \\F\\ none", field(answer, "ERR", 7));
    assertEquals(cause.name(), intake.notes.get(0).code());
  }

  @Test
  void aFailingIntakeIsAnInternalErrorAndTheConnectionLivesOn() throws Exception {
    intake.instead =
        r -> {
          throw new IllegalStateException("database of Muster, Eva");
        };
    String answer = client.ask(adt("F1"));
    assertAnswer("AE", "F1", "207", answer);
    assertFalse(answer.contains("Muster"));
    intake.instead = r -> Optional.empty();
    assertAnswer("AA", "F1", "no ERR", client.ask(adt("F1")));
  }

  @Test
  void everyMessageOfABatchIsAnswered() throws Exception {
    client.write(
        MllpClient.frame(
            "FHS|^~\\&|A|B\rBHS|^~\\&|A|B\r" + adt("1") + adt("2") + "BTS|2\rFTS|1\r"));
    assertAnswer("AA", "1", "no ERR", client.read());
    assertAnswer("AA", "2", "no ERR", client.read());
    assertEquals(adt("2"), new String(intake.records.get(1).payload().toArray(), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BTS|3\rFTS|1\r", "BTS|2\rFTS|2\r"})
  void aBatchThatLostAPartIsRefusedAsAWhole(String trailer) throws Exception {
    client.write(
        MllpClient.frame("FHS|^~\\&|A|B\rBHS|^~\\&|A|B\r" + adt("1") + adt("2") + trailer));
    assertAnswer("AE", "1", "199", client.read());
    assertAnswer("AE", "2", "199", client.read());
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void theAnswerComesInTheCharacterSetReceived() throws Exception {
    Charset gb18030 = Charset.forName("GB18030");
    // In GB18030 the second byte of the first character is 0x7C, the field separator.
    String message = adt("Z1", "||||||GB 18030-2000").replace("|HOSP_A|", "|\u526a\u533b\u9662|");
    byte[] bytes = message.getBytes(gb18030);
    client.write(MllpClient.frame(bytes));
    String answer = client.read(gb18030);
    assertAnswer("AA", "Z1", "no ERR", answer);
    assertEquals("\u526a\u533b\u9662", field(answer, "MSH", 5));
    assertEquals("GB 18030-2000", field(answer, "MSH", 17));
  }

  @Test
  void bytesThatCannotBeReadComeBackAsTheyWere() throws Exception {
    byte[] bytes =
        adt("U1", "||||||UNICODE UTF-8").replace("HOSP_A", "\u00e9t\u00e9").getBytes(ISO_8859_1);
    client.write(MllpClient.frame(bytes));
    String answer = client.read(ISO_8859_1);
    assertAnswer("AE", "U1", "102", answer);
    assertEquals("\u00e9t\u00e9", field(answer, "MSH", 5));
  }

  @Test
  void fromVersion27TheEntryStandsInErr8() throws Exception {
    String answer = client.ask(adt("V1").replace("|2.5.1", "|2.7").replace("^~\\&", "^~\\&#"));
    assertAnswer("AA", "V1", "0", answer);
    assertEquals("I", field(answer, "ERR", 4));
    assertEquals("entry " + intake.records.get(0).contentHash().toHex(), field(answer, "ERR", 8));
    assertEquals("", field(answer, "MSA", 3));
    assertEquals("^~\\&#", field(answer, "MSH", 1));
  }

  @Test
  void ownSeparatorsAreAnsweredInKind() throws Exception {
    String answer = client.ask("MSH$%@!*$A$B$C$D$20260901$$ADT%A01$S1$P$2.5\rPID$1\r");
    assertTrue(answer.contains("\rMSA$AE$S1$"), answer);
    assertTrue(answer.contains("\rERR$$PID%1%3$101%Required field missing%HL70357$E$"), answer);
  }

  @Test
  void aFrameBeyondTheLimitIsRejectedAndTheConnectionClosed() throws Exception {
    client.write(MllpClient.frame(adt("T1") + "OBX|1|TX|||" + "x".repeat(MAX_FRAME) + "\r"));
    assertAnswer("AR", "T1", "104", client.read());
    client.socket.shutdownOutput();
    assertTrue(client.closed());
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void aFrameOfJustTheLimitIsTaken() throws Exception {
    String start = adt("T2") + "OBX|1|TX|||";
    client.write(MllpClient.frame(start + "x".repeat(MAX_FRAME - start.length())));
    assertAnswer("AA", "T2", "no ERR", client.read());
  }

  @Test
  void aFrameThatIsCutOffIsDropped() throws Exception {
    byte[] frame = MllpClient.frame(adt("H1"));
    client.write(Arrays.copyOf(frame, frame.length - 1));
    client.socket.shutdownOutput();
    assertTrue(client.closed());
    assertTrue(intake.records.isEmpty());
  }

  @Test
  void aResetDoesNotHarmTheListener() throws Exception {
    client.write(MllpClient.frame(adt("R1")), "\u000bhalf".getBytes(US_ASCII));
    client.socket.setSoLinger(true, 0);
    client.close();
    try (MllpClient next = new MllpClient(server.port())) {
      assertAnswer("AA", "R2", "no ERR", next.ask(adt("R2")));
    }
  }

  @Test
  void connectionsBeyondTheLimitWaitForAFreePlace() throws Exception {
    assertAnswer("AA", "W1", "no ERR", client.ask(adt("W1")));
    try (MllpClient second = new MllpClient(server.port());
        MllpClient third = new MllpClient(server.port())) {
      assertAnswer("AA", "W2", "no ERR", second.ask(adt("W2")));
      third.write(MllpClient.frame(adt("W3")));
      assertTrue(third.silent());
      second.socket.shutdownOutput();
      assertAnswer("AA", "W3", "no ERR", third.read());
    }
  }

  @Test
  void stoppingFinishesTheMessageInHand() throws Exception {
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    intake.instead =
        r -> {
          inHand.countDown();
          try {
            assertTrue(goOn.await(10, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Optional.empty();
        };
    List<String> answered = new ArrayList<>();
    try (MllpClient idle = new MllpClient(server.port())) {
      client.write(MllpClient.frame(adt("S1")), MllpClient.frame(adt("S2")));
      assertTrue(inHand.await(10, TimeUnit.SECONDS));
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
      assertTrue(idle.closed());
      goOn.countDown();
      String answer = client.read();
      assertAnswer("AA", "S1", "no ERR", answer);
      answered.add(field(answer, "MSA", 2));
      // Whether the second frame is still taken is a matter of timing; losing it is not allowed.
      client.restUntilClosed().forEach(more -> answered.add(field(more, "MSA", 2)));
      stopped.get(10, TimeUnit.SECONDS);
    }
    assertEquals(answered, intake.records.stream().map(r -> r.externalId()).toList());
  }
}
