package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Pointer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths around what is made at first, what is kept, and what is given back. */
class CallMemoryTest {
  private final CallMemory memory = new CallMemory();

  @AfterEach
  void end() {
    memory.close();
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 300_000, 2_000_000, 3_000_000, 33_554_432})
  void aRequestStandsWholeAndAnAnswerComesBack(int length) {
    memory.put(filled(5, 1), filled(length, 2), length + 100);
    assertEquals(5 + length, memory.requestLength());
    byte[] request = memory.request().getByteArray(0, 5 + length);
    assertArrayEquals(filled(5, 1), Arrays.copyOf(request, 5));
    assertArrayEquals(filled(length, 2), Arrays.copyOfRange(request, 5, request.length));
    memory.answer().write(0, filled(length + 100, 3), 0, length + 100);
    memory.answerLength().setInt(0, length + 99);
    assertArrayEquals(filled(length + 99, 3), memory.take());
    memory.clear();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1_500_000})
  void nothingIsLeftOfACallWhetherItsAnswerWasTakenOrNot(int length) {
    for (boolean taken : new boolean[] {true, false}) {
      memory.put(filled(5, 1), filled(length, 2), length);
      Pointer request = memory.request();
      memory.answer().write(0, filled(length, 3), 0, length);
      memory.answerLength().setInt(0, length);
      if (taken) {
        memory.take();
      }
      memory.clear();
      assertArrayEquals(new byte[5 + 2 * length], request.getByteArray(0, 5 + 2 * length));
    }
  }
}
