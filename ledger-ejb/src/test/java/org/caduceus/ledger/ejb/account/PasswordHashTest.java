package org.caduceus.ledger.ejb.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PasswordHashTest {
  private static final char[] PASSWORD = "correct horse".toCharArray();

  @Test
  void aPasswordMatchesItsOwnHashOnly() {
    String hash = PasswordHash.of(PASSWORD);
    assertTrue(PasswordHash.matches(hash, PASSWORD));
    assertFalse(PasswordHash.matches(hash, "correct horse ".toCharArray()));
    assertFalse(PasswordHash.matches(hash, new char[0]));
  }

  @Test
  void equalPasswordsHaveDifferentHashes() {
    assertNotEquals(PasswordHash.of(PASSWORD), PasswordHash.of(PASSWORD));
  }

  @Test
  void nobodysHashCostsAsMuchToCompareAndMatchesNothing() {
    String nobody = PasswordHash.ofNobody();
    assertEquals(
        PasswordHash.of(PASSWORD).split("\\$")[1],
        nobody.split("\\$")[1],
        "as many iterations as a real one");
    assertFalse(PasswordHash.matches(nobody, PASSWORD));
  }

  @Test
  void aDamagedHashIsNotTakenForAWrongPassword() {
    assertThrows(IllegalStateException.class, () -> PasswordHash.matches("md5$1$AA$AA", PASSWORD));
  }
}
