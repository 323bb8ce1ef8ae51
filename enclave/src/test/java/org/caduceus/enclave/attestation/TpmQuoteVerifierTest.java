package org.caduceus.enclave.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;
import org.caduceus.ledger.enclave.SampleEvidence;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Quotes that no honest TPM makes, each wrong in one place only. */
final class TpmQuoteVerifierTest {
  private static final TestAuthority VENDOR = new TestAuthority("vendor", "secp256r1");
  private static final KeyPair KEY = TestAuthority.keys("secp256r1");
  private static final Bytes CODE = SampleEvidence.measurement(0x4d);
  private static final String AIK = "2.23.133.8.3";
  private static final String EK = "2.23.133.8.1";

  /** A quote, before it is signed and written. */
  private static final class Made {
    private int magic = 0xff544347;
    private int type = 0x8018;
    private Bytes extraData;
    private int bank = 0x000c;
    private int[] selected = {16};
    private boolean twice;
    private List<TpmQuote.Event> log =
        List.of(new TpmQuote.Event(16, CODE, TpmQuoteVerifier.EVENT));
    private List<TpmQuote.Event> extended = log;
    private int attributes = 0x00050072;
    private int keyType = 0x0023;
    private int curve = 0x0003;
    private int signatureAlgorithm = 0x0018;
    private int signatureHash = 0x000b;
    private KeyPair signer = KEY;
    private String usage = AIK;
    private KeyPair certified = KEY;
    private boolean chain = true;
    private Bytes tail = Bytes.EMPTY;

    Bytes platform() throws Exception {
      Bytes attest = attest();
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(signer.getPrivate());
      signature.update(attest.toArray());
      byte[] raw = signature.sign();
      Bytes signed =
          Bytes.wrap(
              new Writer()
                  .u16(signatureAlgorithm)
                  .u16(signatureHash)
                  .u16(32)
                  .bytes(Arrays.copyOf(raw, 32))
                  .u16(32)
                  .bytes(Arrays.copyOfRange(raw, 32, 64))
                  .toArray());
      List<Bytes> certificates = new ArrayList<>();
      if (chain) {
        X509Certificate leaf = VENDOR.leaf(certified.getPublic(), usage, Map.of());
        certificates.add(Bytes.wrap(leaf.getEncoded()));
        certificates.add(Bytes.wrap(VENDOR.issuer().getEncoded()));
      }
      Bytes encoded = new TpmQuote(attest, signed, key(), certificates, log).encode();
      return Bytes.wrap(new Writer().bytes(encoded).bytes(tail).toArray());
    }

    private Bytes attest() throws Exception {
      Writer out =
          new Writer()
              .u32(magic)
              .u16(type)
              .u16(0)
              .u16(extraData.length())
              .bytes(extraData)
              .bytes(new byte[16])
              .u8(1)
              .bytes(new byte[8])
              .u32(twice ? 2 : 1);
      for (int i = 0; i < (twice ? 2 : 1); i++) {
        byte[] bitmap = new byte[3];
        for (int pcr : selected) {
          bitmap[pcr / 8] |= (byte) (1 << pcr % 8);
        }
        out.u16(bank).u8(3).bytes(bitmap);
      }
      ByteArrayOutputStream values = new ByteArrayOutputStream();
      for (int pcr : selected) {
        byte[] value = new byte[48];
        for (TpmQuote.Event event : extended) {
          if (event.pcr() == pcr) {
            MessageDigest digest = MessageDigest.getInstance("SHA-384");
            digest.update(value);
            value = digest.digest(event.digest().toArray());
          }
        }
        values.write(value);
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(values.toByteArray());
      return Bytes.wrap(out.u16(32).bytes(digest).toArray());
    }

    private Bytes key() {
      byte[] point = EcPoints.of((ECPublicKey) KEY.getPublic()).toArray();
      return Bytes.wrap(
          new Writer()
              .u16(keyType)
              .u16(0x000b)
              .u32(attributes)
              .u16(0)
              .u16(0x0010)
              .u16(0x0018)
              .u16(0x000b)
              .u16(curve)
              .u16(0x0010)
              .u16(32)
              .bytes(Arrays.copyOfRange(point, 1, 33))
              .u16(32)
              .bytes(Arrays.copyOfRange(point, 33, 65))
              .toArray());
    }
  }

  @Test
  void aCertifiedAttestationKeyIsMeasured() throws Exception {
    assertEquals(vouched(AssuranceTier.MEASURED_TPM), verify(made -> {}, ActivatedKeys.NONE));
  }

  @Test
  void otherRegistersMayBeQuotedToo() throws Exception {
    List<TpmQuote.Event> log =
        List.of(
            new TpmQuote.Event(0, SampleEvidence.measurement(1), "firmware"),
            new TpmQuote.Event(16, CODE, TpmQuoteVerifier.EVENT),
            new TpmQuote.Event(0, SampleEvidence.measurement(2), "boot loader"));
    assertEquals(
        vouched(AssuranceTier.MEASURED_TPM),
        verify(
            made -> {
              made.selected = new int[] {0, 7, 16};
              made.log = log;
              made.extended = log;
            },
            ActivatedKeys.NONE));
  }

  @Test
  void whatIsNotCertifiedIsSimulated() throws Exception {
    PlatformVerifier.Finding simulated = vouched(AssuranceTier.SIMULATED);
    assertEquals(simulated, verify(made -> made.chain = false, ActivatedKeys.NONE));
    assertEquals(simulated, verify(made -> made.usage = null, ActivatedKeys.NONE));
    assertEquals(simulated, verify(made -> made.usage = EK, ActivatedKeys.NONE));
    assertEquals(
        simulated,
        verify(made -> made.certified = TestAuthority.keys("secp256r1"), ActivatedKeys.NONE));
    Evidence shown = shown(made -> {});
    for (TrustedRoots roots :
        List.of(
            TrustedRoots.none(),
            VENDOR.rootsLater(),
            new TestAuthority("another", "secp256r1").roots())) {
      assertEquals(simulated, new TpmQuoteVerifier(roots, ActivatedKeys.NONE).verify(shown));
    }
  }

