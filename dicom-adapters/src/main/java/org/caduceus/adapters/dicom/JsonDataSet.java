package org.caduceus.adapters.dicom;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.caduceus.adapters.dicom.DicomJsonReader.NumberText;
import org.caduceus.ledger.Hash;

/**
 * Checks a data set of the DICOM JSON model (PS3.18 Annex F) and writes its canonical text:
 * attributes in ascending order, {@code vr} before the value, no white space, numbers with the
 * digits they came with, bulk data by digest. The same data set gives the same bytes whatever the
 * order and spacing it was sent in.
 */
final class JsonDataSet {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern NAME = Pattern.compile("[0-9A-F]{8}");
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,19})");
  private static final Set<String> FIELDS = Set.of("vr", "Value", "InlineBinary", "BulkDataURI");
  private static final List<String> NAME_GROUPS = List.of("Alphabetic", "Ideographic", "Phonetic");
  private static final Set<String> NOT_FINITE = Set.of("NaN", "inf", "-inf", "Infinity");

  private static final SortedMap<String, Object> EMPTY_ITEM = Collections.emptySortedMap();

  private final Map<String, BulkData> bulk;
  private final InstanceFacts facts;
  private final BoundedOutput output = new BoundedOutput(true);
  private final JsonGenerator json;

  /**
   * A writer of one data set.
   *
   * @param bulk what was sent beside the metadata, by the URI that refers to it
   */
  JsonDataSet(Map<String, BulkData> bulk, InstanceFacts facts) throws IOException {
    this.bulk = bulk;
    this.facts = facts;
    this.json = JSON.createGenerator(output, JsonEncoding.UTF8);
  }

  byte[] canonical(JsonInstance instance) throws IOException, DicomRefusal {
    dataSet(instance.attributes(), 0);
    json.close();
    return output.toByteArray();
  }

  private void dataSet(SortedMap<String, Object> attributes, int depth)
      throws IOException, DicomRefusal {
    json.writeStartObject();
    int before = 0;
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      if (!NAME.matcher(attribute.getKey()).matches()) {
        throw DicomRefusal.unreadable(
            before,
            "Expected eight upper-case hexadecimal digits after this attribute, but got another name");
      }
      int tag = Integer.parseUnsignedInt(attribute.getKey(), 16);
      attribute(tag, attribute.getValue(), depth);
      before = tag;
    }
    json.writeEndObject();
  }

  private void attribute(int tag, Object value, int depth) throws IOException, DicomRefusal {
    SortedMap<String, Object> fields = object(tag, value);
    if (!FIELDS.containsAll(fields.keySet()) || fields.size() > 2) {
      throw DicomRefusal.unreadable(
          tag, "Expected vr and one of Value, InlineBinary and BulkDataURI, but found other names");
    }
    Vr vr = vr(tag, fields.get("vr"));
    if (depth == 0) {
      collect(tag, fields.get("Value"));
    }
    if (Tag.isGroupLength(tag) || Tag.group(tag) == 2) {
      // Neither belongs to the model (PS3.18 section F.2.2); the transfer syntax was collected.
      return;
    }
    json.writeObjectFieldStart(Tag.hex(tag));
    json.writeStringField("vr", vr.name());
    if (tag == Tag.SPECIFIC_CHARACTER_SET) {
      json.writeArrayFieldStart("Value");
      json.writeString("ISO_IR 192");
      json.writeEndArray();
    } else if (fields.containsKey("InlineBinary")) {
      inline(tag, vr, fields.get("InlineBinary"));
    } else if (fields.containsKey("BulkDataURI")) {
      json.writeStringField("BulkDataURI", bulkDataUri(tag, fields.get("BulkDataURI")));
    } else if (fields.containsKey("Value")) {
      values(tag, vr, fields.get("Value"), depth);
    }
    json.writeEndObject();
  }

  private static Vr vr(int tag, Object name) throws DicomRefusal {
    return Vr.named(name instanceof String text ? text : "")
        .orElseThrow(
            () ->
                DicomRefusal.unreadable(
                    tag, "Expected a vr of PS3.5 section 6.2, but there is none"));
  }

  @SuppressWarnings("unchecked")
  private static SortedMap<String, Object> object(int tag, Object value) throws DicomRefusal {
    if (value instanceof SortedMap<?, ?> map) {
      return (SortedMap<String, Object>) map;
    }
    throw DicomRefusal.unreadable(tag, "Expected a JSON object here, but got another value");
  }

  private void collect(int tag, Object value) {
    if (!InstanceFacts.isWanted(tag) || !(value instanceof List<?> list)) {
      return;
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      texts.add(
          each instanceof String text
              ? text
              : each instanceof NumberText number
                  ? number.text()
                  : each instanceof Map<?, ?> name ? personName(name) : "");
    }
    facts.put(tag, String.join("\\", texts));
  }

  private static String personName(Map<?, ?> name) {
    StringBuilder text = new StringBuilder();
    for (String group : NAME_GROUPS) {
      text.append(name.get(group) instanceof String part ? part : "").append('=');
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    return text.substring(0, end);
  }

  private void inline(int tag, Vr vr, Object value) throws IOException, DicomRefusal {
    if (vr.form() != Vr.Form.BINARY || !(value instanceof String text)) {
      throw DicomRefusal.unreadable(
          tag, "Expected InlineBinary as text of a binary value representation, but it is not");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw DicomRefusal.unreadable(tag, "Expected base64 in InlineBinary, but it is not");
    }
    if (bytes.length > vr.inlineLimit()) {
      json.writeStringField(
          "BulkDataURI", MetadataWriter.bulkDataUri(Hash.sha256(bytes), bytes.length));
    } else {
      json.writeFieldName("InlineBinary");
      json.writeBinary(bytes);
    }
  }

  private String bulkDataUri(int tag, Object value) throws DicomRefusal {
    if (value instanceof String uri) {
      BulkData data = bulk.get(uri);
      if (data != null) {
        return MetadataWriter.bulkDataUri(data.digest(), data.length());
      }
      if (uri.startsWith("ni:///sha-256;") && uri.length() <= 128) {
        return uri;
      }
    }
    throw DicomRefusal.unreadable(
        tag, "Expected a part of the request with this bulk data (PS3.18 8.6), but there is none");
  }

  private void values(int tag, Vr vr, Object value, int depth) throws IOException, DicomRefusal {
    if (!(value instanceof List<?> list) || vr.form() == Vr.Form.BINARY) {
      throw DicomRefusal.unreadable(
          tag, "Expected Value as an array of this value representation, but it is not");
    }
    if (vr == Vr.SQ && depth >= DataSetReader.MAX_DEPTH) {
      throw DicomRefusal.tooMuch(
          tag,
          "Expected sequences nested at most "
              + DataSetReader.MAX_DEPTH
              + " deep, but these are deeper");
    }
    if (list.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (Object each : list) {
      if (vr == Vr.SQ) {
        dataSet(each instanceof DicomJsonReader.Null ? EMPTY_ITEM : object(tag, each), depth + 1);
      } else if (each instanceof DicomJsonReader.Null) {
        json.writeNull();
      } else {
        single(tag, vr, each);
      }
    }
    json.writeEndArray();
  }

  private void single(int tag, Vr vr, Object value) throws IOException, DicomRefusal {
    switch (vr.form()) {
      case CODE, TEXT, PARAGRAPH, URI -> {
        if (!(value instanceof String text)) {
          throw mistyped(tag);
        }
        json.writeString(text);
      }
      case NAME -> name(tag, object(tag, value));
      case TAG -> {
        if (!(value instanceof String text) || !NAME.matcher(text).matches()) {
          throw mistyped(tag);
        }
        json.writeString(text);
      }
      case DECIMAL -> decimal(tag, value);
      case SIGNED, UNSIGNED -> integer(tag, vr, value);
      case FLOAT -> real(tag, value);
      case BINARY, SEQUENCE -> throw mistyped(tag);
    }
  }

  private static DicomRefusal mistyped(int tag) {
    return DicomRefusal.unreadable(
        tag, "Expected a value as PS3.18 table F.2.3-1 has it for this vr, but got another");
  }

  private void name(int tag, SortedMap<String, Object> groups) throws IOException, DicomRefusal {
    json.writeStartObject();
    for (Map.Entry<String, Object> group : groups.entrySet()) {
      if (!NAME_GROUPS.contains(group.getKey()) || !(group.getValue() instanceof String text)) {
        throw mistyped(tag);
      }
      json.writeStringField(group.getKey(), text);
    }
    json.writeEndObject();
  }

  private void decimal(int tag, Object value) throws IOException, DicomRefusal {
    if (value instanceof NumberText number) {
      json.writeNumber(number.text());
    } else if (value instanceof String text) {
      json.writeString(text);
    } else {
      throw mistyped(tag);
    }
  }

  private void integer(int tag, Vr vr, Object value) throws IOException, DicomRefusal {
    String text =
        value instanceof NumberText number
            ? number.text()
            : value instanceof String string && vr.unit() == 8 ? string : "";
    if (!INTEGER.matcher(text).matches() || !fits(text, vr)) {
      throw mistyped(tag);
    }
    json.writeNumber(text);
  }

  private static boolean fits(String text, Vr vr) {
    BigInteger number = new BigInteger(text);
    int bits = vr.unit() * 8;
    return vr.form() == Vr.Form.UNSIGNED
        ? number.signum() >= 0 && number.bitLength() <= bits
        : number.bitLength() < bits;
  }

  private void real(int tag, Object value) throws IOException, DicomRefusal {
    if (value instanceof NumberText number) {
      json.writeNumber(number.text());
    } else if (value instanceof String text && NOT_FINITE.contains(text)) {
      json.writeString(text);
    } else {
      throw mistyped(tag);
    }
  }
}
