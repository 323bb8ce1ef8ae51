package org.caduceus.ledger.block;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.math.ec.ECCurve;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;

/**
 * Public keys without a private one that anybody could know: points hashed onto the suite's curve.
 * A seat with such a key casts no vote, whoever its member is.
 */
public final class NobodysKey {
  private static final byte EVEN = 2; // a compressed point's first byte, SEC 1 section 2.3.3

  private NobodysKey() {}

  /**
   * The point of a member in an epoch: the first of the hashes H("CDC1NOKY" || chainId || epoch ||
   * id || counter) that is the x of one, with the even y.
   *
   * @return uncompressed SEC 1 point, 65 bytes
   */
  public static Bytes of(Suite suite, Hash chainId, long epoch, String member) {
    ECCurve curve = SigningKey.curve(suite).getCurve();
    Optional<Bytes> point = Optional.empty();
    for (int counter = 0; point.isEmpty(); counter++) {
      Writer hashed =
          new Writer()
              .tag("CDC1NOKY")
              .hash(chainId)
              .u64(epoch)
              .bytes(member.getBytes(StandardCharsets.UTF_8))
              .u32(counter);
      point = pointAt(curve, Hash.sha256(hashed.toArray()));
    }
    return point.get();
  }

  /** Empty for half of all numbers. */
  private static Optional<Bytes> pointAt(ECCurve curve, Hash x) {
    try {
      byte[] compressed = new Writer().u8(EVEN).hash(x).toArray();
      return Optional.of(Bytes.wrap(curve.decodePoint(compressed).getEncoded(false)));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }
}
