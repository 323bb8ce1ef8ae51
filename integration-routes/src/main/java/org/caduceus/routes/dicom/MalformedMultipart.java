package org.caduceus.routes.dicom;

import java.io.IOException;

/** The body is not the multipart that its Content-Type says. */
final class MalformedMultipart extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMultipart(String message) {
    super(message);
  }
}
