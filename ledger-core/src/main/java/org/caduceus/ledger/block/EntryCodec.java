package org.caduceus.ledger.block;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;

/**
 * Deterministic CBOR of entries (RFC 8949 section 4.2.1) and the COSE_Sign1 frame around them (RFC
 * 9052 4.2).
 */
final class EntryCodec {
  private static final int UINT = 0;
  private static final int BSTR = 2;
  private static final int TSTR = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int COSE_SIGN1_TAG = 18;
  private static final int VERSION = 1;
  private static final int SIGNATURE_LENGTH = 64;
  private static final int KEY_ID_LENGTH = 8;
  private static final int MINUS_SEVEN = 0x26; // ES256
  private static final long MAX_TIME = 1L << 62;

  private EntryCodec() {}

  static Bytes encode(LedgerEntry entry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    head(out, MAP, 10);
    key(out, 1);
    head(out, UINT, VERSION);
    key(out, 2);
    bstr(out, entry.chainId().toArray());
    key(out, 3);
    tstr(out, entry.member());
    key(out, 4);
    tstr(out, entry.kind());
    key(out, 5);
    tstr(out, entry.contract());
    key(out, 6);
    tstr(out, entry.author());
    key(out, 7);
    head(out, UINT, entry.timeMs());
    key(out, 8);
    bstr(out, entry.lookupTag().toArray());
    key(out, 9);
    map(out, entry.metadata(), EntryCodec::tstr);
    key(out, 10);
    map(out, entry.commitments(), (sink, hash) -> bstr(sink, hash.toArray()));
    return Bytes.wrap(out.toByteArray());
  }

  static LedgerEntry decode(Bytes cbor) {
    requireAtMost(LedgerEntry.MAX_BYTES, cbor);
    Cursor in = new Cursor(cbor.unsafeArray());
    in.expect(MAP, 10);
    in.key(1);
    in.expect(UINT, VERSION);
    in.key(2);
    Hash chainId = in.hash();
    in.key(3);
    String member = in.tstr();
    in.key(4);
    String kind = in.tstr();
    in.key(5);
    String contract = in.tstr();
    in.key(6);
    String author = in.tstr();
    in.key(7);
    long timeMs = in.length(UINT);
    if (timeMs > MAX_TIME) {
      throw new MalformedException("Expected a time of at most 2^62 in entry, but it is later");
    }
    in.key(8);
    Hash lookupTag = in.hash();
    in.key(9);
    SortedMap<String, String> metadata = in.map(Cursor::tstr);
    in.key(10);
    SortedMap<String, Hash> commitments = in.map(Cursor::hash);
    in.end();
    LedgerEntry entry =
        new LedgerEntry(
            chainId, member, kind, contract, author, timeMs, lookupTag, metadata, commitments);
    // One entry, one id: the order of map keys and the shortest integers are checked by encoding
    // again.
    if (!encode(entry).equals(cbor)) {
      throw new MalformedException(
          "Expected deterministic CBOR in entry, but the encoding differs");
    }
    return entry;
  }

  /** Splits a COSE_Sign1 into protected header, payload and signature. */
  static CoseParts decodeCose(Bytes cose) {
    requireAtMost(SignedEntry.MAX_BYTES, cose);
    Cursor in = new Cursor(cose.unsafeArray());
    in.expect(TAG, COSE_SIGN1_TAG);
    in.expect(ARRAY, 4);
    byte[] protectedHeader = in.bstr();
    in.expect(MAP, 0);
    byte[] payload = in.bstr();
    byte[] signature = in.bstr();
    in.end();
    if (signature.length != SIGNATURE_LENGTH) {
      throw new MalformedException(
          "Expected a signature of 64 bytes in entry, but got " + signature.length);
    }
    CoseParts parts =
        new CoseParts(Bytes.wrap(protectedHeader), Bytes.wrap(payload), Bytes.wrap(signature));
    requireEs256(parts.protectedHeader());
    // One signed entry, one leaf: nobody may frame it anew and give it another hash.
    if (!encodeCose(parts.protectedHeader(), parts.payload(), parts.signature()).equals(cose)) {
      throw new MalformedException(
          "Expected deterministic COSE_Sign1 around entry, but the encoding differs");
    }
    return parts;
  }

  /** Requires exactly {1: -7, 4: eight bytes}; whose key that is, the caller asks. */
  private static void requireEs256(Bytes protectedHeader) {
    Cursor in = new Cursor(protectedHeader.unsafeArray());
    in.expect(MAP, 2);
    in.key(1);
    if (in.next() != MINUS_SEVEN) {
      throw new MalformedException("Expected ES256 in entry, but found another algorithm");
    }
    in.key(4);
    byte[] keyId = in.bstr();
    in.end();
    if (keyId.length != KEY_ID_LENGTH || !encodeProtectedHeader(keyId).equals(protectedHeader)) {
      throw new MalformedException("Expected a key id of 8 bytes in entry, but found another");
    }
  }

  private static void requireAtMost(int length, Bytes bytes) {
    if (bytes.length() > length) {
      throw new MalformedException(
          "Expected an entry of at most " + length + " bytes, but got " + bytes.length());
    }
  }

