package org.caduceus.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

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
