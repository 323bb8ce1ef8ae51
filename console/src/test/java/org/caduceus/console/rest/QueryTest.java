package org.caduceus.console.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.caduceus.ledger.record.Inlet;
import org.junit.jupiter.api.Test;

/** Junk in a parameter is a 400 that names it. */
class QueryTest {
  @Test
  void numbersOutsideTheirRangeAreRefused() {
    for (String junk :
        List.of("0", "501", "-1", "1e3", "1 OR 1=1", "", "٣", "99999999999999999999", "0x10")) {
      assertBad("limit", () -> query("limit", junk).limit());
    }
    for (String junk : List.of("-1", "9223372036854775808", "'; DROP TABLE block; --", "")) {
      assertBad("before", () -> query("before", junk).before());
    }
    assertEquals(500, query("limit", "500").limit());
    assertEquals(Query.DEFAULT_LIMIT, query("before", "7").limit());
    assertEquals(7, query("before", "7").before());
  }

  @Test
  void identifiersHaveBoundsButMayHoldSql() {
    assertBad("externalId", () -> query("externalId", "x".repeat(513)).externalId());
    assertBad("externalId", () -> query("externalId", " ").externalId());
    assertBad("externalId", () -> query("externalId", "a\u0000b").externalId());
    assertEquals(Optional.of("' OR ''='"), query("externalId", "' OR ''='").externalId());
  }

  @Test
  void unknownAndRepeatedParametersAreRefused() {
    assertBad("query", () -> query("limits", "5"));
    MultivaluedHashMap<String, String> twice = new MultivaluedHashMap<>();
    twice.put("limit", List.of("1", "2"));
    assertBad("limit", () -> Query.of(twice, "limit"));
  }

  @Test
  void enumerationsTakeTheirNamesInLowerCaseOnly() {
    assertEquals(Optional.of(Inlet.DICOM), query("inlet", "dicom").oneOf("inlet", Inlet.class));
    assertBad("inlet", () -> query("inlet", "DICOM").oneOf("inlet", Inlet.class));
    assertBad("inlet", () -> query("inlet", "fhir").oneOf("inlet", Inlet.class));
  }

  @Test
  void hashesHaveSixtyFourDigits() {
    for (String junk : List.of("", "00", "g".repeat(64), "0".repeat(63), "0".repeat(65))) {
      assertBad("id", () -> Query.hash("id", junk));
    }
    assertEquals("ab".repeat(32), Query.hash("id", "AB".repeat(32)).toHex());
  }

  @Test
  void tokenRequestsAreReadStrictly() throws IOException {
    for (String junk :
        List.of(
            "",
            "[]",
            "null",
            "{",
            "{\"name\":1,\"password\":\"x\"}",
            "{\"name\":\"a\"}",
            "{\"name\":\"\",\"password\":\"x\"}",
            "[".repeat(4000),
            "{\"name\":\"a\",\"password\":\"b\",\"c\":1}")) {
      assertEquals(400, status(() -> TokensResource.read(stream(junk))), junk);
    }
    assertEquals(413, status(() -> TokensResource.read(stream("[".repeat(5000)))));
    assertEquals(
        new TokensResource.Wanted("a", "b"),
        TokensResource.read(stream("{\"name\":\"a\",\"password\":\"b\"}")));
  }

  @Test
  void bodiesEndAtTheirBound() throws IOException {
    BoundedBody fits = new BoundedBody(stream("12345"), 5);
    assertEquals(5, fits.readAllBytes().length);
    BoundedBody grows = new BoundedBody(stream("123456"), 5);
    assertThrows(BodyTooLarge.class, grows::readAllBytes);
    assertEquals(true, grows.exceeded());
  }

  private interface Reading {
    Object read() throws IOException;
  }

  private static int status(Reading reading) {
    return assertThrows(ProblemException.class, reading::read).problem().status();
  }

  private static void assertBad(String parameter, Reading reading) {
    var problem = assertThrows(ProblemException.class, reading::read).problem();
    assertEquals(400, problem.status());
    assertEquals(Optional.of(parameter), problem.parameter());
  }

  private static Query query(String name, String value) {
    MultivaluedHashMap<String, String> values = new MultivaluedHashMap<>();
    values.putSingle(name, value);
    return Query.of(values, "limit", "before", "externalId", "inlet");
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
