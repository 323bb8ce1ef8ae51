package org.caduceus.ledger.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.junit.jupiter.api.Test;

/**
 * Goal: an entry has one encoding, and bytes of a stranger are either that or refused.
 *
 * <p>Method: valid bytes, cut, changed and rebuilt by hand, go through the decoders. Whatever is
 * accepted must encode to the same bytes; whatever is refused must be refused with {@link
 * MalformedException}, without memory or stack that the bytes only claim to need.
 */
final class EntryCodecTest {
  private static final SampleSigner INSTITUTION = SampleSigner.Scheme.ES256.signer("institution 0");
  private static final SignedEntry SIGNED =
      SampleEntries.signed(SampleEntries.CHAIN, "member-a", 7, INSTITUTION);
  private static final Bytes COSE = SIGNED.cose();
  private static final Bytes CBOR = SIGNED.entry().encode();

  // ---- what is accepted is the one encoding -----------------------------------------------------

  @Test
  void validBytesEncodeToThemselves() {
    assertEquals(CBOR, LedgerEntry.decode(CBOR).encode());
    assertEquals(SIGNED, SignedEntry.decode(COSE));
    assertEquals(SIGNED.entry(), SignedEntry.decode(COSE).entry());
  }

  @Test
  void everyPrefixIsRefused() {
    for (int length = 0; length < CBOR.length(); length++) {
      refused(Bytes.of(CBOR.unsafeArray(), 0, length));
    }
    for (int length = 0; length < COSE.length(); length++) {
      refusedCose(Bytes.of(COSE.unsafeArray(), 0, length));
    }
  }

  @Test
  void everyChangedByteIsRefusedOrIsAnotherEntrysOneEncoding() {
    int accepted = 0;
    for (int at = 0; at < CBOR.length(); at++) {
      for (int value = 0; value < 256; value++) {
        if (value != CBOR.at(at) && isRefusedOrDeterministic(with(CBOR, at, value))) {
          accepted++;
        }
      }
    }
    assertTrue(accepted > 0, "a changed letter or hash is a well-formed entry");
    for (int at = 0; at < COSE.length(); at++) {
      for (int value = 0; value < 256; value++) {
        if (value != COSE.at(at)) {
          isRefusedOrDeterministicCose(with(COSE, at, value));
        }
      }
    }
  }

  @Test
  void everyInsertedAndEveryDroppedByteIsRefusedOrDeterministic() {
    for (int at = 0; at <= CBOR.length(); at++) {
      for (int value = 0; value < 256; value++) {
        isRefusedOrDeterministic(spliced(CBOR, at, at, (byte) value));
      }
      if (at < CBOR.length()) {
        isRefusedOrDeterministic(spliced(CBOR, at, at + 1));
      }
    }
  }

