package org.caduceus.adapters.epcis;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.caduceus.adapters.epcis.XmlElement.Attribute;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * Reads one XML document from a stranger: no entity but the five of XML itself, nothing external,
 * no document type that declares anything, and bounds on depth, number and length. An empty {@code
 * <!DOCTYPE name>} is let through, for examples of the standard have one.
 */
final class StrictXml {
  private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
  private static final Pattern EMPTY_DOCTYPE =
      Pattern.compile("<!DOCTYPE\\s+[A-Za-z_][A-Za-z0-9_:.-]{0,99}\\s*>");
  private static final int MAX_NODES = 300_000;

  /** What a document may declare of itself; its bytes were decoded as UTF-8 before. */
  private static final Set<String> ENCODINGS = Set.of("UTF-8", "UTF8", "US-ASCII", "ASCII");

  /** What came of reading. */
  sealed interface Reading {
    /** A well-formed document. */
    record Root(XmlElement element) implements Reading {}

    /** Not acceptable XML. */
    record Unreadable(Refused refusal) implements Reading {}
  }

  /** An element whose end has not come yet. */
  private record Open(
      String namespace,
      String prefix,
      String name,
      List<Attribute> attributes,
      List<XmlElement> children,
      StringBuilder text) {
    XmlElement closed() {
      return new XmlElement(namespace, prefix, name, attributes, children, text.toString().strip());
    }
  }

  private final XMLInputFactory factory;

  StrictXml() {
    // The platform's own parser, whatever else a server has on its class path.
    factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("Expected no external entity");
        });
  }

  /** The document in {@code text}, or why there is none. */
  Reading read(String text) {
    int doctype = text.indexOf("<!DOCTYPE");
    if (doctype >= 0
        && (text.indexOf("<!DOCTYPE", doctype + 1) >= 0
            || !EMPTY_DOCTYPE.matcher(text).region(doctype, text.length()).lookingAt())) {
      return unreadable("Expected no document type declaration, but there is one");
    }
    try {
      XMLStreamReader reader;
      synchronized (factory) {
        reader = factory.createXMLStreamReader(new StringReader(text));
      }
      String declared = reader.getCharacterEncodingScheme();
      if (declared != null && !ENCODINGS.contains(declared.toUpperCase(Locale.ROOT))) {
        return unreadable("Expected XML in UTF-8, but it declares another encoding");
      }
      return tree(reader);
    } catch (XMLStreamException e) {
      return unreadable(
          "Expected well-formed XML, but it breaks off"
              + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNumber()));
    }
  }

  private static Reading tree(XMLStreamReader reader) throws XMLStreamException {
    Deque<Open> open = new ArrayDeque<>();
    XmlElement root = null;
    int nodes = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          nodes += 1 + reader.getAttributeCount();
          if (nodes > MAX_NODES || open.size() >= StrictJson.MAX_DEPTH) {
            return unreadable("Expected fewer or less deeply nested elements, but got more");
          }
          open.push(start(reader));
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            StringBuilder text = open.peek().text();
            if (text.length() + reader.getTextLength() > StrictJson.MAX_STRING) {
              return unreadable("Expected shorter text, but got more than the bound");
            }
            text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          XmlElement closed = open.pop().closed();
          if (open.isEmpty()) {
            root = closed;
          } else {
            open.peek().children().add(closed);
          }
        }
        case XMLStreamConstants.ENTITY_REFERENCE -> {
          return unreadable("Expected no entity of a document type, but there is one");
        }
        default -> {
          // Comments, processing instructions and the empty document type say nothing.
        }
      }
    }
    return root == null ? unreadable("Expected an element, but got none") : new Reading.Root(root);
  }

  private static Open start(XMLStreamReader reader) {
    List<Attribute> attributes = new ArrayList<>(reader.getAttributeCount());
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String namespace = orEmpty(reader.getAttributeNamespace(i));
      if (!namespace.equals(SCHEMA_INSTANCE)) {
        attributes.add(
            new Attribute(
                namespace,
                orEmpty(reader.getAttributePrefix(i)),
                reader.getAttributeLocalName(i),
                reader.getAttributeValue(i).strip()));
      }
    }
    return new Open(
        orEmpty(reader.getNamespaceURI()),
        orEmpty(reader.getPrefix()),
        reader.getLocalName(),
        attributes,
        new ArrayList<>(),
        new StringBuilder());
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static Reading unreadable(String reason) {
    return new Reading.Unreadable(new Refused(Capture.VALIDATION, "", reason));
  }
}