  /** Frames a payload with its signature as COSE_Sign1. */
  static Bytes encodeCose(Bytes protectedHeader, Bytes payload, Bytes signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length() + 96);
    head(out, TAG, COSE_SIGN1_TAG);
    head(out, ARRAY, 4);
    bstr(out, protectedHeader.unsafeArray());
    head(out, MAP, 0);
    bstr(out, payload.unsafeArray());
    bstr(out, signature.unsafeArray());
    return Bytes.wrap(out.toByteArray());
  }

  /** The protected header {1: -7, 4: kid}. */
  static Bytes protectedHeader(Bytes signingKey) {
    return encodeProtectedHeader(
        Arrays.copyOf(Hash.sha256(signingKey.unsafeArray()).toArray(), KEY_ID_LENGTH));
  }

  private static Bytes encodeProtectedHeader(byte[] keyId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16);
    head(out, MAP, 2);
    head(out, UINT, 1);
    out.write(MINUS_SEVEN);
    head(out, UINT, 4);
    bstr(out, keyId);
    return Bytes.wrap(out.toByteArray());
  }

  /** Sig_structure of RFC 9052 section 4.4 with empty external_aad: the bytes that are signed. */
  static Bytes sigStructure(Bytes protectedHeader, Bytes payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length() + 48);
    head(out, ARRAY, 4);
    tstr(out, "Signature1");
    bstr(out, protectedHeader.unsafeArray());
    bstr(out, new byte[0]);
    bstr(out, payload.unsafeArray());
    return Bytes.wrap(out.toByteArray());
  }

  record CoseParts(Bytes protectedHeader, Bytes payload, Bytes signature) {}

  private interface Put<T> {
    void to(ByteArrayOutputStream out, T value);
  }

  private static <T> void map(ByteArrayOutputStream out, Map<String, T> values, Put<T> put) {
    head(out, MAP, values.size());
    // Keys in bytewise order of their encodings, which for text differs from String order.
    SortedMap<byte[], T> ordered = new TreeMap<>(Arrays::compareUnsigned);
    values.forEach((name, value) -> ordered.put(encodedText(name), value));
    ordered.forEach(
        (name, value) -> {
          out.writeBytes(name);
          put.to(out, value);
        });
  }

  private static byte[] encodedText(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 3);
    tstr(out, text);
    return out.toByteArray();
  }

  private static void key(ByteArrayOutputStream out, int key) {
    head(out, UINT, key);
  }

  private static void bstr(ByteArrayOutputStream out, byte[] value) {
    head(out, BSTR, value.length);
    out.writeBytes(value);
  }

  private static void tstr(ByteArrayOutputStream out, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(out, TSTR, utf8.length);
    out.writeBytes(utf8);
  }

  private static void head(ByteArrayOutputStream out, int major, long value) {
    int top = major << 5;
    if (value < 24) {
      out.write(top | (int) value);
    } else if (value <= 0xffL) {
      out.write(top | 24);
      out.write((int) value);
    } else if (value <= 0xffffL) {
      out.write(top | 25);
      out.write((int) (value >>> 8));
      out.write((int) value);
    } else if (value <= 0xffffffffL) {
      out.write(top | 26);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) value).array());
    } else {
      out.write(top | 27);
      out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
    }
  }

  /** Reads the few CBOR types an entry uses. */
  private static final class Cursor {
    private final byte[] bytes;
    private int at;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    long length(int major) {
      int first = next();
      if (first >>> 5 != major) {
        throw new MalformedException(
            "Expected CBOR type " + major + " in entry, but got " + (first >>> 5));
      }
      int info = first & 0x1f;
      if (info < 24) {
        return info;
      }
      int width =
          switch (info) {
            case 24 -> 1;
            case 25 -> 2;
            case 26 -> 4;
            case 27 -> 8;
            default ->
                throw new MalformedException(
                    "Expected definite lengths in entry, but found others");
          };
      long value = 0;
      for (int i = 0; i < width; i++) {
        value = (value << 8) | next();
      }
      if (value < 0) {
        throw new MalformedException(
            "Expected numbers below 2^63 in entry, but found a larger one");
      }
      return value;
    }

    void expect(int major, long value) {
      if (length(major) != value) {
        throw new MalformedException("Expected the format of an entry, but found another");
      }
    }

    void key(int key) {
      expect(UINT, key);
    }

    byte[] bstr() {
      return take(length(BSTR));
    }

    Hash hash() {
      byte[] value = bstr();
      if (value.length != Hash.LENGTH) {
        throw new MalformedException("Expected 32 bytes in entry, but got " + value.length);
      }
      return Hash.of(value);
    }

    String tstr() {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(take(length(TSTR))))
            .toString();
      } catch (CharacterCodingException e) {
        throw new MalformedException("Expected UTF-8 text in entry, but found other bytes");
      }
    }

    <T> SortedMap<String, T> map(Function<Cursor, T> value) {
      long count = length(MAP);
      SortedMap<String, T> result = new TreeMap<>();
      for (long i = 0; i < count; i++) {
        String name = tstr();
        if (result.put(name, value.apply(this)) != null) {
          throw new MalformedException("Expected distinct map keys in entry, but found one twice");
        }
      }
      return result;
    }

    void end() {
      if (at != bytes.length) {
        throw new MalformedException("Expected the end of an entry, but more bytes follow");
      }
    }

    private int next() {
      if (at >= bytes.length) {
        throw new MalformedException("Expected more bytes in entry, but it ends early");
      }
      return bytes[at++] & 0xff;
    }

    private byte[] take(long length) {
      if (length > bytes.length - at) {
        throw new MalformedException("Expected more bytes in entry, but it ends early");
      }
      byte[] value = Arrays.copyOfRange(bytes, at, at + (int) length);
      at += (int) length;
      return value;
    }
  }
}
