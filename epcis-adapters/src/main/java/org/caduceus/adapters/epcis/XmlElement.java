package org.caduceus.adapters.epcis;

import java.util.List;

/**
 * An XML element with what EPCIS needs of it.
 *
 * @param namespace namespace URI, empty for none
 * @param prefix as the document wrote it, empty for none
 * @param name local name
 * @param attributes without namespace declarations and those of XML Schema instances
 * @param children in document order
 * @param text all character data directly inside, stripped
 */
record XmlElement(
    String namespace,
    String prefix,
    String name,
    List<Attribute> attributes,
    List<XmlElement> children,
    String text) {

  /**
   * An attribute.
   *
   * @param namespace namespace URI, empty for none
   * @param prefix as the document wrote it, empty for none
   * @param name local name
   * @param value stripped
   */
  record Attribute(String namespace, String prefix, String name, String value) {}

  /** The value of the attribute without namespace, empty when it is absent. */
  String attribute(String wanted) {
    for (Attribute attribute : attributes) {
      if (attribute.namespace().isEmpty() && attribute.name().equals(wanted)) {
        return attribute.value();
      }
    }
    return "";
  }

  /** Whether it is an element of the standard, which has no namespace, of this name. */
  boolean is(String wanted) {
    return namespace.isEmpty() && name.equals(wanted);
  }
}
