package org.caduceus.routes.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a multipart body (RFC 2046 section 5.1, RFC 2387) part by part as a stream: memory is one
 * buffer, whatever the size of a part. Asking for the next part passes over what is left of the one
 * before.
 */
final class MultipartBody {
  /** Longest header of a part in bytes, all lines together. */
  static final int MAX_HEADER_BYTES = 8 * 1024;

  private static final int BUFFER = 64 * 1024;
  private static final int MAX_BOUNDARY = 70;
  private static final int LINE_END = 2;

  /**
   * One part.
   *
   * @param headers values by lower-case name
   * @param body to its end; invalid once the next part is asked for
   */
  record Part(Map<String, String> headers, InputStream body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int start;
  private int end;
  private boolean inputEnded;
  private boolean closed;

  /** Bytes from {@code start} up to here are known to belong to the part. */
  private int safe;

  /** Length of the delimiter that ends the current part. */
  private int pending;

  private InputStream current;

  /**
   * A reader of {@code in}.
   *
   * @throws MalformedMultipart if {@code boundary} is empty or longer than 70 characters
   */
  MultipartBody(InputStream in, String boundary) throws IOException {
    if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
      throw new MalformedMultipart("Expected a boundary of 1 to 70 characters, but got another");
    }
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.pending = delimiter.length;
    // The first delimiter has no line before it when there is no preamble.
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
    current = new PartStream();
  }

  /** The next part, or empty after the last. */
  Optional<Part> next() throws IOException {
    if (closed) {
      return Optional.empty();
    }
    current.transferTo(OutputStream.nullOutputStream());
    start += pending;
    fill(2);
    if (end - start >= 2 && buffer[start] == '-' && buffer[start + 1] == '-') {
      closed = true;
      return Optional.empty();
    }
    if (!line(MAX_HEADER_BYTES).isBlank()) {
      throw new MalformedMultipart("Expected the end of the line after a boundary, but got more");
    }
    Map<String, String> headers = headers();
    safe = start;
    // An empty part's delimiter may share the line end that closed its headers.
    boolean empty = delimiterAt(LINE_END);
    pending = empty ? delimiter.length - LINE_END : delimiter.length;
    current = empty ? InputStream.nullInputStream() : new PartStream();
    return Optional.of(new Part(headers, current));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    int left = MAX_HEADER_BYTES;
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length() + 1;
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new MalformedMultipart("Expected a header with a colon in a part, but got none");
      }
      headers.putIfAbsent(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** One line without its end, CRLF or LF. */
  private String line(int limit) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (start == end && !fill(1)) {
        throw new MalformedMultipart("Expected the header of a part, but the body ends");
      }
      char c = (char) (buffer[start++] & 0xff);
      if (c == '\n') {
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
      }
      if (line.length() >= limit) {
        throw new MalformedMultipart(
            "Expected at most " + MAX_HEADER_BYTES + " bytes of header, but a part has more");
      }
      line.append(c);
    }
  }

  /** Tries to have {@code count} bytes in the buffer; whether it has. */
  private boolean fill(int count) throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
      safe = 0;
    }
    while (end - start < count && !inputEnded) {
      if (buffer.length - start < count) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        safe -= start;
        start = 0;
      }
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        inputEnded = true;
      } else {
        end += read;
      }
    }
    return end - start >= count;
  }

  /**
   * Whether a delimiter, without its first {@code skipped} bytes, stands at {@code start}; reads on
   * until it can tell.
   */
  private boolean delimiterAt(int skipped) throws IOException {
    int length = delimiter.length - skipped;
    fill(length + 1);
    if (end - start < length || !matches(start, skipped, length)) {
      return false;
    }
    if (end - start == length) {
      return true;
    }
    // A longer word is data that happens to begin like the delimiter.
    byte after = buffer[start + length];
    return after == '-' || after == '\r' || after == '\n' || after == ' ' || after == '\t';
  }

  private boolean matches(int at, int skipped, int length) {
    for (int i = 0; i < length; i++) {
      if (buffer[at + i] != delimiter[skipped + i]) {
        return false;
      }
    }
    return true;
  }

  /** Moves {@code safe} to the next place where a delimiter may begin, or to the buffer's end. */
  private void scan() {
    int at = Math.max(safe, start);
    while (at < end && !mayBegin(at)) {
      at++;
    }
    safe = at;
  }

  private boolean mayBegin(int at) {
    return buffer[at] == '\r' && matches(at, 0, Math.min(delimiter.length, end - at));
  }

  /** The part that begins at the buffer's start. */
  private final class PartStream extends InputStream {
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      if (ended || current != this || !hasData()) {
        ended = true;
        return -1;
      }
      int count = Math.min(length, safe - start);
      System.arraycopy(buffer, start, target, offset, count);
      start += count;
      return count;
    }

    /** Sees to it that a byte of the part is at hand; false at the part's end. */
    private boolean hasData() throws IOException {
      if (safe > start) {
        return true;
      }
      if (!fill(1)) {
        throw new MalformedMultipart("Expected a closing boundary, but the body ends");
      }
      scan();
      if (safe > start) {
        return true;
      }
      if (delimiterAt(0)) {
        return false;
      }
      // Not a delimiter after all: the first byte is data.
      safe = start + 1;
      return true;
    }
  }
}