  @Test
  void anActivatedKeyCountsForItsOwnNameOnly() throws Exception {
    Bytes name = TpmStructures.AttestationKey.read(extended(shown(made -> {}))).name();
    assertEquals(
        vouched(AssuranceTier.MEASURED_TPM),
        verify(made -> made.usage = EK, (endorsement, shown) -> shown.equals(name)));
    assertEquals(
        vouched(AssuranceTier.SIMULATED),
        verify(made -> made.usage = EK, (endorsement, shown) -> !shown.equals(name)));
    // A certificate of something else is not made one of an endorsement key by any dialogue.
    assertEquals(
        vouched(AssuranceTier.SIMULATED),
        verify(made -> made.usage = null, (endorsement, shown) -> true));
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrongInOnePlaceIsRefused() {
    Map<String, Consumer<Made>> wrong = new LinkedHashMap<>();
    wrong.put("magic", made -> made.magic = 0xff544348);
    wrong.put("a quote", made -> made.type = 0x8017);
    wrong.put("of these claims", made -> made.extraData = Bytes.of(new byte[32]));
    wrong.put("SHA-256 or SHA-384", made -> made.bank = 0x0004);
    wrong.put("selected again", made -> made.twice = true);
    wrong.put(
        "start at zero",
        made -> {
          made.selected = new int[] {16, 17};
        });
    wrong.put("event log", made -> made.extended = List.of(made.log.get(0), made.log.get(0)));
    wrong.put(
        "is of another",
        made ->
            made.log =
                List.of(made.log.get(0), new TpmQuote.Event(10, CODE, "of no quoted register")));
    wrong.put(
        "there are 0",
        made -> {
          made.log = List.of(new TpmQuote.Event(16, CODE, "something else"));
          made.extended = made.log;
        });
    wrong.put(
        "there are 2",
        made -> {
          made.log = List.of(made.log.get(0), made.log.get(0));
          made.extended = made.log;
        });
    wrong.put(
        "names another",
        made -> {
          made.log =
              List.of(
                  new TpmQuote.Event(16, SampleEvidence.measurement(0x4e), TpmQuoteVerifier.EVENT));
          made.extended = made.log;
        });
    wrong.put("attributes differ", made -> made.attributes &= ~(1 << 16)); // not restricted
    wrong.put("attributes differ ", made -> made.attributes &= ~(1 << 1)); // may be copied
    wrong.put("attributes  differ", made -> made.attributes |= 1 << 17); // decrypts
    wrong.put("elliptic-curve key", made -> made.keyType = 0x0001);
    wrong.put("parameters differ", made -> made.curve = 0x0004);
    wrong.put("ECDSA signature", made -> made.signatureAlgorithm = 0x0014);
    wrong.put("ECDSA  signature", made -> made.signatureHash = 0x0004);
    wrong.put("signature is wrong", made -> made.signer = TestAuthority.keys("secp256r1"));
    wrong.put("the end", made -> made.tail = Bytes.of(new byte[1]));
    return wrong.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> assertRefused(entry.getKey(), entry.getValue())));
  }

  @Test
  void everyPrefixIsRefused() throws Exception {
    Evidence whole = shown(made -> {});
    byte[] bytes = whole.platform().toArray();
    for (int length = 1; length < bytes.length; length++) {
      PlatformVerifier.Finding finding =
          new TpmQuoteVerifier(VENDOR.roots(), ActivatedKeys.NONE)
              .verify(whole.withPlatform(Bytes.of(bytes, 0, length)));
      assertTrue(finding instanceof PlatformVerifier.Refused, "length " + length);
    }
  }

  private static void assertRefused(String why, Consumer<Made> change) throws Exception {
    PlatformVerifier.Finding finding = verify(change, ActivatedKeys.NONE);
    String sentence = why.strip().replaceAll(" +", " ");
    assertTrue(
        finding instanceof PlatformVerifier.Refused refused && refused.reason().contains(sentence),
        "Expected a refusal for " + sentence + ", but got " + finding);
  }

  private static PlatformVerifier.Finding verify(Consumer<Made> change, ActivatedKeys activated)
      throws Exception {
    return new TpmQuoteVerifier(VENDOR.roots(), activated).verify(shown(change));
  }

  private static Evidence shown(Consumer<Made> change) throws Exception {
    Evidence evidence = SampleEvidence.candidate().measured(CODE).make();
    Made made = new Made();
    made.extraData = Bytes.wrap(evidence.claimsHash().toArray());
    change.accept(made);
    return evidence.withPlatform(made.platform());
  }

  private static Bytes extended(Evidence evidence) {
    return TpmQuote.decode(evidence.platform()).attestationKey();
  }

  private static PlatformVerifier.Finding vouched(AssuranceTier tier) {
    return new PlatformVerifier.Vouched(tier, List.of());
  }

  @Test
  void anUnknownVersionIsRefused() throws Exception {
    byte[] bytes = shown(made -> {}).platform().toArray();
    bytes[TpmQuote.TAG.getBytes(StandardCharsets.US_ASCII).length] = 2;
    assertTrue(
        new TpmQuoteVerifier(VENDOR.roots(), ActivatedKeys.NONE)
                .verify(shown(made -> {}).withPlatform(Bytes.wrap(bytes)))
            instanceof PlatformVerifier.Refused);
  }
}
