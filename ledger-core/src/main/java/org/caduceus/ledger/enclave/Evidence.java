package org.caduceus.ledger.enclave;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.Member;

/**
 * What an enclave instance says of itself, layout {@code CDC1EVID} version 2: claims, a signature
 * with the instance's voting key over H(claims), and the platform's attestation of H(claims).
 *
 * <p>The signature proves that the holder of the key said it; that the code is what it says, only
 * the platform part can show, and whoever carries the evidence may attach it. {@link
 * EvidencePolicy} decides what all of it is worth.
 *
 * @param tier what the instance says protects it
 * @param debug whether its memory can be read by a debugger
 * @param measurement of the trusted code, 48 bytes
 * @param chainId the consortium
 * @param member id it was started for
 * @param genesisHash configHash of epoch 1 once an epoch was entered, zeros before
 * @param epoch the entered one, 0 before
 * @param configHash of the epoch it entered, zeros before
 * @param suite of the voting and the signing key; the exchange key is P-256 in any
 * @param votingKey SEC 1 point, of the instance
 * @param signingKey SEC 1 point, of the institution
 * @param exchangeKey SEC 1 point, to which others encrypt
 * @param nonce the asker's
 * @param claims the signed bytes: everything before the signature
 * @param signature raw r || s by the voting key over the claims
 * @param platform attestation of H(claims), empty if there is none
 */
public record Evidence(
    AssuranceTier tier,
    boolean debug,
    Bytes measurement,
    Hash chainId,
    String member,
    Hash genesisHash,
    long epoch,
    Hash configHash,
    Suite suite,
    Bytes votingKey,
    Bytes signingKey,
    Bytes exchangeKey,
    Hash nonce,
    Bytes claims,
    Bytes signature,
    Bytes platform) {

  /** Most bytes of an encoded evidence. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int VERSION = 2;
  private static final int PORTS = 2;
  private static final int MEASUREMENT_LENGTH = 48;
  private static final int SIGNATURE_LENGTH = 64;

  /**
   * Reads evidence; checks nothing but its format.
   *
   * @throws MalformedException if the bytes are no evidence of version 2
   */
  public static Evidence decode(Bytes bytes) {
    if (bytes.length() > MAX_BYTES) {
      throw new MalformedException(
          "Expected evidence of at most " + MAX_BYTES + " bytes, but got " + bytes.length());
    }
    Reader in = new Reader(bytes.unsafeArray(), "evidence");
    in.tag("CDC1EVID");
    require(in.u8(), VERSION, "version");
    AssuranceTier tier = AssuranceTier.of(in.u8());
    int port = in.u8();
    if (port < 1 || port > PORTS) {
      throw new MalformedException("Expected evidence of port 1 or 2, but got " + port);
    }
    boolean debug = in.flag();
    Bytes measurement = Bytes.wrap(in.bytes(MEASUREMENT_LENGTH));
    Hash chainId = in.hash();
    String member = new String(in.bytes(in.u8()), StandardCharsets.US_ASCII);
    Hash genesisHash = in.hash();
    long epoch = in.i64();
    Hash configHash = in.hash();
    Suite suite = Suite.of(in.u8());
    Bytes votingKey = Bytes.wrap(in.bytes(Member.KEY_LENGTH));
    Bytes signingKey = Bytes.wrap(in.bytes(Member.KEY_LENGTH));
    Bytes exchangeKey = Bytes.wrap(in.bytes(Member.KEY_LENGTH));
    Hash nonce = in.hash();
    Bytes claims = Bytes.of(bytes.unsafeArray(), 0, bytes.length() - in.remaining());
    Bytes signature = Bytes.wrap(in.bytes(SIGNATURE_LENGTH));
    Bytes platform = Bytes.wrap(in.sized());
    in.end();
    return new Evidence(
        tier,
        debug,
        measurement,
        chainId,
        member,
        genesisHash,
        epoch,
        configHash,
        suite,
        votingKey,
        signingKey,
        exchangeKey,
        nonce,
        claims,
        signature,
        platform);
  }

  /** The bytes that {@link #decode} reads. */
  public Bytes encode() {
    return encodedWith(platform);
  }

  private Bytes encodedWith(Bytes attestation) {
    return Bytes.wrap(
        new Writer(claims.length() + attestation.length() + 128)
            .bytes(claims)
            .bytes(signature)
            .sized(attestation.unsafeArray())
            .toArray());
  }

  /** H(claims): what a platform's attestation must name. */
  public Hash claimsHash() {
    return Hash.sha256(claims.unsafeArray());
  }

  /** The same claims with another attestation of the platform. */
  public Evidence withPlatform(Bytes attestation) {
    return decode(encodedWith(attestation));
  }

  private static void require(int value, int expected, String what) {
    if (value != expected) {
      throw new MalformedException(
          "Expected evidence of " + what + " " + expected + ", but got " + value);
    }
  }
}
