package org.caduceus.adapters.dicom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.adapters.dicom.JsonDocument.Instances;
import org.caduceus.adapters.dicom.JsonDocument.Unreadable;

/**
 * Reads JSON text into sorted maps, lists, strings, {@link NumberText}, booleans and {@link Null}.
 * Knows the shape of a document, not of attributes; {@link JsonDataSet} does. Bounded in text,
 * nesting and number of values; a repeated name is refused, since two readers could take different
 * ones.
 */
final class DicomJsonReader {
  /** Longest document in bytes. */
  static final int MAX_BYTES = BoundedOutput.MAX_BYTES;

  /** Most values in a document: enough for ten thousand frames, few enough for a small heap. */
  static final int MAX_VALUES = 500_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MAX_BYTES)
                  .maxNestingDepth(4 * DataSetReader.MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxNameLength(64)
                  .build())
          .build();

  /** JSON's null. */
  record Null() {}

  /** A number as it was written, so that nothing is lost by rounding. */
  record NumberText(String text) {}

  private final JsonParser parser;
  private int values;

  private DicomJsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads one object, or an array of objects, to the end of {@code in}, which stays open. */
  static JsonDocument read(InputStream in) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      return new Instances(new DicomJsonReader(parser).instances());
    } catch (JsonProcessingException | CharConversionException e) {
      // The parser's own message may quote the document.
      return new Unreadable(
          DicomRefusal.unreadable(0, "Expected JSON within the limits, but the text is not")
              .refused());
    } catch (DicomRefusal e) {
      return new Unreadable(e.refused());
    }
  }

  private List<JsonInstance> instances() throws IOException, DicomRefusal {
    List<JsonInstance> instances = new ArrayList<>();
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      instances.add(new JsonInstance(object()));
    } else if (first == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          throw shape();
        }
        instances.add(new JsonInstance(object()));
      }
    } else {
      throw shape();
    }
    if (parser.nextToken() != null) {
      throw shape();
    }
    return instances;
  }

  private static DicomRefusal shape() {
    return DicomRefusal.unreadable(
        0, "Expected one data set or an array of data sets (PS3.18 annex F), but got another JSON");
  }

  private SortedMap<String, Object> object() throws IOException, DicomRefusal {
    SortedMap<String, Object> object = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, value());
    }
    return object;
  }

  private Object value() throws IOException, DicomRefusal {
    values++;
    if (values > MAX_VALUES) {
      throw DicomRefusal.tooMuch(
          0, "Expected at most " + MAX_VALUES + " values in a document, but there are more");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>(1);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value());
        }
        yield array;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new NumberText(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> new Null();
      default -> throw shape();
    };
  }
}
