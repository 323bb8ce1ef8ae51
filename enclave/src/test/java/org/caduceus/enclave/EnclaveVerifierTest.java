package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignatureVerifier.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The enclave process and Bouncy Castle must agree about every signature, good or bad. */
class EnclaveVerifierTest {
  private final SampleSigner signer = scheme().signer("somebody");
  private final SampleSigner other = scheme().signer("somebody else");
  private final SignatureVerifier inJava = SignatureVerifier.of(scheme().suite());

  @TempDir Path home;

  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.ES256;
  }

  /** Of the curve's base point. */
  Bytes order() {
    return Bytes.fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  }

  private SampleEnclave started() {
    return SampleEnclave.start(home, SampleEntries.CHAIN, "member-a", scheme().suite());
  }

  @Test
  void agreesWithJava() throws Exception {
    List<Claim> claims = new ArrayList<>(goodClaims(150));
    Claim good = claims.getFirst();
    Bytes zero = Bytes.wrap(new byte[32]);
    Bytes r = Bytes.of(good.signature().toArray(), 0, 32);
    Bytes s = Bytes.of(good.signature().toArray(), 32, 32);
    claims.add(7, new Claim(other.publicKey(), good.message(), good.signature()));
    claims.add(70, new Claim(good.publicKey(), text("another text"), good.signature()));
    claims.add(new Claim(good.publicKey(), good.message(), joined(zero, s)));
    claims.add(new Claim(good.publicKey(), good.message(), joined(r, zero)));
    claims.add(new Claim(good.publicKey(), good.message(), joined(r, order())));
    claims.add(new Claim(good.publicKey(), good.message(), joined(order(), s)));
    claims.add(new Claim(offTheCurve(good.publicKey()), good.message(), good.signature()));
    try (SampleEnclave enclave = started()) {
      boolean[] answers = new EnclaveVerifier(enclave.process()).verifyEach(claims);
      assertArrayEquals(inJava.verifyEach(claims), answers);
      assertEquals(150, IntStream.range(0, answers.length).filter(i -> answers[i]).count());
    }
  }

  @Test
  void saysNoToWrongShapes() throws Exception {
    Claim good = goodClaims(1).getFirst();
    List<Claim> claims =
        List.of(
            new Claim(Bytes.EMPTY, good.message(), good.signature()),
            good,
            new Claim(good.publicKey(), good.message(), Bytes.of(new byte[63])));
    try (SampleEnclave enclave = started()) {
      assertArrayEquals(
          new boolean[] {false, true, false},
          new EnclaveVerifier(enclave.process()).verifyEach(claims));
    }
  }

  @Test
  void answersWithoutAnEnclave() throws Exception {
    EnclaveProcess closed;
    try (SampleEnclave enclave = started()) {
      closed = enclave.process();
    }
    Claim good = goodClaims(1).getFirst();
    Claim bad = new Claim(good.publicKey(), text("another text"), good.signature());
    assertArrayEquals(
        new boolean[] {true, false}, new EnclaveVerifier(closed).verifyEach(List.of(good, bad)));
  }

  private List<Claim> goodClaims(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> text("text " + i))
        .map(message -> new Claim(signer.publicKey(), message, signer.sign(message)))
        .toList();
  }

  private static Bytes text(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes joined(Bytes r, Bytes s) {
    return Bytes.fromHex(r.toHex() + s.toHex());
  }

  private static Bytes offTheCurve(Bytes point) {
    byte[] bytes = point.toArray();
    bytes[64] ^= 1;
    return Bytes.wrap(bytes);
  }
}
