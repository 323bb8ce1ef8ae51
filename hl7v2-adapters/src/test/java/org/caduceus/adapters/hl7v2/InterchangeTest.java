package org.caduceus.adapters.hl7v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterchangeTest {
  private static final String A = "MSH|^~\\&|A\rPID|1\r";
  private static final String B = "MSH|^~\\&|B\n";

  private static Interchange of(String text) {
    return Interchange.of(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Interchange interchange) {
    return interchange.messages().stream().map(Samples::text).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MSH|^~\\&|A\rPID|1\r", "no message", "", "PID|1\rOBX|1||MSH|x\r"})
  void whatIsNoBatchIsOneMessageUntouched(String text) {
    Bytes content = Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    assertSame(content, Interchange.of(content).messages().get(0));
    assertEquals(1, Interchange.of(content).messages().size());
  }

  @Test
  void messagesOfABatchKeepTheirBytes() {
    Interchange batch = of("FHS|^~\\&\rBHS|^~\\&\r" + A + B + "BTS|2\rFTS|1\r");
    assertEquals(List.of(A, B), texts(batch));
    assertTrue(batch.fault().isEmpty());
  }

  @Test
  void messagesMayFollowEachOtherWithoutEnvelope() {
    assertEquals(List.of(A, B, A), texts(of(A + B + A)));
  }

  @Test
  void aFileMayHoldSeveralBatches() {
    Interchange file =
        of("\ufeffFHS|^~\\&\rBHS|^~\\&\r" + A + "BTS|1\rBHS|^~\\&\r" + B + A + "BTS|2\rFTS|2\r");
    assertEquals(List.of(A, B, A), texts(file));
    assertTrue(file.fault().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "BTS|1|, BTS^1^1",
    "BTS|3, BTS^1^1",
    "BTS|two, BTS^1^1",
    "BTS|2\rFTS|0, FTS^1^1",
  })
  void aCountThatDoesNotHoldIsAFault(String trailer, String location) {
    Interchange batch = of("FHS|^~\\&\rBHS|^~\\&\r" + A + B + trailer.replace("\\r", "\r") + "\r");
    assertEquals("199", batch.fault().orElseThrow().code());
    assertEquals(location, batch.fault().orElseThrow().location());
    assertEquals(2, batch.messages().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BTS\r", "BTS|\r", "BTS||comment\r", ""})
  void aBatchThatCountsNothingPromisesNothing(String trailer) {
    assertTrue(of("BHS|^~\\&\r" + A + trailer).fault().isEmpty());
  }

  @Test
  void anEmptyBatchIsAFault() {
    Interchange batch = of("BHS|^~\\&\rBTS|0\r");
    assertEquals("100", batch.fault().orElseThrow().code());
    assertTrue(batch.messages().isEmpty());
  }
}
