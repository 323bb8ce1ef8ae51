package org.caduceus.adapters.epcis.gs1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckDigitTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "96385074",
        "614141000036",
        "4006381333931",
        "10614141073464",
        "106141412345678908"
      })
  void publishedKeysAreValid(String key) {
    assertTrue(CheckDigit.isValid(key));
    assertEquals(key.charAt(key.length() - 1), CheckDigit.of(key.substring(0, key.length() - 1)));
  }

  @Test
  void everyOtherLastDigitIsInvalid() {
    for (char c = '0'; c <= '9'; c++) {
      assertEquals(c == '1', CheckDigit.isValid("400638133393" + c));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "400638133393x", " 4006381333931", "４００６３８１３３３９３１"})
  void whatIsNoKeyIsInvalid(String text) {
    assertFalse(CheckDigit.isValid(text));
  }

  @Test
  void onlyDigitsHaveACheckDigit() {
    assertThrows(IllegalArgumentException.class, () -> CheckDigit.of("12a"));
    assertThrows(IllegalArgumentException.class, () -> CheckDigit.of(""));
  }
}
