package org.caduceus.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.ToolFailure;

/**
 * A round trip to a process that does nothing, over the kind of socket that the enclave serves and
 * with as many bytes: what the operating system costs of a call, whoever makes it. One write and
 * one read of memory that was allocated before.
 */
final class BareSocket implements AutoCloseable {
  private static final String READY = "ready\n";
  private static final int SEND_BUFFER = 2 * 1024 * 1024;

  private final Process process;
  private final SocketChannel channel;
  private final ByteBuffer request;
  private final ByteBuffer answer;

  /**
   * Starts the other end and connects.
   *
   * @param socket path that does not exist
   * @param requestLength bytes there
   * @param answerLength bytes back
   */
  BareSocket(Project project, Path socket, int requestLength, int answerLength) {
    request = ByteBuffer.allocateDirect(requestLength);
    answer = ByteBuffer.allocateDirect(answerLength);
    try {
      process =
          new ProcessBuilder(
                  project.enclaveEcho().toString(),
                  socket.toString(),
                  Integer.toString(requestLength),
                  Integer.toString(answerLength))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] said = process.getInputStream().readNBytes(READY.length());
      if (!new String(said, StandardCharsets.US_ASCII).equals(READY)) {
        throw new ToolFailure("Expected tee-echo to listen, but it does not");
      }
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new ToolFailure("Expected to reach tee-echo, but that failed", e);
    }
  }

  /** There and back. */
  void roundTrip() {
    try {
      request.clear();
      while (request.hasRemaining()) {
        channel.write(request);
      }
      answer.clear();
      while (answer.hasRemaining()) {
        if (channel.read(answer) < 0) {
          throw new ToolFailure("Expected tee-echo to answer, but it ended");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroy();
    }
  }
}
