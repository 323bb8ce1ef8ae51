package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.enclave.SampleEvidence;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Quotes of SGX and TDX, right and wrong in one place each. */
final class IntelQuoteTest {
  private static final Bytes MRENCLAVE = Bytes.wrap(enclaveBytes());
  private static final PlatformVerifier ALL =
      PlatformVerifiers.trusting(
          TrustedRoots.none(), TrustedRoots.none(), SampleQuote.INTEL.roots());

  private static byte[] enclaveBytes() {
    byte[] bytes = new byte[48];
    java.util.Arrays.fill(bytes, 0, 32, (byte) 0x5e);
    return bytes;
  }

  @Test
  void aGenuineEnclaveIsVouchedFor() throws Exception {
    assertEquals(
        new PlatformVerifier.Vouched(AssuranceTier.ENCLAVE_SGX, List.of()),
        ALL.verify(sgx(quote -> {})));
  }

  @Test
  void aGenuineGuestIsVouchedForWithItsLaunch() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-384");
    digest.update(SampleEvidence.measurement(0x61).toArray());
    for (int register = 0; register < 4; register++) {
      digest.update(SampleEvidence.measurement(0x71 + register).toArray());
    }
    assertEquals(
        new PlatformVerifier.Vouched(
            AssuranceTier.CONFIDENTIAL_VM, List.of(Bytes.wrap(digest.digest()))),
        ALL.verify(tdx(quote -> {})));
  }

  @Test
  void otherRootsAndOtherTimesTrustNothing() throws Exception {
    for (TrustedRoots roots :
        List.of(
            TrustedRoots.none(),
            SampleQuote.INTEL.rootsLater(),
            new TestAuthority("others", "secp256r1").roots())) {
      PlatformVerifier verifier =
          PlatformVerifiers.trusting(SampleQuote.INTEL.roots(), SampleQuote.INTEL.roots(), roots);
      assertRefused("trusted root", verifier.verify(sgx(quote -> {})));
      assertRefused("trusted root", verifier.verify(tdx(quote -> {})));
    }
  }

  /** What is wrong in either kind of quote. */
  private static Map<String, Consumer<SampleQuote>> wrong(int debug) {
    Map<String, Consumer<SampleQuote>> wrong = new LinkedHashMap<>();
    wrong.put("of version", quote -> quote.signed.putShort(0, (short) 5));
    wrong.put("another algorithm", quote -> quote.signed.putShort(2, (short) 3));
    wrong.put("kind of TEE", quote -> quote.signed.putInt(4, 0x82));
    wrong.put("debugged", quote -> quote.signed.put(debug, (byte) (quote.signed.get(debug) | 2)));
    wrong.put("of others", quote -> quote.signed.put(quote.signed.capacity() - 64, (byte) 1));
    wrong.put("of  others", quote -> quote.signed.put(quote.signed.capacity() - 1, (byte) 1));
    wrong.put("quoting enclave that cannot", quote -> quote.quoting.put(48, (byte) 2));
    wrong.put("Intel's quoting enclave", quote -> quote.quoting.put(128, (byte) 0));
    wrong.put("names the attestation key", quote -> quote.authentication = new byte[] {9});
    wrong.put("names the  attestation key", quote -> quote.quoting.put(383, (byte) 1));
    wrong.put(
        "platform vouches for", quote -> quote.reportSigner = TestAuthority.keys("secp256r1"));
    wrong.put(
        "signed by its attestation key",
        quote -> quote.quoteSigner = TestAuthority.keys("secp256r1"));
    wrong.put("trusted root", quote -> quote.issuer = false);
    wrong.put("trusted  root", quote -> quote.certificates = false);
    wrong.put("PCK's certificates", quote -> quote.innerType = 3);
    wrong.put("ends early", quote -> quote.longer = 1 << 30);
    return wrong;
  }

  @TestFactory
  Stream<DynamicTest> aWrongEnclaveIsRefused() {
    Map<String, Consumer<SampleQuote>> wrong = wrong(48 + 48);
    wrong.put("another enclave", quote -> quote.signed.put(48 + 64, (byte) 0));
    return wrong.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> assertRefused(entry.getKey(), ALL.verify(sgx(entry.getValue())))));
  }

  @TestFactory
  Stream<DynamicTest> aWrongGuestIsRefused() {
    Map<String, Consumer<SampleQuote>> wrong = wrong(48 + 120);
    wrong.put("certification data", quote -> quote.outerType = 5);
    wrong.put("more bytes follow", quote -> quote.tail = new byte[1]);
    return wrong.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> assertRefused(entry.getKey(), ALL.verify(tdx(entry.getValue())))));
  }

  @Test
  void customClaimsOfOthersAreRefused() throws Exception {
    Evidence shown = sgx(quote -> {});
    byte[] bytes = shown.platform().toArray();
    bytes[bytes.length - 1] ^= 1;
    assertRefused("of these claims", ALL.verify(shown.withPlatform(Bytes.of(bytes))));
    assertRefused(
        "of these claims", ALL.verify(shown.withPlatform(Bytes.of(bytes, 0, bytes.length - 1))));
  }

  @Test
  void noPrefixIsAccepted() throws Exception {
    for (Evidence shown : List.of(sgx(quote -> {}), tdx(quote -> {}))) {
      byte[] bytes = shown.platform().toArray();
      for (int length = 1; length < bytes.length; length += 3) {
        assertTrue(
            ALL.verify(shown.withPlatform(Bytes.of(bytes, 0, length)))
                instanceof PlatformVerifier.Refused,
            "length " + length);
      }
    }
  }

  /** An enclave's quote is no machine's, and a part of no known format is nothing. */
  @Test
  void formatsAreNotTakenForEachOther() throws Exception {
    Evidence enclave = sgx(quote -> {});
    assertRefused(
        "known format",
        ALL.verify(SampleEvidence.candidate().make().withPlatform(enclave.platform())));
    assertRefused(
        "of version",
        ALL.verify(
            enclave.withPlatform(
                Bytes.wrap(
                    new Writer().tag("CDC1TDXQ").sized(enclave.platform().toArray()).toArray()))));
    assertRefused("version", ALL.verify(enclave.withPlatform(Bytes.of(new byte[700]))));
  }

  /** The kernel's files, played by ordinary ones. */
  @Test
  void aQuoteComesThroughTheKernelsFolder(@TempDir Path root) throws Exception {
    Evidence shown = tdx(quote -> {});
    byte[] part = shown.platform().toArray();
    Path folder = Files.createDirectory(root.resolve("caduceus"));
    Files.write(folder.resolve("outblob"), java.util.Arrays.copyOfRange(part, 12, part.length));
    Files.writeString(folder.resolve("provider"), "tdx_guest\n");
    Files.writeString(folder.resolve("generation"), "7\n");
    Evidence attested =
        new ConfigfsTsmAttester(root, "caduceus").attach(shown.withPlatform(Bytes.EMPTY));
    assertEquals(shown, attested);
  }

  private static Evidence sgx(Consumer<SampleQuote> change) throws Exception {
    Evidence evidence =
        SampleEvidence.candidate().tier(AssuranceTier.ENCLAVE_SGX).measured(MRENCLAVE).make();
    SampleQuote quote = new SampleQuote(3, 0, 384, SgxEvidenceVerifier.QUOTING_SIGNER, false);
    quote.signed.put(48 + 64, MRENCLAVE.toArray(), 0, 32);
    quote.signed.put(48 + 320, Hash.sha256(evidence.claimsHash().toArray()).toArray());
    change.accept(quote);
    return evidence.withPlatform(
        Bytes.wrap(new Writer().bytes(quote.bytes()).hash(evidence.claimsHash()).toArray()));
  }

  private static Evidence tdx(Consumer<SampleQuote> change) throws Exception {
    Evidence evidence = SampleEvidence.candidate().make();
    SampleQuote quote =
        new SampleQuote(4, 0x81, TdxQuoteVerifier.BODY, TdxQuoteVerifier.QUOTING_SIGNER, true);
    quote.signed.put(48 + 136, SampleEvidence.measurement(0x61).toArray());
    for (int register = 0; register < 4; register++) {
      quote.signed.put(
          48 + 328 + 48 * register, SampleEvidence.measurement(0x71 + register).toArray());
    }
    quote.signed.put(48 + 520, evidence.claimsHash().toArray());
    change.accept(quote);
    return evidence.withPlatform(
        Bytes.wrap(new Writer().tag("CDC1TDXQ").sized(quote.bytes()).toArray()));
  }

  private static void assertRefused(String why, PlatformVerifier.Finding finding) {
    String sentence = why.strip().replaceAll(" +", " ");
    assertTrue(
        finding instanceof PlatformVerifier.Refused refused && refused.reason().contains(sentence),
        "Expected a refusal for " + sentence + ", but got " + finding);
  }
}
