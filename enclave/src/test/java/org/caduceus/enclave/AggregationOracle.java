package org.caduceus.enclave;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.enclave.AggregationEnclave.DealtShare;

/**
 * A participant of a round of secure aggregation that is no enclave: what the formats page says,
 * written anew with other libraries and other arithmetic (big integers, tables of logarithms). It
 * sits among real enclaves, so that any bit in which the two sides differ spoils a sum, a share or
 * a seal. As the aggregator it takes off the masks and adds no noise.
 */
final class AggregationOracle {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
  private static final int HALF = 32;
  private static final int TAG = 16;

  private final Hash round;
  private final Hash configHash;
  private final int member;
  private final int threshold;
  private final SampleSigner votingKey;
  private final BigInteger scalar;
  private final byte[] seed;
  private final SortedMap<Integer, byte[]> publicKeys = new TreeMap<>();
  private final SortedMap<Integer, Hash> seedHashes = new TreeMap<>();
  private final SortedMap<Integer, byte[]> shares = new TreeMap<>();
  private long sharers;

  AggregationOracle(
      Hash round, Hash configHash, int member, int threshold, SampleSigner votingKey) {
    this.round = round;
    this.configHash = configHash;
    this.member = member;
    this.threshold = threshold;
    this.votingKey = votingKey;
    this.scalar = new BigInteger(1, drawn("scalar")).mod(CURVE.getN());
    this.seed = drawn("seed");
  }

  /** The same for the same member and round: a test repeats itself. */
  private byte[] drawn(String what) {
    return Hash.sha256((what + member + round.toHex()).getBytes(StandardCharsets.UTF_8)).toArray();
  }

