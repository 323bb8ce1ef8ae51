package org.caduceus.ledger.block;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;

/** Checks signatures of many keys of one suite. Thread-safe. */
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

  /** In Java. Decoded keys are kept: meant for a consortium's few keys. */
  static SignatureVerifier of(Suite suite) {
    return switch (suite) {
      case ES256 -> keeping(point -> Es256.ofPoint(point).map(key -> key::verifies));
      case SM2_SM3 -> keeping(point -> Sm2.ofPoint(point).map(key -> key::verifies));
    };
  }

  /** Of {@link Suite#ES256}, which platforms' attestations are signed with too. */
  static SignatureVerifier es256() {
    return of(Suite.ES256);
  }

  private static SignatureVerifier keeping(
      Function<Bytes, Optional<BiPredicate<Bytes, Bytes>>> decoder) {
    Map<Bytes, Optional<BiPredicate<Bytes, Bytes>>> keys = new ConcurrentHashMap<>();
    return (publicKey, message, signature) ->
        keys.computeIfAbsent(publicKey, decoder)
            .map(key -> key.test(message, signature))
            .orElse(false);
  }
}
