package org.caduceus.enclave.attestation;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import org.caduceus.ledger.Bytes;

/** Public keys as SEC 1 points. */
final class EcPoints {
  private EcPoints() {}

  /** Uncompressed: 04, x, y. */
  static Bytes of(ECPublicKey key) {
    int width = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
    byte[] point = new byte[1 + 2 * width];
    point[0] = 4;
    place(key.getW().getAffineX(), point, 1, width);
    place(key.getW().getAffineY(), point, 1 + width, width);
    return Bytes.wrap(point);
  }

  /** A number in {@code width} bytes; BigInteger has a sign byte or leaves zeros out. */
  private static void place(BigInteger number, byte[] target, int at, int width) {
    byte[] value = number.toByteArray();
    int length = Math.min(value.length, width);
    System.arraycopy(value, value.length - length, target, at + width - length, length);
  }
}
