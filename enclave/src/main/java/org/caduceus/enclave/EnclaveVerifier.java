package org.caduceus.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;

/**
 * Signatures of this member's suite, verified by its own enclave process, whose native code is
 * about three times as fast as Java; in Java while no enclave answers. Thread-safe.
 */
public final class EnclaveVerifier implements SignatureVerifier {
  /** Signatures in one request: signing and voting wait for at most some milliseconds. */
  private static final int MAX_ITEMS = 64;

  private static final int KEY_LENGTH = 65;
  private static final int SIGNATURE_LENGTH = 64;
  private static final int ITEM_LENGTH = KEY_LENGTH + Hash.LENGTH + SIGNATURE_LENGTH;

  private final EnclaveProcess process;
  private final Suite suite;
  private final SignatureVerifier inJava;

  /** A verifier on this process. */
  public EnclaveVerifier(EnclaveProcess process) {
    this.process = process;
    this.suite = process.suite();
    this.inJava = SignatureVerifier.of(suite);
  }

  @Override
  public boolean verifies(Bytes publicKey, Bytes message, Bytes signature) {
    return verifyEach(List.of(new Claim(publicKey, message, signature)))[0];
  }

  @Override
  public boolean[] verifyEach(List<Claim> claims) {
    boolean[] answers = new boolean[claims.size()];
    for (int from = 0; from < answers.length; from += MAX_ITEMS) {
      List<Claim> some = claims.subList(from, Math.min(from + MAX_ITEMS, answers.length));
      boolean[] theirs = verifySome(some);
      System.arraycopy(theirs, 0, answers, from, theirs.length);
    }
    return answers;
  }

  private boolean[] verifySome(List<Claim> claims) {
    if (!claims.stream().allMatch(EnclaveVerifier::isWellFormed)) {
      return inJava.verifyEach(claims);
    }
    Writer request = new Writer(2 + claims.size() * ITEM_LENGTH).u16(claims.size());
    for (Claim claim : claims) {
      request
          .bytes(claim.publicKey())
          .hash(suite.digest(claim.publicKey(), claim.message()))
          .bytes(claim.signature());
    }
    byte[] verdicts;
    try {
      verdicts = process.call(Operation.VERIFY_BATCH, request.toArray(), claims.size());
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return inJava.verifyEach(claims);
    }
    boolean[] answers = new boolean[claims.size()];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = verdicts[i] == 1;
    }
    return answers;
  }

  private static boolean isWellFormed(Claim claim) {
    return claim.publicKey().length() == KEY_LENGTH
        && claim.signature().length() == SIGNATURE_LENGTH;
  }
}
