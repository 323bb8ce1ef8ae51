package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;

/**
 * One byte sequence for a JSON value: keys sorted by UTF-16 code unit, no white space, shortest
 * escapes, as RFC 8785; numbers in plain decimal notation without superfluous zeros, which keeps
 * every digit where RFC 8785 would round to a double.
 */
final class CanonicalJson {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private CanonicalJson() {}

  /** The bytes of {@code node}, whose numbers have passed {@link StrictJson}. */
  static Bytes of(JsonNode node) {
    StringBuilder out = new StringBuilder(1024);
    write(node, out);
    return Bytes.wrap(out.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Plain decimal text of a number, {@code 0} for every zero. */
  static String number(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().toString();
    }
    BigDecimal value = node.decimalValue();
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> writeObject(node, out);
      case ARRAY -> {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          write(node.get(i), out);
        }
        out.append(']');
      }
      case STRING -> writeText(node.textValue(), out);
      case NUMBER -> out.append(number(node));
      default -> out.append(node.asText());
    }
  }

  private static void writeObject(JsonNode node, StringBuilder out) {
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      sorted.put(property.getKey(), property.getValue());
    }
    char separator = '{';
    for (Map.Entry<String, JsonNode> property : sorted.entrySet()) {
      out.append(separator);
      writeText(property.getKey(), out);
      out.append(':');
      write(property.getValue(), out);
      separator = ',';
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
