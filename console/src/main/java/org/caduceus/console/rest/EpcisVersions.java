package org.caduceus.console.rest;

import jakarta.ws.rs.core.Response;

/** What an EPCIS endpoint says of itself (EPCIS 2.0 section 12.8). */
final class EpcisVersions {
  private EpcisVersions() {}

  /** The answer to OPTIONS. */
  static Response options(String allow, long maxBodyBytes) {
    return headers(Response.noContent().header("Allow", allow), maxBodyBytes).build();
  }

  private static Response.ResponseBuilder headers(
      Response.ResponseBuilder response, long maxBodyBytes) {
    return response
        .header("GS1-EPCIS-Version", "2.0.0")
        .header("GS1-EPCIS-Min", "2.0.0")
        .header("GS1-EPCIS-Max", "2.0.0")
        .header("GS1-CBV-Version", "2.0.0")
        .header("GS1-CBV-Min", "2.0.0")
        .header("GS1-CBV-Max", "2.0.0")
        .header("GS1-EPC-Format", "Never_Translates")
        .header("GS1-EPCIS-Capture-File-Size-Limit", maxBodyBytes)
        .header("GS1-Vendor-Version", "0.1.0");
  }
}
