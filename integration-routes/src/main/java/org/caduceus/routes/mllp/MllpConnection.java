package org.caduceus.routes.mllp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.caduceus.ledger.Bytes;

/**
 * One connection: frame in, answer out, strictly in order, on a thread of its own.
 *
 * <pre>
 *   WAITING --frame--> WORKING --answered--> WAITING
 *   WAITING --stop()--> STOPPING (socket closed at once)
 *   WORKING --stop()--> STOPPING (socket closed after the answer)
 * </pre>
 */
final class MllpConnection implements Runnable {
  private static final int DRAIN_MS = 2000;

  private enum State {
    WAITING,
    WORKING,
    STOPPING
  }

  private final Socket socket;
  private final String remote;
  private final MllpSettings settings;
  private final FrameHandler handler;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  MllpConnection(Socket socket, MllpSettings settings, FrameHandler handler) {
    this.socket = socket;
    this.remote = socket.getInetAddress().getHostAddress() + ':' + socket.getPort();
    this.settings = settings;
    this.handler = handler;
  }

  @Override
  public void run() {
    try (socket) {
      serve();
    } catch (SocketTimeoutException e) {
      MllpLog.FRAME_TIMEOUT.log(remote, settings.framePause().toMillis());
    } catch (SSLException e) {
      unlessStopping(MllpLog.TLS_REFUSED, e);
    } catch (IOException e) {
      unlessStopping(MllpLog.CONNECTION_LOST, e);
    }
  }

  /** Ends the connection: at once when it waits, else after the message in hand is answered. */
  void stop() {
    if (state.getAndSet(State.STOPPING) == State.WAITING) {
      cut();
    }
  }

  /** Ends the connection whatever it does. */
  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      MllpLog.CONNECTION_LOST.log(remote, e.getClass().getSimpleName());
    }
  }

  private void serve() throws IOException {
    int pauseMs = (int) settings.framePause().toMillis();
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    if (socket instanceof SSLSocket secure) {
      secure.setSoTimeout(pauseMs);
      secure.startHandshake();
    }
    FrameReader reader = new FrameReader(socket, settings.maxFrameBytes(), pauseMs);
    OutputStream out = socket.getOutputStream();
    boolean open = true;
    while (open) {
      FrameReader.Next next = reader.next();
      long garbage = reader.takeGarbage();
      if (garbage > 0) {
        MllpLog.GARBAGE.log(remote, garbage);
      }
      open =
          switch (next) {
            case FrameReader.Next.Frame frame ->
                frame.content().length() == 0 || answer(frame.content(), false, out);
            case FrameReader.Next.TooLarge large -> {
              MllpLog.FRAME_TOO_LARGE.log(remote, settings.maxFrameBytes());
              answer(large.beginning(), true, out);
              socket.shutdownOutput();
              reader.drain(DRAIN_MS);
              yield false;
            }
            case FrameReader.Next.End end -> {
              if (end.dropped() > 0) {
                MllpLog.HALF_FRAME.log(remote, end.dropped());
              }
              yield false;
            }
          };
    }
  }

  /** Handles one frame; false when the connection is to be closed. */
  private boolean answer(Bytes content, boolean tooLarge, OutputStream out) throws IOException {
    if (!state.compareAndSet(State.WAITING, State.WORKING)) {
      return false;
    }
    MllpReply reply;
    try {
      reply = handler.handle(new MllpFrame(content, remote, tooLarge));
    } catch (RuntimeException e) {
      // An answer would have to lie about what was stored; silence makes the sender repeat.
      MllpLog.CONNECTION_FAILED.log(remote, e.getClass().getName());
      return false;
    }
    if (!reply.messages().isEmpty()) {
      out.write(framed(reply));
    }
    return state.compareAndSet(State.WORKING, State.WAITING);
  }

  /** All answers to a frame in one array, so that they leave in one write. */
  private static byte[] framed(MllpReply reply) {
    int length = 0;
    for (Bytes message : reply.messages()) {
      length += message.length() + 3;
    }
    byte[] frames = new byte[length];
    int at = 0;
    for (Bytes message : reply.messages()) {
      frames[at++] = 0x0b;
      System.arraycopy(message.unsafeArray(), 0, frames, at, message.length());
      at += message.length();
      frames[at++] = 0x1c;
      frames[at++] = 0x0d;
    }
    return frames;
  }

  private void unlessStopping(MllpLog entry, IOException e) {
    if (state.get() != State.STOPPING) {
      entry.log(remote, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }
}
