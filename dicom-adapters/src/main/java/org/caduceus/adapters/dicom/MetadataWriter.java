package org.caduceus.adapters.dicom;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.caduceus.ledger.Hash;

/**
 * Writes the DICOM JSON model (PS3.18 Annex F) attribute by attribute, without holding a tree.
 *
 * <p>Numbers in text (DS, IS) become JSON numbers with their digits unchanged when JSON can write
 * them so, and strings otherwise. Bulk data becomes a BulkDataURI that names it by its digest (RFC
 * 6920), since the value itself is not kept.
 */
final class MetadataWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final String[] NAME_GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

  private final BoundedOutput output;
  private final JsonGenerator json;

  private MetadataWriter(BoundedOutput output) throws IOException {
    this.output = output;
    this.json = JSON.createGenerator(output, JsonEncoding.UTF8);
  }

  /** A writer whose output can be fetched with {@link #finish}. */
  static MetadataWriter keeping() throws IOException {
    return new MetadataWriter(new BoundedOutput(true));
  }

  /** A writer that only enforces the limits. */
  static MetadataWriter discarding() throws IOException {
    return new MetadataWriter(new BoundedOutput(false));
  }

  byte[] finish() throws IOException {
    json.close();
    return output.toByteArray();
  }

  void startDataSet() throws IOException {
    json.writeStartObject();
  }

  void endDataSet() throws IOException {
    json.writeEndObject();
  }

  void startSequence(int tag) throws IOException {
    startAttribute(tag, Vr.SQ);
  }

  void startItems() throws IOException {
    json.writeArrayFieldStart("Value");
  }

  void endSequence(boolean hasItems) throws IOException {
    if (hasItems) {
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** An attribute whose value is left out, named by its digest. */
  void bulk(int tag, Vr vr, Hash digest, long length) throws IOException {
    startAttribute(tag, vr);
    json.writeStringField("BulkDataURI", bulkDataUri(digest, length));
    json.writeEndObject();
  }

  /**
   * {@code ni:///sha-256;…?length=…}.
   *
   * @param length bytes of the value field
   */
  static String bulkDataUri(Hash digest, long length) {
    return "ni:///sha-256;"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(digest.toArray())
        + "?length="
        + length;
  }

  /** An attribute with its value. */
  void attribute(int tag, Vr vr, byte[] value, boolean bigEndian, SpecificCharacterSet characters)
      throws IOException {
    if (tag == Tag.SPECIFIC_CHARACTER_SET) {
      // The JSON is UTF-8, whatever the data set was (PS3.18 section F.1.3).
      startAttribute(tag, vr);
      json.writeArrayFieldStart("Value");
      json.writeString("ISO_IR 192");
      json.writeEndArray();
      json.writeEndObject();
      return;
    }
    // A number field of a broken length keeps its bytes.
    Vr shown = value.length % vr.unit() == 0 ? vr : Vr.UN;
    startAttribute(tag, shown);
    switch (shown.form()) {
      case CODE -> texts(split(ascii(value)));
      case TEXT -> texts(split(characters.decode(value, "\\")));
      case PARAGRAPH -> paragraph(characters.decode(value, ""));
      case URI -> paragraph(ascii(value));
      case NAME -> names(split(characters.decode(value, "\\^=")));
      case DECIMAL -> decimals(split(ascii(value)));
      case SIGNED, UNSIGNED, FLOAT, TAG -> numbers(shown, ordered(value, bigEndian));
      case BINARY, SEQUENCE -> binary(shown, value, bigEndian);
    }
    json.writeEndObject();
  }

  /** Text of the default repertoire, without the padding. */
  static String ascii(byte[] value) {
    return trimEnd(new String(value, StandardCharsets.ISO_8859_1));
  }

  static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
      end--;
    }
    return text.substring(0, end);
  }

  private static List<String> split(String text) {
    List<String> values = new ArrayList<>();
    int start = 0;
    for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', start)) {
      values.add(trimEnd(text.substring(start, at)).strip());
      start = at + 1;
    }
    values.add(trimEnd(text.substring(start)).strip());
    return values;
  }

  private static boolean isEmpty(List<String> values) {
    return values.size() == 1 && values.get(0).isEmpty();
  }

  private void startAttribute(int tag, Vr vr) throws IOException {
    json.writeObjectFieldStart(Tag.hex(tag));
    json.writeStringField("vr", vr.name());
  }

  private void texts(List<String> values) throws IOException {
    if (isEmpty(values)) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (String value : values) {
      if (value.isEmpty()) {
        json.writeNull();
      } else {
        json.writeString(value);
      }
    }
    json.writeEndArray();
  }

  private void paragraph(String text) throws IOException {
    String value = trimEnd(text);
    if (!value.isEmpty()) {
      json.writeArrayFieldStart("Value");
      json.writeString(value);
      json.writeEndArray();
    }
  }

  private void names(List<String> values) throws IOException {
    if (isEmpty(values)) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (String value : values) {
      String[] groups = value.split("=", NAME_GROUPS.length);
      if (String.join("", groups).isBlank()) {
        json.writeNull();
        continue;
      }
      json.writeStartObject();
      for (int i = 0; i < groups.length; i++) {
        if (!groups[i].isBlank()) {
          json.writeStringField(NAME_GROUPS[i], groups[i]);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void decimals(List<String> values) throws IOException {
    if (isEmpty(values)) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (String value : values) {
      if (value.isEmpty()) {
        json.writeNull();
      } else if (value.length() <= 16 && JSON_NUMBER.matcher(value).matches()) {
        json.writeNumber(value);
      } else {
        json.writeString(value);
      }
    }
    json.writeEndArray();
  }

  private static ByteBuffer ordered(byte[] value, boolean bigEndian) {
    return ByteBuffer.wrap(value).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private void numbers(Vr vr, ByteBuffer in) throws IOException {
    if (!in.hasRemaining()) {
      return;
    }
    json.writeArrayFieldStart("Value");
    while (in.hasRemaining()) {
      switch (vr) {
        case US -> json.writeNumber(Short.toUnsignedInt(in.getShort()));
        case SS -> json.writeNumber(in.getShort());
        case UL -> json.writeNumber(Integer.toUnsignedLong(in.getInt()));
        case SL -> json.writeNumber(in.getInt());
        case UV -> json.writeNumber(Long.toUnsignedString(in.getLong()));
        case SV -> json.writeNumber(in.getLong());
        case FL -> real(in.getFloat());
        case FD -> real(in.getDouble());
        default ->
            json.writeString(
                Tag.hex(
                    Short.toUnsignedInt(in.getShort()) << 16 | Short.toUnsignedInt(in.getShort())));
      }
    }
    json.writeEndArray();
  }

  private void real(float number) throws IOException {
    if (Float.isFinite(number)) {
      json.writeNumber(number);
    } else {
      notFinite(number);
    }
  }

  private void real(double number) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      notFinite(number);
    }
  }

  /** JSON has no such numbers; PS3.18 section F.2.3.1 writes them as strings. */
  private void notFinite(double number) throws IOException {
    json.writeString(Double.isNaN(number) ? "NaN" : number > 0 ? "inf" : "-inf");
  }

  private void binary(Vr vr, byte[] value, boolean bigEndian) throws IOException {
    if (value.length > 0) {
      json.writeFieldName("InlineBinary");
      json.writeBinary(bigEndian ? swapped(value, vr.unit()) : value);
    }
  }

  /**
   * Little-endian words from big-endian ones, as InlineBinary wants them (PS3.18 section F.2.7).
   */
  private static byte[] swapped(byte[] value, int unit) {
    byte[] swapped = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      swapped[i] = value[i - i % unit + unit - 1 - i % unit];
    }
    return swapped;
  }
}
