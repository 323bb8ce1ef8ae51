package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages that the simulation does not send; it encodes and decodes the others. */
final class PeerMessageTest {
  @Test
  void aChallengeAndItsAnswerTravel() {
    PeerMessage challenge = new PeerMessage.CredentialChallenge(Bytes.fromHex("0001aa0002bbcc"));
    assertEquals("434443315045455211000000070001aa0002bbcc", challenge.encode().toHex());
    assertEquals(challenge, PeerMessage.decode(challenge.encode()));
    PeerMessage answer = new PeerMessage.CredentialAnswer(Bytes.fromHex("5ec7e7"));
    assertEquals("434443315045455212000000035ec7e7", answer.encode().toHex());
    assertEquals(answer, PeerMessage.decode(answer.encode()));
    assertFalse(answer.toString().contains("5ec7e7"), "an answer is a secret");
  }

  @Test
  void longerOnesAreMalformed() {
    assertEquals(
        1024, new PeerMessage.CredentialChallenge(Bytes.of(new byte[1024])).challenge().length());
    assertThrows(
        MalformedException.class,
        () -> new PeerMessage.CredentialChallenge(Bytes.of(new byte[1025])));
    assertEquals(64, new PeerMessage.CredentialAnswer(Bytes.of(new byte[64])).secret().length());
    String tooLong = "434443315045455212" + "00000041" + "00".repeat(65);
    assertThrows(MalformedException.class, () -> PeerMessage.decode(Bytes.fromHex(tooLong)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "13", "ff"})
  void aKindThatNobodyKnowsIsMalformed(String kind) {
    Bytes bytes = Bytes.fromHex("4344433150454552" + kind + "00000000");
    assertThrows(MalformedException.class, () -> PeerMessage.decode(bytes));
  }
}