  // ---- keys and masks --------------------------------------------------------------------------

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Expected HMAC, but it is missing", e);
    }
  }

  private byte[] pairSecret(BigInteger own, byte[] peer) {
    ECPoint agreed = CURVE.getCurve().decodePoint(peer).multiply(own).normalize();
    return hmac(round.toArray(), agreed.getAffineXCoord().getEncoded());
  }

  private static byte[] pairKey(byte[] secret, String purpose, int from, int to) {
    return hmac(secret, new Writer().tag(purpose).u16(from).u16(to).u8(1).toArray());
  }

  private byte[] keyWith(int peer, String purpose, int from, int to) {
    return pairKey(pairSecret(scalar, publicKeys.get(peer)), purpose, from, to);
  }

  /** The mask of a seed, number by number: addition modulo 2^64 is that of {@code long}. */
  private static long[] stream(byte[] seed, int count) {
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = ByteBuffer.wrap(hmac(seed, new byte[] {(byte) (i / 4)})).getLong(8 * (i % 4));
    }
    return numbers;
  }

  private static void add(long[] values, long[] mask, int sign) {
    for (int i = 0; i < values.length; i++) {
      values[i] += sign * mask[i];
    }
  }

  private static long[] pairMask(byte[] secret, int one, int other, int count) {
    return stream(pairKey(secret, "CDC1AMSK", Math.min(one, other), Math.max(one, other)), count);
  }

  private static byte[] gcm(int mode, byte[] key, byte[] head, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      GCMParameterSpec zeroNonce = new GCMParameterSpec(8 * TAG, new byte[12]);
      cipher.init(mode, new SecretKeySpec(key, "AES"), zeroNonce);
      cipher.updateAAD(head);
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Expected AES-GCM to fit, but it does not", e);
    }
  }

  // ---- shares over GF(2^8) ---------------------------------------------------------------------

  /** Powers of the generator 3, and their logarithms. */
  private static final int[] POWER = new int[255];

  private static final int[] LOGARITHM = new int[256];

  static {
    int power = 1;
    for (int i = 0; i < POWER.length; i++) {
      POWER[i] = power;
      LOGARITHM[power] = i;
      int twice = power << 1;
      power = (twice > 0xff ? twice ^ 0x11b : twice) ^ power;
    }
  }

  private static int times(int a, int b) {
    return a == 0 || b == 0 ? 0 : POWER[(LOGARITHM[a] + LOGARITHM[b]) % POWER.length];
  }

  private static int over(int a, int b) {
    return a == 0 ? 0 : POWER[(LOGARITHM[a] + POWER.length - LOGARITHM[b]) % POWER.length];
  }

  private byte[] shareFor(int holder, byte[] secret) {
    byte[] share = new byte[secret.length];
    for (int at = 0; at < secret.length; at++) {
      int value = secret[at] & 0xff;
      int power = 1;
      for (int degree = 1; degree < threshold; degree++) {
        power = times(power, holder + 1);
        value ^= times(drawn("coefficient " + degree + " " + at / HALF)[at % HALF] & 0xff, power);
      }
      share[at] = (byte) value;
    }
    return share;
  }

  /** The polynomial's value at 0 (Lagrange). */
  private static byte[] recovered(SortedMap<Integer, byte[]> held) {
    byte[] secret = new byte[HALF];
    held.forEach(
        (holder, share) -> {
          int weight = 1;
          for (int other : held.keySet()) {
            if (other != holder) {
              weight = times(weight, over(other + 1, (other + 1) ^ (holder + 1)));
            }
          }
          for (int at = 0; at < HALF; at++) {
            secret[at] ^= (byte) times(weight, share[at] & 0xff);
          }
        });
    return secret;
  }

  // ---- the steps -------------------------------------------------------------------------------

  private static byte[] fixed(BigInteger scalar) {
    byte[] bytes = scalar.toByteArray();
    byte[] result = new byte[HALF];
    int kept = Math.min(HALF, bytes.length);
    System.arraycopy(bytes, bytes.length - kept, result, HALF - kept, kept);
    return result;
  }

  private Bytes signed(Writer text) {
    Bytes bytes = Bytes.wrap(text.toArray());
    return Bytes.wrap(new Writer().bytes(bytes).bytes(votingKey.sign(bytes)).toArray());
  }

  private static Hash seedHash(byte[] seed) {
    return Hash.sha256(new Writer().tag("CDC1ASED").bytes(seed).toArray());
  }

  Bytes key() {
    return signed(
        new Writer()
            .tag("CDC1RKEY")
            .hash(round)
            .hash(configHash)
            .u16(member)
            .bytes(CURVE.getG().multiply(scalar).normalize().getEncoded(false))
            .hash(seedHash(seed)));
  }

  /** A sealed share for each of the members whose round keys these are, in their order. */
  List<Bytes> deal(List<Bytes> keys) {
    for (Bytes key : keys) {
      Reader in = new Reader(key.toArray(), "round key");
      in.tag("CDC1RKEY");
      in.hash();
      in.hash();
      int from = in.u16();
      publicKeys.put(from, in.bytes(65));
      seedHashes.put(from, in.hash());
    }
    byte[] secrets = new Writer().bytes(fixed(scalar)).bytes(seed).toArray();
    List<Bytes> sealed = new ArrayList<>();
    for (int to : publicKeys.keySet()) {
      byte[] key = keyWith(to, "CDC1ASHR", member, to);
      sealed.add(Bytes.wrap(gcm(Cipher.ENCRYPT_MODE, key, new byte[0], shareFor(to, secrets))));
    }
    return sealed;
  }

  Bytes contribute(List<DealtShare> dealt, long... values) {
    long[] masked = values.clone();
    for (DealtShare share : dealt) {
      byte[] key = keyWith(share.from(), "CDC1ASHR", share.from(), member);
      shares.put(
          share.from(), gcm(Cipher.DECRYPT_MODE, key, new byte[0], share.sealed().toArray()));
      sharers |= 1L << share.from();
    }
    add(masked, stream(seed, masked.length), 1);
    for (int peer : shares.keySet()) {
      if (peer != member) {
        byte[] secret = pairSecret(scalar, publicKeys.get(peer));
        add(masked, pairMask(secret, member, peer, masked.length), member < peer ? 1 : -1);
      }
    }
    Writer text =
        new Writer().tag("CDC1AGGC").hash(round).u16(member).u64(sharers).u16(masked.length);
    Arrays.stream(masked).forEach(text::u64);
    return signed(text);
  }

  private byte[] unmaskingHead(int from, long survivors) {
    return new Writer().tag("CDC1AGGU").hash(round).u16(from).u64(sharers).u64(survivors).toArray();
  }

  private static boolean has(long set, int member) {
    return (set >>> member & 1) == 1;
  }

  Bytes unmask(long survivors, int aggregator) {
    Writer halves = new Writer();
    shares.forEach(
        (of, share) -> {
          int at = has(survivors, of) ? HALF : 0;
          halves.bytes(Arrays.copyOfRange(share, at, at + HALF));
        });
    byte[] head = unmaskingHead(member, survivors);
    byte[] key = keyWith(aggregator, "CDC1AUNM", member, aggregator);
    byte[] sealed = gcm(Cipher.ENCRYPT_MODE, key, head, halves.toArray());
    return Bytes.wrap(new Writer().bytes(head).bytes(sealed).toArray());
  }

  /**
   * The sum of what the survivors put in.
   *
   * @param contributions by member
   * @param unmaskings by member, as many as the threshold says
   */
  long[] sum(
      long survivors,
      SortedMap<Integer, Bytes> contributions,
      SortedMap<Integer, Bytes> unmaskings) {
    SortedMap<Integer, SortedMap<Integer, byte[]>> held = new TreeMap<>();
    unmaskings.forEach((from, bytes) -> hold(held, from, survivors, bytes.toArray()));
    long[] sum = new long[0];
    for (Bytes contribution : contributions.values()) {
      long[] values = valuesOf(contribution);
      sum = sum.length == 0 ? new long[values.length] : sum;
      add(sum, values, 1);
    }
    for (int of : held.keySet()) {
      byte[] secret = recovered(held.get(of));
      if (has(survivors, of)) {
        requireSame(seedHashes.get(of), seedHash(secret));
        add(sum, stream(secret, sum.length), -1);
      } else {
        takeOff(sum, of, new BigInteger(1, secret), survivors);
      }
    }
    return sum;
  }

  private void hold(
      SortedMap<Integer, SortedMap<Integer, byte[]>> held, int from, long survivors, byte[] bytes) {
    byte[] head = unmaskingHead(from, survivors);
    requireSame(Bytes.of(head), Bytes.of(bytes, 0, head.length));
    byte[] key = keyWith(from, "CDC1AUNM", from, member);
    byte[] sealed = Arrays.copyOfRange(bytes, head.length, bytes.length);
    byte[] halves = gcm(Cipher.DECRYPT_MODE, key, head, sealed);
    int at = 0;
    for (int of : shares.keySet()) {
      byte[] half = Arrays.copyOfRange(halves, at, at + HALF);
      held.computeIfAbsent(of, any -> new TreeMap<>()).put(from, half);
      at += HALF;
    }
  }

  private static long[] valuesOf(Bytes contribution) {
    Reader in = new Reader(contribution.toArray(), "contribution");
    in.tag("CDC1AGGC");
    in.hash();
    in.u16();
    in.i64();
    long[] values = new long[in.u16()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ByteBuffer.wrap(in.bytes(8)).getLong();
    }
    return values;
  }

  /** The masks that survivors put on for their pairs with who dropped out. */
  private void takeOff(long[] sum, int lost, BigInteger scalarOfLost, long survivors) {
    byte[] point = CURVE.getG().multiply(scalarOfLost).normalize().getEncoded(false);
    requireSame(Bytes.of(publicKeys.get(lost)), Bytes.of(point));
    for (int peer : shares.keySet()) {
      if (has(survivors, peer)) {
        byte[] secret = pairSecret(scalarOfLost, publicKeys.get(peer));
        add(sum, pairMask(secret, peer, lost, sum.length), peer < lost ? -1 : 1);
      }
    }
  }

  private static void requireSame(Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("Expected what its owner signed, but it is something else");
    }
  }
}
