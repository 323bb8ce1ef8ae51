package org.caduceus.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.caduceus.ledger.Bytes;

/** What a file holds, told from its content, ready for the inlet that takes it. */
sealed interface MessageFile {
  /** HL7 v2 messages, each with CR at the end of its segments, without frames. */
  record Hl7(List<byte[]> messages) implements MessageFile {
    public Hl7 {
      messages = List.copyOf(messages);
    }
  }

  /** An instance for STOW-RS, media type {@code application/dicom} or {@code ...+json}. */
  record Dicom(String mediaType, Bytes bytes) implements MessageFile {}

  /** An EPCIS document for capture, with the identifiers of its events if each has one. */
  record EpcisDocument(String mediaType, Bytes bytes, List<String> eventIds)
      implements MessageFile {
    public EpcisDocument {
      eventIds = List.copyOf(eventIds);
    }
  }

  /** A single EPCIS event. */
  record EpcisEvent(Bytes bytes, List<String> eventIds) implements MessageFile {
    public EpcisEvent {
      eventIds = List.copyOf(eventIds);
    }
  }

  /** Nothing that an inlet takes. */
  record Unknown(String reason) implements MessageFile {}

  /** Recognises the content; the name decides only where the content does not. */
  static MessageFile recognise(String name, byte[] bytes) {
    if ((bytes.length >= 132 && ascii(bytes, 128, 4).equals("DICM")) || name.endsWith(".dcm")) {
      return new Dicom("application/dicom", Bytes.of(bytes));
    }
    byte[] text = withoutMark(bytes);
    String start = new String(text, 0, Math.min(text.length, 512), StandardCharsets.ISO_8859_1);
    String head = start.replaceFirst("^[\\s\\x0b]+", "");
    if (head.matches("(?s)(MSH|FHS|BHS)[^A-Za-z0-9\\s].*")) {
      return new Hl7(hl7Messages(text));
    }
    if (head.startsWith("{") || head.startsWith("[")) {
      return json(text);
    }
    if (head.startsWith("<") && start.contains("EPCIS")) {
      return xml(text);
    }
    return new Unknown("neither HL7 v2 nor DICOM nor EPCIS");
  }

  private static MessageFile json(byte[] text) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      return new Unknown("JSON that cannot be read");
    } catch (IOException e) {
      throw new IllegalStateException("Expected to read from memory", e);
    }
    JsonNode first = root.isArray() ? root.path(0) : root;
    if (first.has("00080018") || first.has("00080016")) {
      return new Dicom("application/dicom+json", Bytes.of(text));
    }
    String type = first.path("type").asText(first.path("isA").asText());
    if (type.equals("EPCISDocument") || root.has("epcisBody")) {
      List<String> ids = new ArrayList<>();
      JsonNode events = root.path("epcisBody").path("eventList");
      events.forEach(event -> addId(event, ids));
      return document("application/json", text, events.size(), ids);
    }
    if (type.endsWith("Event")) {
      List<String> ids = new ArrayList<>();
      addId(first, ids);
      return new EpcisEvent(Bytes.of(text), ids);
    }
    return new Unknown("JSON, but neither DICOM metadata nor an EPCIS document or event");
  }

  private static MessageFile xml(byte[] text) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    List<String> ids = new ArrayList<>();
    int events = 0;
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(text));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT) {
          if (reader.getLocalName().endsWith("Event")) {
            events++;
          } else if (reader.getLocalName().equals("eventID")) {
            ids.add(reader.getElementText().strip());
          }
        }
      }
    } catch (XMLStreamException e) {
      return new Unknown("XML that cannot be read");
    }
    return document("application/xml", text, events, ids);
  }

  // Where an event has no identifier, only the node knows which it was given.
  private static EpcisDocument document(
      String mediaType, byte[] text, int events, List<String> ids) {
    return new EpcisDocument(mediaType, Bytes.of(text), ids.size() == events ? ids : List.of());
  }

  private static void addId(JsonNode event, List<String> ids) {
    if (event.path("eventID").isTextual()) {
      ids.add(event.path("eventID").asText());
    }
  }

  /**
   * Splits at each MSH that begins a line; batch headers and trailers (FHS, BHS, BTS, FTS) are left
   * out, frames removed, and any end of line becomes CR.
   */
  private static List<byte[]> hl7Messages(byte[] text) {
    List<byte[]> messages = new ArrayList<>();
    ByteArrayOutputStream current = null;
    for (byte[] line : lines(text)) {
      String name = ascii(line, 0, 3);
      if (name.equals("MSH")) {
        if (current != null) {
          messages.add(current.toByteArray());
        }
        current = new ByteArrayOutputStream();
      }
      boolean envelope = List.of("FHS", "BHS", "BTS", "FTS").contains(name);
      if (current != null && !envelope) {
        current.writeBytes(line);
        current.write('\r');
      }
    }
    if (current != null) {
      messages.add(current.toByteArray());
    }
    return messages;
  }

  private static List<byte[]> lines(byte[] text) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || text[i] == '\r' || text[i] == '\n') {
        // Frame characters (VT before, FS behind a message) of a captured stream.
        while (start < i && (text[start] == 0x0b || text[start] == 0x1c)) {
          start++;
        }
        int end = i;
        while (end > start && text[end - 1] == 0x1c) {
          end--;
        }
        if (end > start) {
          lines.add(Arrays.copyOfRange(text, start, end));
        }
        start = i + 1;
      }
    }
    return lines;
  }

  private static byte[] withoutMark(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && (bytes[0] & 0xff) == 0xef
            && (bytes[1] & 0xff) == 0xbb
            && (bytes[2] & 0xff) == 0xbf;
    return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
  }

  private static String ascii(byte[] bytes, int offset, int length) {
    int end = Math.min(bytes.length, offset + length);
    return end <= offset ? "" : new String(bytes, offset, end - offset, StandardCharsets.US_ASCII);
  }
}
