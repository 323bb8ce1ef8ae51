package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * An institution with a seat.
 *
 * @param id 1 to 64 characters of {@code [a-z0-9-]}
 * @param votingKey SEC 1 point of the enclave instance that votes
 * @param signingKey SEC 1 point of the institution: signs entries
 * @param governanceKey SEC 1 point of its officers: signs membership changes
 * @param linkKey SHA-256 of the SubjectPublicKeyInfo (RFC 5280) of the certificate of its peer
 *     links, the pin of RFC 7469: a renewed certificate with the same key needs no other seat
 * @param evidence hash of the attestation evidence presented at admission
 */
public record Member(
    String id,
    Bytes votingKey,
    Bytes signingKey,
    Bytes governanceKey,
    Hash linkKey,
    Hash evidence) {

  /** Length of an uncompressed P-256 point. */
  public static final int KEY_LENGTH = 65;

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  /** Checks the shapes. */
  public Member {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "Expected a member id of 1 to 64 characters a-z, 0-9 or -");
    }
    requireKey(votingKey);
    requireKey(signingKey);
    requireKey(governanceKey);
  }

  /** Whether an institution may have this id. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The same seat for another enclave instance. */
  public Member withVotingKey(Bytes key, Hash newEvidence) {
    return new Member(id, key, signingKey, governanceKey, linkKey, newEvidence);
  }

  /** Layout of the formats page. */
  void writeTo(Writer out) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    out.u8(name.length)
        .bytes(name)
        .bytes(votingKey)
        .bytes(signingKey)
        .bytes(governanceKey)
        .hash(linkKey)
        .hash(evidence);
  }

  /** Reads one member and leaves what follows. */
  static Member read(Reader in) {
    return new Member(
        new String(in.bytes(in.u8()), StandardCharsets.UTF_8),
        Bytes.wrap(in.bytes(KEY_LENGTH)),
        Bytes.wrap(in.bytes(KEY_LENGTH)),
        Bytes.wrap(in.bytes(KEY_LENGTH)),
        in.hash(),
        in.hash());
  }

  private static void requireKey(Bytes key) {
    if (key.length() != KEY_LENGTH || key.at(0) != 4) {
      throw new IllegalArgumentException("Expected an uncompressed P-256 point of 65 bytes");
    }
  }
}
