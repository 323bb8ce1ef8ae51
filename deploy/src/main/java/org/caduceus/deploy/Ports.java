package org.caduceus.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The TCP ports of one member, all on 127.0.0.1.
 *
 * @param http console, REST, DICOMweb, EPCIS
 * @param admin Payara's administration
 * @param mllp HL7 v2
 * @param mllpTls HL7 v2 with TLS and client certificates
 * @param broker peers and local systems
 */
public record Ports(int http, int admin, int mllp, int mllpTls, int broker) {
  /** Distance between two members' ports. */
  public static final int STRIDE = 100;

  private static final int HTTP = 80;
  private static final int ADMIN = 48;
  private static final int MLLP = 75;
  private static final int MLLP_TLS = 76;
  private static final int BROKER = 61;
  private static final int DATABASE = 32;

  /** The ports of the member at {@code index} above {@code base}. */
  public static Ports of(int base, int index) {
    int first = base + STRIDE * index;
    return new Ports(first + HTTP, first + ADMIN, first + MLLP, first + MLLP_TLS, first + BROKER);
  }

  /** The port of the database server that the tool starts for all members. */
  public static int database(int base) {
    return base + DATABASE;
  }

  /**
   * A base above which the ports of so many members are free.
   *
   * @throws ToolFailure if there is none
   */
  public static int freeBase(int members) {
    for (int base = 21_000; base < 60_000; base += 1_000) {
      int candidate = base;
      if (IntStream.range(0, members)
          .boxed()
          .flatMap(index -> of(candidate, index).all().stream())
          .allMatch(Ports::isFree)) {
        return base;
      }
    }
    throw new ToolFailure("Expected free ports above 21000, but there are none");
  }

  /** All of them. */
  public List<Integer> all() {
    return List.of(http, admin, mllp, mllpTls, broker);
  }

  /** Whether this machine lets us listen on the port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