  @Test
  void randomDamageIsRefusedOrDeterministic() {
    long seed = Long.getLong("seed", 42L);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = (i % 2 == 0 ? CBOR : COSE).toArray();
      int changes = 1 + random.nextInt(6);
      for (int change = 0; change < changes; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        isRefusedOrDeterministic(Bytes.wrap(bytes));
        isRefusedOrDeterministicCose(Bytes.wrap(bytes));
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError("replay with -Dseed=" + seed + ", damage " + i, broken);
      }
    }
  }

  // ---- other encodings of the same values
  // --------------------------------------------------------

  @Test
  void integersInALongerFormAreRefused() {
    refused(cbor("ba0000000a", rest(CBOR, 1)));
    refused(cbor("b80a", rest(CBOR, 1)));
    refused(cbor("aa1801", rest(CBOR, 2)));
    refused(cbor("aa011801", rest(CBOR, 3)));
    refused(cbor("aa0101025900", "20", rest(CBOR, 6)));
    refused(new Entry().timeHead("1b0000000000000001").build());
    refused(new Entry().timeHead("1a00000001").build());
    refused(new Entry().timeHead("1817").build());
    accepted(new Entry().timeHead("17").build());
  }

  @Test
  void indefiniteLengthsAreRefused() {
    refused(cbor("bf", rest(CBOR, 1), "ff"));
    refused(new Entry().metadata("bf6161616261636164ff").build());
    refused(new Entry().metadata("a161617f6162ff").build());
    refused(new Entry().member("7f686d656d6265722d61ff").build());
    refused(new Entry().chainId("5f5820" + "11".repeat(32) + "ff").build());
    for (String reserved : new String[] {"1c", "1d", "1e", "1f"}) {
      refused(new Entry().timeHead(reserved).build());
    }
  }

  @Test
  void mapKeysStandOnceAndInOrder() {
    accepted(new Entry().metadata("a2616162313161626232" + "32").build());
    refused(new Entry().metadata("a2616262323261616231" + "31").build());
    refused(new Entry().metadata("a2616162313161616232" + "32").build());
    refused(new Entry().metadata("a26161613161616131").build());
    // Bytewise order of the encodings: the shorter key first, whatever its letters.
    accepted(new Entry().metadata("a2617a61316261616132").build());
    refused(new Entry().metadata("a2626161613261" + "7a6131").build());
    String hash = "5820" + "22".repeat(32);
    refused(new Entry().commitments("a26162" + hash + "6161" + hash).build());
    refused(new Entry().commitments("a26161" + hash + "6161" + hash).build());
    // The third of the ten keys of the entry itself, after 38 bytes.
    Bytes entry = new Entry().build();
    assertEquals(3, entry.at(38));
    refused(with(entry, 38, 2));
    refused(with(entry, 38, 4));
  }

  // ---- lengths that are not there
  // ----------------------------------------------------------------

  @Test
  void lengthsBeyondTheBytesAreRefusedWithoutReservingThem() {
    for (String length :
        new String[] {
          "1821",
          "19ffff",
          "1a7fffffff",
          "1a80000000",
          "1affffffff",
          "1b0000000100000000",
          "1b7fffffffffffffff",
          "1b8000000000000000",
          "1bffffffffffffffff"
        }) {
      refused(new Entry().chainId(head(2, length)).build());
      refused(new Entry().member(head(3, length)).build());
      refused(new Entry().metadata(head(5, length)).build());
      refused(new Entry().commitments(head(5, length)).build());
      refused(cbor(head(5, length), rest(CBOR, 1)));
      refusedCose(cbor("d284", head(2, length), rest(COSE, 3)));
      refusedCose(cbor("d2", head(4, length), rest(COSE, 2)));
      refusedCose(cbor("d2844da2012604" + "48" + "00".repeat(8), head(5, length)));
    }
  }

  @Test
  void deepNestingIsRefusedWithoutDescending() {
    for (int major : new int[] {4, 5, 6}) {
      byte[] nested = new byte[1_000_000];
      Arrays.fill(nested, (byte) (major << 5 | 1));
      refused(Bytes.wrap(nested));
      refusedCose(Bytes.wrap(nested));
      refused(new Entry().metadata("a16161" + hex(Bytes.of(nested, 0, 16_000))).build());
      refused(new Entry().commitments("a16161" + hex(Bytes.of(nested, 0, 16_000))).build());
    }
  }

  @Test
  void manyTinyMapEntriesAreBoundedByTheLengthOfTheEntry() {
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    int count = 0x4000;
    for (int i = 0; i < count; i++) {
      byte[] name = String.format("%05x", i).getBytes(StandardCharsets.US_ASCII);
      pairs.write(0x65);
      pairs.writeBytes(name);
      pairs.write(0x60);
    }
    Bytes many = new Entry().metadata("b94000" + hex(Bytes.of(pairs.toByteArray()))).build();
    assertTrue(many.length() > LedgerEntry.MAX_BYTES);
    refused(many);
  }

  // ---- values
  // --------------------------------------------------------------------------------------

  @Test
  void textThatIsNotUtf8IsRefused() {
    for (String text :
        new String[] {
          "61ff", // no lead byte
          "61c3", // cut
          "62c328", // no continuation
          "62c0af", // overlong
          "63eda080", // a surrogate
          "64f8888080", // five bytes
          "64f4908080" // above U+10FFFF
        }) {
      refused(new Entry().member(text).build());
      refused(new Entry().metadata("a1" + text + "6161").build());
      refused(new Entry().metadata("a16161" + text).build());
    }
    accepted(new Entry().metadata("a16161" + "66e58cbbe999a2").build());
  }

  @Test
  void timesAreAtMostTwoToThe62() {
    accepted(new Entry().timeHead("1b4000000000000000").build());
    refused(new Entry().timeHead("1b4000000000000001").build());
    refused(new Entry().timeHead("1b7fffffffffffffff").build());
    refused(new Entry().timeHead("1b8000000000000000").build());
    refused(new Entry().timeHead("20").build());
  }

  @Test
  void otherTypesAndOtherVersionsAreRefused() {
    refused(cbor("aa0102", rest(CBOR, 3)));
    refused(new Entry().member("486d656d6265722d61").build());
    refused(new Entry().chainId("7820" + "61".repeat(32)).build());
    refused(new Entry().chainId("581f" + "11".repeat(31)).build());
    refused(new Entry().chainId("5821" + "11".repeat(33)).build());
    refused(new Entry().metadata("80").build());
    refused(new Entry().metadata("f6").build());
    refused(new Entry().metadata("a1616101").build());
    refused(new Entry().timeHead("fb4000000000000000").build());
    refused(new Entry().timeHead("c100").build());
  }

  @Test
  void nothingFollowsAnEntry() {
    refused(cbor(hex(CBOR), "00"));
    refused(cbor(hex(CBOR), hex(CBOR)));
    refusedCose(cbor(hex(COSE), "00"));
    refusedCose(cbor(hex(COSE), hex(COSE)));
  }

  @Test
  void entriesBeyondTheirLargestLengthAreRefused() {
    Bytes largest = padded(LedgerEntry.MAX_BYTES);
    accepted(largest);
    refused(padded(LedgerEntry.MAX_BYTES + 1));
    refused(padded(17 * 1024));

    Bytes key = INSTITUTION.publicKey();
    Bytes signature = SIGNED.signature();
    SignedEntry framed = SignedEntry.of(Suite.ES256, LedgerEntry.decode(largest), key, signature);
    assertEquals(16_896, SignedEntry.MAX_BYTES);
    assertTrue(framed.cose().length() <= SignedEntry.MAX_BYTES);
    assertEquals(framed, SignedEntry.decode(framed.cose()));
    refusedCose(
        EntryCodec.encodeCose(
            EntryCodec.protectedHeader(Suite.ES256, key),
            padded(LedgerEntry.MAX_BYTES + 1),
            signature));
    refusedCose(
        EntryCodec.encodeCose(
            EntryCodec.protectedHeader(Suite.ES256, key), padded(17 * 1024), signature));
  }

  // ---- the frame
  // -----------------------------------------------------------------------------------

  @Test
  void onlyTagEighteenWithFourPartsIsASignedEntry() {
    refusedCose(cbor(rest(COSE, 1)));
    refusedCose(cbor("d1", rest(COSE, 1)));
    refusedCose(cbor("d812", rest(COSE, 1)));
    refusedCose(cbor("d8" + "62", rest(COSE, 1)));
    refusedCose(cbor("d2d2", rest(COSE, 1)));
    refusedCose(cbor("d283", rest(COSE, 2)));
    refusedCose(cbor("d285", rest(COSE, 2), "f6"));
    refusedCose(cbor("d29804", rest(COSE, 2)));
  }

  @Test
  void theProtectedHeaderIsASuitesAlgorithmAndAKeyIdAndNothingElse() {
    String kid =
        hex(EntryCodec.protectedHeader(Suite.ES256, INSTITUTION.publicKey())).substring(10);
    Function<String, Bytes> framed =
        header -> EntryCodec.encodeCose(Bytes.fromHex(header), CBOR, SIGNED.signature());
    assertEquals(SIGNED.cose(), framed.apply("a2012604" + "48" + kid));
    SignedEntry sm2 = SignedEntry.decode(framed.apply("a2013a0001000004" + "48" + kid));
    assertTrue(sm2.namesKey(Suite.SM2_SM3, INSTITUTION.publicKey()));
    assertFalse(sm2.namesKey(Suite.ES256, INSTITUTION.publicKey()));
    assertFalse(SIGNED.namesKey(Suite.SM2_SM3, INSTITUTION.publicKey()));
    for (String header :
        new String[] {
          "", // no header
          "a0", // empty
          "a10126", // no key id
          "a2012704" + "48" + kid, // EdDSA
          "a2013a0001000104" + "48" + kid, // the number after SM2's
          "a20139ffff04" + "48" + kid, // the number before SM2's
          "a2013b000000000001000004" + "48" + kid, // a longer form of SM2's
          "a2013a00010000", // SM2 and no key id
          "a2013a0001", // half of SM2's number
          "a201382204" + "48" + kid, // ES384
          "a2013800" + "0448" + kid, // a longer form
          "a20448" + kid + "0126", // keys out of order
          "a2012604" + "47" + kid.substring(2), // a shorter id
          "a2012604" + "49" + kid + "00", // a longer id
          "a2012604" + "5808" + kid, // a longer form of the length
          "a3012604" + "48" + kid + "0500", // one field more
          "a2012604" + "48" + kid + "00", // one byte more
          "bf012604" + "48" + kid + "ff" // indefinite
        }) {
      refusedCose(framed.apply(header));
    }
  }

  @Test
  void anotherKeysIdIsReadButNamesTheOtherKey() {
    Bytes other = SampleSigner.Scheme.ES256.signer("institution 1").publicKey();
    SignedEntry entry =
        SignedEntry.decode(
            EntryCodec.encodeCose(
                EntryCodec.protectedHeader(Suite.ES256, other), CBOR, SIGNED.signature()));
    assertFalse(entry.namesKey(Suite.ES256, INSTITUTION.publicKey()));
    assertTrue(entry.namesKey(Suite.ES256, other));
  }

  @Test
  void theUnprotectedMapIsEmptyAndTheSignatureHas64Bytes() {
    String header = hex(COSE).substring(4, 4 + 28);
    String payload =
        String.format(CBOR.length() < 256 ? "58%02x" : "59%04x", CBOR.length()) + hex(CBOR);
    String signature = "5840" + hex(SIGNED.signature());
    assertEquals(COSE, cbor("d284", header, "a0", payload, signature));
    refusedCose(cbor("d284", header, "a10126", payload, signature));
    refusedCose(cbor("d284", header, "b800", payload, signature));
    refusedCose(cbor("d284", header, "bfff", payload, signature));
    refusedCose(
        cbor(
            "d284",
            header,
            "a0",
            "5a" + String.format("%08x", CBOR.length()) + hex(CBOR),
            signature));
    refusedCose(cbor("d284", header, "a0", "f6", signature));
    refusedCose(cbor("d284", header, "a0", payload, "583f" + hex(SIGNED.signature()).substring(2)));
    refusedCose(cbor("d284", header, "a0", payload, "5841" + hex(SIGNED.signature()) + "00"));
    refusedCose(cbor("d284", header, "a0", payload, "590040" + hex(SIGNED.signature())));
    refusedCose(cbor("d284", "58" + header, "a0", payload, signature));
  }

  // ---- how
  // -----------------------------------------------------------------------------------------

  private static void accepted(Bytes bytes) {
    assertEquals(bytes, LedgerEntry.decode(bytes).encode());
  }

  private static void refused(Bytes bytes) {
    assertThrows(MalformedException.class, () -> LedgerEntry.decode(bytes), () -> hexStart(bytes));
  }

  private static void refusedCose(Bytes bytes) {
    assertThrows(MalformedException.class, () -> SignedEntry.decode(bytes), () -> hexStart(bytes));
  }

  private static String hexStart(Bytes bytes) {
    return hex(Bytes.of(bytes.unsafeArray(), 0, Math.min(64, bytes.length())));
  }

  /** Whether it was accepted. */
  private static boolean isRefusedOrDeterministic(Bytes bytes) {
    try {
      assertEquals(bytes, LedgerEntry.decode(bytes).encode());
      return true;
    } catch (MalformedException refusal) {
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError other) {
      return fail("Expected a refusal of " + hexStart(bytes) + ", but got " + other, other);
    }
  }

  private static void isRefusedOrDeterministicCose(Bytes bytes) {
    try {
      SignedEntry entry = SignedEntry.decode(bytes);
      Bytes header = Bytes.of(bytes.unsafeArray(), 3, 13);
      assertEquals(bytes, EntryCodec.encodeCose(header, entry.entry().encode(), entry.signature()));
    } catch (MalformedException refusal) {
      // as it should be
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError other) {
      fail("Expected a refusal of " + hexStart(bytes) + ", but got " + other, other);
    }
  }

  private static Bytes with(Bytes bytes, int at, int value) {
    byte[] changed = bytes.toArray();
    changed[at] = (byte) value;
    return Bytes.wrap(changed);
  }

  private static Bytes spliced(Bytes bytes, int from, int to, byte... between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes.unsafeArray(), 0, from);
    out.writeBytes(between);
    out.write(bytes.unsafeArray(), to, bytes.length() - to);
    return Bytes.wrap(out.toByteArray());
  }

  /** An entry of exactly this length. */
  private static Bytes padded(int length) {
    int text = length - new Entry().metadata("a16161" + "790000").build().length();
    return new Entry()
        .metadata("a16161" + "79" + String.format("%04x", text) + "6e".repeat(text))
        .build();
  }

  private static String hex(Bytes bytes) {
    return bytes.toHex();
  }

  private static String rest(Bytes bytes, int from) {
    return hex(Bytes.of(bytes.unsafeArray(), from, bytes.length() - from));
  }

  private static Bytes cbor(String... hex) {
    return Bytes.fromHex(String.join("", hex));
  }

  /** The head of that type whose argument is written like the head of an integer. */
  private static String head(int major, String integer) {
    byte[] bytes = HexFormat.of().parseHex(integer);
    bytes[0] |= (byte) (major << 5);
    return HexFormat.of().formatHex(bytes);
  }

  /** An entry written by hand, part by part, in hexadecimal. */
  private static final class Entry {
    private String chainId = "5820" + "11".repeat(32);
    private String member = "686d656d6265722d61";
    private String time = "01";
    private String metadata = "a0";
    private String commitments = "a0";

    Entry chainId(String hex) {
      chainId = hex;
      return this;
    }

    Entry member(String hex) {
      member = hex;
      return this;
    }

    Entry timeHead(String hex) {
      time = hex;
      return this;
    }

    Entry metadata(String hex) {
      metadata = hex;
      return this;
    }

    Entry commitments(String hex) {
      commitments = hex;
      return this;
    }

    Bytes build() {
      return cbor(
          "aa0101",
          "02",
          chainId,
          "03",
          member,
          "04",
          "63612e62",
          "05",
          "687265636f72642f31",
          "06",
          "6178",
          "07",
          time,
          "08",
          "5820" + "33".repeat(32),
          "09",
          metadata,
          "0a",
          commitments);
    }
  }

  @Test
  void theHandWrittenEntryIsAsOursWouldBe() {
    LedgerEntry entry =
        new LedgerEntry(
            Hash.fromHex("11".repeat(32)),
            "member-a",
            "a.b",
            "record/1",
            "x",
            1,
            Hash.fromHex("33".repeat(32)),
            new TreeMap<>(),
            new TreeMap<>());
    assertEquals(entry.encode(), new Entry().build());
  }
}
