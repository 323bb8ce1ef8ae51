package org.caduceus.adapters.dicom;

import java.util.SortedMap;

/** One data set of a {@link JsonDocument}, still unchecked; {@link DicomAdapter#json} reads it. */
public final class JsonInstance {
  private final SortedMap<String, Object> attributes;

  JsonInstance(SortedMap<String, Object> attributes) {
    this.attributes = attributes;
  }

  SortedMap<String, Object> attributes() {
    return attributes;
  }
}
