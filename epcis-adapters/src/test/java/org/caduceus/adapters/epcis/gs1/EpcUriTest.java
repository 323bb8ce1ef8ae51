package org.caduceus.adapters.epcis.gs1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpcUriTest {
  @ParameterizedTest
  @CsvSource({
    "urn:epc:id:sgtin:4012345.012345.12, 01/04012345123456/21/12",
    "urn:epc:id:sgtin:401234512345.0.12, 01/04012345123456/21/12",
    "urn:epc:id:sgtin:0614141.107346.a%2Fb, 01/10614141073464/21/a%2Fb",
    "urn:epc:id:sgtin:0614141.107346.1.2, 01/10614141073464/21/1.2",
    "urn:epc:id:sgtin:0614141.107346.(1), 01/10614141073464/21/%281%29",
    "urn:epc:id:sscc:4012345.0000000333, 00/040123450000003338",
    "urn:epc:id:sgln:4012345.00011.987, 414/4012345000115/254/987",
    "urn:epc:id:sgln:4012345.00011.0, 414/4012345000115",
    "urn:epc:id:sgln:401234500011..0, 414/4012345000115",
    "urn:epc:id:pgln:4012345.00000, 417/4012345000009",
    "urn:epc:id:grai:4012345.66666.87, 8003/0401234566666387",
    "urn:epc:id:giai:4012345.AAbb, 8004/4012345AAbb",
    "urn:epc:id:gsrn:4012345.9876540000, 8018/401234598765400000",
    "urn:epc:id:gdti:4012345.55555.98, 253/401234555555498",
    "urn:epc:id:cpi:4012345.ABC.123, 8010/4012345ABC/8011/123",
    "urn:epc:id:sgcn:4012345.99999.44, 255/401234599999044",
    "urn:epc:id:ginc:4012345.333, 401/4012345333",
    "urn:epc:id:gsin:4012345.999987654, 402/40123459999876541",
    "urn:epc:id:itip:4012345.012345.01.02.999, 8006/040123451234560102/21/999",
    "urn:epc:id:upui:4012345.012345.AB12, 01/04012345123456/235/AB12",
    "urn:epc:class:lgtin:4054739.099914.20160711, 01/04054739999148/10/20160711",
    "urn:epc:idpat:sgtin:4054739.099914.*, 01/04054739999148",
    "urn:epc:idpat:grai:4012345.66666.*, 8003/04012345666663",
    "urn:epc:idpat:cpi:4012345.ABC.*, 8010/4012345ABC",
    "urn:epc:idpat:itip:4012345.012345.01.02.*, 8006/040123451234560102"
  })
  void anEpcUriHasItsCanonicalLink(String uri, String link) {
    assertEquals(Optional.of("https://id.gs1.org/" + link), CanonicalLink.of(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:epc:",
        "urn:epc:id:",
        "urn:epc:id::",
        "urn:epc:id:sgtin",
        "urn:epc:id:sgtin:",
        "urn:epc:id:sgtin:.",
        "urn:epc:id:sgtin:..",
        "urn:epc:id:sgtin:4012345.12345.12",
        "urn:epc:id:sgtin:4012345.012345",
        "urn:epc:id:sgtin:4012345.012345.",
        "urn:epc:id:sgtin:4012345.01234x.12",
        "urn:epc:id:sgtin:4012345.012345.123456789012345678901",
        "urn:epc:id:sgtin:4012345.012345.a b",
        "urn:epc:id:sgtin:4012345.012345.%4",
        "urn:epc:id:sscc:4012345.0000000333.1",
        "urn:epc:id:sgcn:4012345.99999.4a",
        "urn:epc:id:cpi:4012345.ABC",
        "urn:epc:id:itip:4012345.012345.1.2.3",
        "urn:epc:id:giai:4012345",
        "urn:epc:id:gid:1.2.3",
        "urn:epc:idpat:sgtin:4054739.099914",
        "urn:epc:idpat:sgtin:*.*",
        "urn:epc:idpat:itip:4012345.012345.01.*",
        "urn:epc:class:lgtin:",
        "urn:uuid:4012345"
      })
  void whatIsNoEpcUriHasNone(String text) {
    assertTrue(CanonicalLink.of(text).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:epc:id:sgtin:4012345.012345.12",
        "urn:epc:id:sgtin:0614141.107346.(1)+a",
        "urn:epc:id:sscc:4012345.0000000333",
        "urn:epc:class:lgtin:4054739.099914.20160711"
      })
  void aLinkLeadsBackToItsUri(String uri) {
    String link = CanonicalLink.of(uri).orElseThrow();
    assertEquals(Optional.of(uri), EpcUri.ofDigitalLink(link, 7));
  }

  @Test
  void aWrongCheckDigitOrPrefixLeadsNowhere() {
    assertTrue(EpcUri.ofDigitalLink("https://id.gs1.org/00/040123450000003339", 7).isEmpty());
    assertTrue(EpcUri.ofDigitalLink("https://id.gs1.org/00/040123450000003338", 5).isEmpty());
    assertTrue(EpcUri.ofDigitalLink("https://id.gs1.org/00/040123450000003338", 13).isEmpty());
    assertTrue(EpcUri.ofDigitalLink("https://id.gs1.org/01/04012345123456", 7).isEmpty());
    assertTrue(EpcUri.ofDigitalLink("https://example.com/", 7).isEmpty());
  }
}
