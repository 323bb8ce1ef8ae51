package org.caduceus.console.rest;

import jakarta.ws.rs.core.Response;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an EPCIS endpoint says of itself (EPCIS 2.0 section 12.8). */
public final class EpcisVersions {
  /** Versions and habits that all endpoints share, by header. */
  public static final Map<String, String> COMMON = common();

  private EpcisVersions() {}

  /** The answer to OPTIONS. */
  static Response.ResponseBuilder options(String allow) {
    Response.ResponseBuilder response = Response.noContent().header("Allow", allow);
    COMMON.forEach(response::header);
    return response;
  }

  private static Map<String, String> common() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("GS1-EPCIS-Version", "2.0.0");
    // Documents of version 1 are taken in XML.
    headers.put("GS1-EPCIS-Min", "1.0.0");
    headers.put("GS1-EPCIS-Max", "2.0.0");
    headers.put("GS1-CBV-Version", "2.0.0");
    headers.put("GS1-CBV-Min", "1.0.0");
    headers.put("GS1-CBV-Max", "2.0.0");
    headers.put("GS1-EPC-Format", "Never_Translates");
    headers.put("GS1-CBV-XML-Format", "Never_Translates");
    headers.put("GS1-Vendor-Version", ApiApplication.VERSION);
    return Collections.unmodifiableMap(headers);
  }
}
