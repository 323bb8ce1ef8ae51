package org.caduceus.adapters.epcis.gs1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalLinkTest {
  @ParameterizedTest
  @CsvSource({
    "https://id.gs1.de/01/04012345999990/21/XYZ-1234, 01/04012345999990/21/XYZ-1234",
    "http://id.example.com/shop/01/04012345999990/21/X, 01/04012345999990/21/X",
    "https://id.gs1.org/01/04012345999990/22/2A/10/LOT/21/S1, 01/04012345999990/21/S1",
    "https://id.gs1.org/01/04012345999990/22/2A/10/LOT, 01/04012345999990/10/LOT",
    "https://id.gs1.org/01/04012345999990/22/2A, 01/04012345999990",
    "https://id.gs1.org/01/04012345999990?17=280229, 01/04012345999990",
    "https://id.gs1.org/01/04012345999990#a/b, 01/04012345999990",
    "https://id.gs1.org/414/4012345000115/254/987, 414/4012345000115/254/987",
    "https://id.gs1.org/8010/4012345ABC/8011/123, 8010/4012345ABC/8011/123",
    "https://id.gs1.org/8018/401234598765400000/8019/1, 8018/401234598765400000"
  })
  void aLinkIsConstrained(String link, String canonical) {
    assertEquals(Optional.of("https://id.gs1.org/" + canonical), CanonicalLink.of(link));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://",
        "https:///",
        "https://example.com",
        "https://example.com/",
        "https://example.com?a/01/04012345999990",
        "https://example.com/po/12345678",
        "https://example.com/01/123",
        "https://example.com/01/04012345999990/21",
        "https://example.com/00/04012345111111111x",
        "geo:50.9,6.9",
        "urn:epcglobal:cbv:bt:5200001000008:4711"
      })
  void anyOtherAddressStaysWhatItIs(String text) {
    assertTrue(CanonicalLink.of(text).isEmpty());
  }

  @Test
  void canonicalLinksAreFixedPoints() {
    for (String link :
        new String[] {
          "https://id.gs1.org/01/04012345999990/21/XYZ-1234",
          "https://id.gs1.org/00/040123450000003338",
          "https://id.gs1.org/8003/0401234566666387"
        }) {
      assertEquals(Optional.of(link), CanonicalLink.of(link));
    }
  }

  @Test
  void noTextMakesItThrow() {
    SplittableRandom random = new SplittableRandom(7);
    String[] parts = {
      "urn:epc:",
      "id:",
      "idpat:",
      "class:",
      "sgtin:",
      "sscc:",
      "cpi:",
      "itip:",
      "4012345",
      ".",
      "..",
      "*",
      "012345",
      "%",
      "%2F",
      "/",
      "01",
      "00",
      "https://",
      "8010",
      "?",
      "#",
      ":",
      "药",
      ""
    };
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "urn:epc:" : "https://");
      for (int n = random.nextInt(9); n >= 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      CanonicalLink.of(text.toString())
          .ifPresent(link -> assertTrue(link.startsWith("https://id.gs1.org/"), link));
    }
  }
}
