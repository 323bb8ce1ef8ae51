package org.caduceus.adapters.epcis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * Reads one JSON value (RFC 8259) from bytes of a stranger: strict UTF-8, no duplicate keys,
 * nothing after the value, and bounds on everything that costs memory, so that a document of n
 * bytes takes a small multiple of n and no more.
 */
final class StrictJson {
  /** Deepest nesting; EPCIS itself needs nine levels. */
  static final int MAX_DEPTH = 64;

  /** Longest string in characters. */
  static final int MAX_STRING = 262_144;

  private static final int MAX_NAME = 1_024;
  private static final int MAX_NUMBER = 64;

  /** Largest decimal exponent either way: beyond it a plain number would be a bomb of zeros. */
  private static final int MAX_SCALE = 100;

  private static final long MAX_TOKENS = 1_000_000;

  /** What came of reading. */
  sealed interface Reading {
    /** A well-formed value. */
    record Value(JsonNode node) implements Reading {}

    /** Not acceptable JSON. */
    record Unreadable(Refused refusal) implements Reading {}
  }

  private final JsonMapper mapper;

  /** A reader of texts of at most {@code maxLength} characters. */
  StrictJson(int maxLength) {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(MAX_STRING)
            .maxNameLength(MAX_NAME)
            .maxNumberLength(MAX_NUMBER)
            .maxTokenCount(MAX_TOKENS)
            .maxDocumentLength(maxLength)
            .build();
    this.mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(bounds)
                    .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                    .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  /** The value in {@code text}, or why there is none. */
  Reading read(String text) {
    try {
      JsonNode node = mapper.readTree(text);
      if (node == null || node.isMissingNode()) {
        return unreadable(Capture.VALIDATION, "Expected a JSON value, but the body is empty");
      }
      return unacceptable(node, "")
          .<Reading>map(Reading.Unreadable::new)
          .orElseGet(() -> new Reading.Value(node));
    } catch (StreamConstraintsException e) {
      return unreadable(
          Capture.VALIDATION,
          "Expected JSON within the bounds of depth, length and number, but it exceeds one"
              + at(e.getLocation()));
    } catch (JsonProcessingException e) {
      boolean duplicate = e.getOriginalMessage().startsWith("Duplicate field");
      return unreadable(
          Capture.VALIDATION,
          (duplicate
                  ? "Expected every property of an object once, but one is repeated"
                  : "Expected one well-formed JSON value, but it breaks off")
              + at(e.getLocation()));
    } catch (NumberFormatException e) {
      // The parser lets exponents beyond its arithmetic escape in this way.
      return unreadable(
          Capture.VALIDATION, "Expected numbers of everyday size, but one exponent is beyond it");
    }
  }

  /** Numbers that would explode and strings that no encoding can hold. */
  private static Optional<Refused> unacceptable(JsonNode node, String pointer) {
    if (node.isTextual()) {
      return lacksCharacter(node.textValue())
          ? refused(pointer, "Expected Unicode characters, but got half a surrogate pair")
          : Optional.empty();
    }
    if (node.isNumber()) {
      return explodes(node)
          ? refused(pointer, "Expected a number of everyday size, but its exponent is beyond it")
          : Optional.empty();
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        Optional<Refused> found = unacceptable(node.get(i), pointer + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (lacksCharacter(property.getKey())) {
        return refused(pointer, "Expected Unicode names, but got half a surrogate pair");
      }
      Optional<Refused> found =
          unacceptable(property.getValue(), JsonPointers.child(pointer, property.getKey()));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean explodes(JsonNode number) {
    if (!number.isBigDecimal()) {
      return false;
    }
    BigDecimal value = number.decimalValue();
    return Math.abs((long) value.scale()) > MAX_SCALE;
  }

  private static boolean lacksCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private static String at(JsonLocation location) {
    return location == null
        ? ""
        : " in line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static Reading unreadable(String code, String reason) {
    return new Reading.Unreadable(new Refused(code, "", reason));
  }

  private static Optional<Refused> refused(String pointer, String reason) {
    return Optional.of(new Refused(Capture.VALIDATION, pointer, reason));
  }
}
