package org.caduceus.adapters.hl7v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DelimitersTest {
  @Test
  void separatorsAndControlsAreEscaped() {
    assertEquals(
        "a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f g", Delimiters.STANDARD.escaped("a|b^c~d\\e&f\rg"));
  }

  @Test
  void withoutEscapeCharacterSeparatorsBecomeBlanks() {
    assertEquals("a b c", Delimiters.of('|', "^").escaped("a|b^c"));
  }
}
