package org.caduceus.routes.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediaTypeTest {
  @Test
  void parametersMayBeQuoted() {
    assertEquals(
        Optional.of(
            new MediaType(
                "multipart/related",
                Map.of("type", "application/dicom+json", "boundary", "a;b=\"c\""))),
        MediaType.parse(
            " Multipart/Related ; TYPE=\"application/dicom+json\";boundary=\"a;b=\\\"c\\\"\" ;x"));
  }

  @Test
  void whatHasNoSlashIsNone() {
    for (String text : List.of("", "dicom", "/dicom", "application/", ";type=a/b")) {
      assertTrue(MediaType.parse(text).isEmpty(), text);
    }
  }

  @Test
  void acceptsJson() {
    for (String accept :
        List.of(
            "",
            "*/*",
            "application/json",
            "text/html, application/dicom+json;q=0.5",
            "application/dicom+xml,application/*")) {
      assertTrue(MediaType.acceptsJson(accept), accept);
    }
    for (String accept :
        List.of("application/dicom+xml", "text/*", "*/*;q=0", "application/json; q=0.000", ",")) {
      assertFalse(MediaType.acceptsJson(accept), accept);
    }
  }
}
