package org.caduceus.routes.mllp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import org.caduceus.ledger.Bytes;

/**
 * Cuts a socket's bytes into frames: {@code <VT> content <FS><CR>} (MLLP Release 1). What follows
 * an end block stays for the next call, so pipelined frames are never lost. Bytes before a start
 * block are skipped and counted. A vertical tab or a file separator inside the content is content.
 *
 * <pre>
 *   OUTSIDE --VT--> INSIDE --FS CR--> OUTSIDE (frame)
 *   OUTSIDE --other--> OUTSIDE (garbage; from now on the pause limit holds)
 *   INSIDE  --more than maxFrameBytes--> end (too large)
 * </pre>
 *
 * Not thread-safe. A pause beyond the limit ends in {@link java.net.SocketTimeoutException};
 * without an open frame or garbage a connection may idle for ever.
 */
final class FrameReader {
  private static final byte VT = 0x0b;
  private static final byte FS = 0x1c;
  private static final byte CR = 0x0d;

  private static final int USUAL = 8 * 1024;
  private static final int KEPT = 64 * 1024;

  /** Enough of a frame that is too large to find its header. */
  private static final int BEGINNING = 4 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final int maxFrameBytes;
  private final int pauseMs;

  private byte[] buffer = new byte[USUAL];
  private int position;
  private int limit;
  private int timeout = -1;
  private long garbage;

  FrameReader(Socket socket, int maxFrameBytes, int pauseMs) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.maxFrameBytes = maxFrameBytes;
    this.pauseMs = pauseMs;
  }

  /** What comes next on the connection. */
  sealed interface Next {
    /** A frame, maybe an empty one. */
    record Frame(Bytes content) implements Next {}

    /** A frame beyond the limit; the connection is of no use any more. */
    record TooLarge(Bytes beginning) implements Next {}

    /**
     * The peer has closed.
     *
     * @param dropped bytes of a frame that was not complete
     */
    record End(int dropped) implements Next {}
  }

  /** Bytes outside of frames since the last call of this method, line ends and blanks excluded. */
  long takeGarbage() {
    long count = garbage;
    garbage = 0;
    return count;
  }

  /** Waits for the next frame. */
  Next next() throws IOException {
    if (!skipToStart()) {
      return new Next.End(0);
    }
    int start = position;
    int scan = start;
    while (true) {
      while (scan + 1 < limit) {
        if (buffer[scan] == FS && buffer[scan + 1] == CR) {
          position = scan + 2;
          return scan - start > maxFrameBytes ? tooLarge(start) : frame(start, scan);
        }
        scan++;
      }
      if (limit - start > maxFrameBytes + 2) {
        return tooLarge(start);
      }
      if (limit == buffer.length) {
        makeRoom(start);
        scan -= start;
        start = 0;
      }
      if (!fill(pauseMs)) {
        return new Next.End(limit - start);
      }
    }
  }

  private boolean skipToStart() throws IOException {
    long skipped = 0;
    while (true) {
      while (position < limit) {
        byte b = buffer[position++];
        if (b == VT) {
          garbage += skipped;
          return true;
        }
        if (b < 0 || b > ' ') {
          skipped++;
        }
      }
      position = 0;
      limit = 0;
      shrink();
      if (skipped > maxFrameBytes || !fill(skipped > 0 ? pauseMs : 0)) {
        garbage += skipped;
        return false;
      }
    }
  }

  private Next frame(int start, int end) {
    return new Next.Frame(Bytes.of(buffer, start, end - start));
  }

  private Next tooLarge(int start) {
    return new Next.TooLarge(Bytes.of(buffer, start, Math.min(BEGINNING, limit - start)));
  }

  /** Moves the open frame to the front, into a larger array when it fills this one. */
  private void makeRoom(int start) {
    int length = limit - start;
    byte[] target =
        length > buffer.length / 2
            ? new byte[(int) Math.min(buffer.length * 2L, Math.max(maxFrameBytes + 16L, USUAL))]
            : buffer;
    System.arraycopy(buffer, start, target, 0, length);
    buffer = target;
    position = 0;
    limit = length;
  }

  /** Gives the memory of a large frame back once nothing of it is needed. */
  private void shrink() {
    if (buffer.length > KEPT) {
      buffer = new byte[USUAL];
    }
  }

  private boolean fill(int timeoutMs) throws IOException {
    if (timeout != timeoutMs) {
      socket.setSoTimeout(timeoutMs);
      timeout = timeoutMs;
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    if (read < 0) {
      return false;
    }
    limit += read;
    return true;
  }

  /** Reads and forgets what still comes, so that a last answer is not destroyed by a reset. */
  void drain(int forMs) throws IOException {
    long until = System.nanoTime() + forMs * 1_000_000L;
    byte[] sink = Arrays.copyOf(buffer, USUAL);
    long left = forMs;
    while (left > 0) {
      socket.setSoTimeout((int) left);
      if (in.read(sink) < 0) {
        return;
      }
      left = (until - System.nanoTime()) / 1_000_000L;
    }
  }
}
