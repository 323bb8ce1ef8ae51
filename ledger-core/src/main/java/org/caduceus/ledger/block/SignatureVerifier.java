package org.caduceus.ledger.block;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.caduceus.ledger.Bytes;

/** Checks ES256 signatures of many keys. Thread-safe. */
@FunctionalInterface
public interface SignatureVerifier {
  /**
   * Whether {@code signature} is that key's over {@code message}; false, never an exception, for a
   * key or signature of the wrong shape.
   *
   * @param publicKey uncompressed SEC 1 point, 65 bytes
   * @param signature raw r || s, 64 bytes
   */
  boolean verifies(Bytes publicKey, Bytes message, Bytes signature);

  /** What {@link #verifies} is asked. */
  record Claim(Bytes publicKey, Bytes message, Bytes signature) {}

  /** The answers of {@link #verifies} to each claim, in their order. */
  default boolean[] verifyEach(List<Claim> claims) {
    boolean[] answers = new boolean[claims.size()];
    for (int i = 0; i < answers.length; i++) {
      Claim claim = claims.get(i);
      answers[i] = verifies(claim.publicKey(), claim.message(), claim.signature());
    }
    return answers;
  }

  /** In Java, through {@link Es256}. Decoded keys are kept: meant for a consortium's few keys. */
  static SignatureVerifier es256() {
    Map<Bytes, Optional<Es256>> keys = new ConcurrentHashMap<>();
    return (publicKey, message, signature) ->
        keys.computeIfAbsent(publicKey, Es256::ofPoint)
            .map(key -> key.verifies(message, signature))
            .orElse(false);
  }
}
