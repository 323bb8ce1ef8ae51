package org.caduceus.routes.mllp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A peer of the inlet that writes any bytes and reads frames strictly. */
final class MllpClient implements AutoCloseable {
  final Socket socket;
  private final InputStream in;

  MllpClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  MllpClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static byte[] frame(byte[] message) {
    byte[] frame = new byte[message.length + 3];
    frame[0] = 0x0b;
    System.arraycopy(message, 0, frame, 1, message.length);
    frame[message.length + 1] = 0x1c;
    frame[message.length + 2] = 0x0d;
    return frame;
  }

  static byte[] frame(String message) {
    return frame(message.getBytes(StandardCharsets.UTF_8));
  }

  void write(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  String ask(String message) throws IOException {
    write(frame(message));
    return read();
  }

  String read() throws IOException {
    return read(StandardCharsets.UTF_8);
  }

  /** The next frame's content. */
  String read(Charset charset) throws IOException {
    socket.setSoTimeout(10_000);
    int first = in.read();
    if (first != 0x0b) {
      throw new IOException("Expected a start block, but got " + first);
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int previous = -1;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("Expected an end block, but the connection was closed");
      }
      if (previous == 0x1c && b == 0x0d) {
        byte[] bytes = content.toByteArray();
        return new String(Arrays.copyOf(bytes, bytes.length - 1), charset);
      }
      content.write(b);
      previous = b;
    }
  }

  /** Every frame that still comes until the server closes. */
  List<String> restUntilClosed() throws IOException {
    List<String> rest = new ArrayList<>();
    socket.setSoTimeout(10_000);
    in.mark(1);
    while (in.read() >= 0) {
      in.reset();
      rest.add(read());
      in.mark(1);
    }
    return rest;
  }

  /** Whether nothing comes for a while. */
  boolean silent() throws IOException {
    socket.setSoTimeout(300);
    try {
      int b = in.read();
      if (b >= 0) {
        throw new IOException("Expected silence, but got " + b);
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** Whether the server closes the connection without a further byte. */
  boolean closed() throws IOException {
    socket.setSoTimeout(10_000);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
