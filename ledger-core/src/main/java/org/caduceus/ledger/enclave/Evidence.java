package org.caduceus.ledger.enclave;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/**
 * What an enclave instance says of itself, layout {@code CDC1EVID}, signed with its voting key. It
 * proves that the holder of the key said it; that the code is what it says, only the platform's
 * attestation inside could prove, and at tier SIMULATED there is none.
 *
 * @param tier what protects the instance
 * @param debug whether its memory can be read by a debugger
 * @param measurement of the trusted code, 48 bytes
 * @param chainId the consortium
 * @param member id it was started for
 * @param configHash of the epoch it entered, zeros before
 * @param votingKey SEC 1 point
 * @param signingKey SEC 1 point
 * @param nonce the asker's
 * @param platform attestation of what stands before it, empty in the software port
 * @param signedBytes everything before the signature
 * @param signature raw r || s
 */
public record Evidence(
    AssuranceTier tier,
    boolean debug,
    Bytes measurement,
    Hash chainId,
    String member,
    Hash configHash,
    Bytes votingKey,
    Bytes signingKey,
    Hash nonce,
    Bytes platform,
    Bytes signedBytes,
    Bytes signature) {

  /** Most bytes of an encoded evidence. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int VERSION = 1;
  private static final int MEASUREMENT_LENGTH = 48;
  private static final int SIGNATURE_LENGTH = 64;

  /**
   * Reads evidence; checks nothing but its format.
   *
   * @throws MalformedException if the bytes are no evidence of version 1
   */
  public static Evidence decode(Bytes bytes) {
    if (bytes.length() > MAX_BYTES || bytes.length() < SIGNATURE_LENGTH) {
      throw new MalformedException(
          "Expected evidence of 64 to " + MAX_BYTES + " bytes, but got " + bytes.length());
    }
    Reader in = new Reader(bytes.unsafeArray(), "evidence");
    in.tag("CDC1EVID");
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException("Expected evidence of version 1, but got " + version);
    }
    AssuranceTier tier = AssuranceTier.of(in.u8());
    in.u8(); // the port: named by the measurement
    Evidence evidence =
        new Evidence(
            tier,
            in.flag(),
            Bytes.wrap(in.bytes(MEASUREMENT_LENGTH)),
            in.hash(),
            new String(in.bytes(in.u8()), StandardCharsets.UTF_8),
            in.hash(),
            Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
            Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
            in.hash(),
            Bytes.wrap(in.sized()),
            Bytes.of(bytes.unsafeArray(), 0, bytes.length() - SIGNATURE_LENGTH),
            Bytes.wrap(in.bytes(SIGNATURE_LENGTH)));
    in.end();
    return evidence;
  }

  /**
   * Why this is not acceptable as the evidence of a seat; empty if it is. A platform's attestation
   * cannot be verified yet, so a tier above SIMULATED is refused rather than believed.
   */
  public Optional<String> violation(EpochConfig config, int seat, SignatureVerifier signatures) {
    Member expected = config.members().get(seat);
    if (!chainId.equals(config.chainId()) || !member.equals(expected.id())) {
      return Optional.of("Expected evidence of this chain and member, but it names another");
    }
    if (!configHash.equals(config.hash())) {
      return Optional.of("Expected evidence of this epoch, but it is of another");
    }
    if (!votingKey.equals(expected.votingKey()) || !signingKey.equals(expected.signingKey())) {
      return Optional.of("Expected evidence of the seat's keys, but it is of others");
    }
    if (!signatures.verifies(votingKey, signedBytes, signature)) {
      return Optional.of("Expected evidence signed by the instance, but the signature is wrong");
    }
    return tier == AssuranceTier.SIMULATED
        ? Optional.empty()
        : Optional.of("Expected evidence that can be verified here, but its tier is " + tier);
  }
}
