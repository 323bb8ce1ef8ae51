package org.caduceus.deploy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.SocketFactory;

/** One MLLP connection: a message out, its acknowledgement back. Not thread-safe. */
public final class MllpClient implements AutoCloseable {
  private static final int START = 0x0b;
  private static final int END = 0x1c;
  private static final int CARRIAGE_RETURN = 0x0d;
  private static final int CONNECT_MS = 5_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /**
   * Connects to a listener on this machine.
   *
   * @param answerMs longest wait for an acknowledgement
   */
  public MllpClient(int port, int answerMs) throws IOException {
    this(SocketFactory.getDefault(), port, answerMs);
  }

  /** Same, with TLS for instance. */
  public MllpClient(SocketFactory sockets, int port, int answerMs) throws IOException {
    socket = sockets.createSocket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(answerMs);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
      in = new BufferedInputStream(socket.getInputStream(), 8192);
      out = socket.getOutputStream();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * An acknowledgement, read leniently.
   *
   * @param code MSA-1, or empty
   * @param controlId MSA-2, or empty
   * @param text ERR-3, ERR-2 and the texts of ERR-7, ERR-8 or MSA-3, or empty
   */
  public record Acknowledgement(String code, String controlId, String text) {
    /** Whether the receiver has taken responsibility: AA or CA. */
    public boolean isPositive() {
      return code.equals("AA") || code.equals("CA");
    }

    static Acknowledgement parse(byte[] bytes) {
      String code = "";
      String id = "";
      StringBuilder text = new StringBuilder();
      for (String segment : new String(bytes, StandardCharsets.UTF_8).split("[\r\n]+")) {
        String[] fields = segment.split("\\|", -1);
        if (fields[0].equals("MSA")) {
          code = field(fields, 1);
          id = field(fields, 2);
          append(text, field(fields, 3));
        } else if (fields[0].equals("ERR")) {
          append(text, field(fields, 3));
          append(text, field(fields, 2));
          append(text, field(fields, 8).isEmpty() ? field(fields, 7) : field(fields, 8));
        }
      }
      return new Acknowledgement(code, id, text.toString());
    }

    private static String field(String[] fields, int index) {
      return index < fields.length ? fields[index] : "";
    }

    private static void append(StringBuilder text, String part) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : " ").append(part);
      }
    }
  }

  /** Sends one message and waits for the acknowledgement. */
  public Acknowledgement exchange(byte[] message) throws IOException {
    byte[] frame = new byte[message.length + 3];
    frame[0] = START;
    System.arraycopy(message, 0, frame, 1, message.length);
    frame[message.length + 1] = END;
    frame[message.length + 2] = CARRIAGE_RETURN;
    out.write(frame);
    out.flush();
    return Acknowledgement.parse(readFrame());
  }

  private byte[] readFrame() throws IOException {
    int next = in.read();
    while (next != START) {
      if (next < 0) {
        throw new EOFException("Expected an acknowledgement, but the receiver closed");
      }
      next = in.read();
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream(512);
    int previous = -1;
    while (true) {
      next = in.read();
      if (next < 0) {
        throw new EOFException("Expected a whole acknowledgement, but the receiver closed");
      }
      if (previous == END && next == CARRIAGE_RETURN) {
        byte[] bytes = frame.toByteArray();
        return Arrays.copyOf(bytes, bytes.length - 1);
      }
      frame.write(next);
      previous = next;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Nothing is lost: every acknowledgement that mattered has been read.
    }
  }
}
