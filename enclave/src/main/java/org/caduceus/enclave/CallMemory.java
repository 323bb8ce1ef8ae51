package org.caduceus.enclave;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * Native memory in which a request stands while the client library sends it, and its answer when it
 * has come: each is copied once, where JNA would copy an array in and out again. Kept from call to
 * call, overwritten after each; what a very large one needs is given back.
 *
 * <pre>
 *   length of the answer 4, unused 4, request, answer
 * </pre>
 *
 * Not thread-safe.
 */
final class CallMemory implements AutoCloseable {
  private static final int FIRST = 256 * 1024;
  private static final int KEPT = 4 * 1024 * 1024;
  private static final int REQUEST_AT = 8;

  private Memory memory = new Memory(FIRST);
  private long used;
  private int requestLength;

  /** Puts a request there, with room for an answer. */
  void put(byte[] head, byte[] body, int answerCapacity) {
    requestLength = Math.addExact(head.length, body.length);
    long needed = REQUEST_AT + (long) requestLength + answerCapacity;
    if (needed > memory.size()) {
      memory.close();
      memory = new Memory(needed > KEPT ? needed : Math.min(KEPT, 2 * needed));
    }
    used = needed;
    memory.write(REQUEST_AT, head, 0, head.length);
    memory.write(REQUEST_AT + (long) head.length, body, 0, body.length);
  }

  int requestLength() {
    return requestLength;
  }

  Pointer request() {
    return memory.share(REQUEST_AT);
  }

  Pointer answer() {
    return memory.share(REQUEST_AT + (long) requestLength);
  }

  /** Where the library writes how long the answer is. */
  Pointer answerLength() {
    return memory;
  }

  /** The answer, after a call that went well. */
  byte[] take() {
    int length = memory.getInt(0);
    byte[] answer = new byte[length];
    memory.read(REQUEST_AT + (long) requestLength, answer, 0, length);
    used = REQUEST_AT + (long) requestLength + length;
    return answer;
  }

  /** Leaves nothing of the call behind, nor of an answer that came in part. */
  void clear() {
    memory.clear(used);
    if (memory.size() > KEPT) {
      memory.close();
      memory = new Memory(FIRST);
    }
    used = 0;
  }

  @Override
  public void close() {
    memory.close();
  }
}
