package org.caduceus.adapters.epcis.gs1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrugTraceCodeTest {
  private static final String CODE = "81999990000000000017";

  @ParameterizedTest
  @ValueSource(
      strings = {
        CODE,
        " " + CODE + "\n",
        "]C0" + CODE,
        "]d1" + CODE,
        "https://trace.caduceus.example/cn-drug-trace/" + CODE,
        "http://hospital.example/a/cn-drug-trace/" + CODE
      })
  void aCodeIsRecognised(String text) {
    DrugTraceCode code = DrugTraceCode.recognise(text).orElseThrow();
    assertEquals(CODE, code.digits());
    assertEquals("8199999", code.drugIdentification());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8199999000000000001",
        "819999900000000000170",
        "8199999000000000001x",
        "８１９９９９９００００００００００００１７",
        "6901234567892",
        "ftp://trace.caduceus.example/cn-drug-trace/81999990000000000017",
        "https://trace.caduceus.example/cn-drug-trace/8199999000000000001",
        "https://trace.caduceus.example/other/81999990000000000017"
      })
  void anythingElseIsNot(String text) {
    assertTrue(DrugTraceCode.recognise(text).isEmpty());
  }

  @Test
  void itsUriIsRecognisedAgain() {
    DrugTraceCode code = new DrugTraceCode(CODE);
    assertEquals(code, DrugTraceCode.recognise(code.toUri("trace.caduceus.example")).orElseThrow());
  }

  @Test
  void aCodeOfAnotherShapeCannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> new DrugTraceCode("1"));
  }
}
