package org.caduceus.routes.mllp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Accepts MLLP connections and gives each a thread. Whoever makes one MUST call {@link #start} once
 * and then {@link #stop} once.
 */
final class MllpListener {
  private static final int BACKLOG = 128;
  private static final int RETRY_MS = 200;
  private static final int FINISH_SECONDS = 15;

  private final String name;
  private final MllpSettings settings;
  private final ThreadFactory threads;
  private final FrameHandler handler;
  private final Semaphore free;
  private final Set<MllpConnection> connections = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;
  private final Thread acceptor;
  private volatile boolean stopping;

  /**
   * Binds the port, so that a port in use is known before anything runs.
   *
   * @param name of the listener, for the log
   * @param threads makes the acceptor and a thread for each connection
   * @throws IOException if the address cannot be bound
   */
  MllpListener(String name, MllpSettings settings, ThreadFactory threads, FrameHandler handler)
      throws IOException {
    this.name = name;
    this.settings = settings;
    this.threads = threads;
    this.handler = handler;
    this.free = new Semaphore(settings.maxConnections());
    this.server = settings.tls().isPresent() ? secure(settings.tls().get()) : new ServerSocket();
    server.bind(
        new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()), BACKLOG);
    this.acceptor = threads.newThread(this::accept);
  }

  /** The port it listens on. */
  int port() {
    return server.getLocalPort();
  }

  /** Begins to accept connections. */
  void start() {
    acceptor.start();
    MllpLog.LISTENING.log(name, settings.host(), port());
  }

  /** Accepts no more, lets messages in hand be answered for some seconds, and cuts what is left. */
  void stop() {
    stopping = true;
    try {
      server.close();
    } catch (IOException e) {
      MllpLog.CONNECTION_LOST.log(name, e.getClass().getSimpleName());
    }
    acceptor.interrupt();
    connections.forEach(MllpConnection::stop);
    int left = 0;
    try {
      if (!free.tryAcquire(settings.maxConnections(), FINISH_SECONDS, TimeUnit.SECONDS)) {
        left = connections.size();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      left = connections.size();
    }
    connections.forEach(MllpConnection::cut);
    MllpLog.STOPPED.log(name, left);
  }

  private static ServerSocket secure(SSLContext context) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    server.setEnabledProtocols(new String[] {"TLSv1.3"});
    server.setNeedClientAuth(true);
    return server;
  }

  private void accept() {
    while (!stopping) {
      try {
        free.acquire();
      } catch (InterruptedException e) {
        return;
      }
      boolean handedOver = false;
      try {
        handedOver = open(server.accept());
      } catch (IOException e) {
        if (!stopping) {
          MllpLog.ACCEPT_FAILED.log(name, e.getMessage());
          pause();
        }
      } finally {
        if (!handedOver) {
          free.release();
        }
      }
    }
  }

  private boolean open(Socket socket) {
    MllpConnection connection = new MllpConnection(socket, settings, handler);
    connections.add(connection);
    threads
        .newThread(
            () -> {
              try {
                connection.run();
              } finally {
                connections.remove(connection);
                free.release();
              }
            })
        .start();
    if (stopping) {
      connection.stop();
    }
    return true;
  }

  /** Out of file descriptors or the like: without a pause this would be a busy loop. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
