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
    return decode(cbor.unsafeArray(), 0, cbor.length());
  }

  /** Same, from a part of an array. */
  static LedgerEntry decode(byte[] bytes, int from, int to) {
    requireAtMost(LedgerEntry.MAX_BYTES, to - from);
    Cursor in = new Cursor(bytes, from, to);
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
    return new LedgerEntry(
        chainId, member, kind, contract, author, timeMs, lookupTag, metadata, commitments);
  }

  /** Finds protected header, payload and signature of a COSE_Sign1. */
  static CoseParts decodeCose(Bytes cose) {
    requireAtMost(SignedEntry.MAX_BYTES, cose.length());
    Cursor in = new Cursor(cose.unsafeArray(), 0, cose.length());
    in.expect(TAG, COSE_SIGN1_TAG);
    in.expect(ARRAY, 4);
    int headerLength = in.skipBstr();
    int header = in.at - headerLength;
    in.expect(MAP, 0);
    int payloadLength = in.skipBstr();
    int payload = in.at - payloadLength;
    int signatureLength = in.skipBstr();
    in.end();
    if (signatureLength != SIGNATURE_LENGTH) {
      throw new MalformedException(
          "Expected a signature of 64 bytes in entry, but got " + signatureLength);
    }
    requireKnownSuite(cose.unsafeArray(), header, header + headerLength);
    return new CoseParts(header, header + headerLength, payload, payload + payloadLength);
  }

  /** Requires exactly {1: a suite's, 4: eight bytes}; whose and which, the caller asks. */
  private static void requireKnownSuite(byte[] cose, int from, int to) {
    Cursor in = new Cursor(cose, from, to);
    in.expect(MAP, 2);
    in.key(1);
    if (Arrays.stream(Suite.values()).noneMatch(suite -> in.skipIf(suite.coseAlgorithm()))) {
      throw new MalformedException("Expected the algorithm of a suite in entry, but found another");
    }
    in.key(4);
    int keyIdLength = in.skipBstr();
    in.end();
    if (keyIdLength != KEY_ID_LENGTH) {
      throw new MalformedException("Expected a key id of 8 bytes in entry, but found another");
    }
  }

  private static void requireAtMost(int length, int actual) {
    if (actual > length) {
      throw new MalformedException(
          "Expected an entry of at most " + length + " bytes, but got " + actual);
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

  /** The protected header {1: the suite's algorithm, 4: kid}. */
  static Bytes protectedHeader(Suite suite, Bytes signingKey) {
    byte[] keyId = Arrays.copyOf(Hash.sha256(signingKey.unsafeArray()).toArray(), KEY_ID_LENGTH);
    ByteArrayOutputStream out = new ByteArrayOutputStream(20);
    head(out, MAP, 2);
    head(out, UINT, 1);
    out.writeBytes(suite.coseAlgorithm());
    head(out, UINT, 4);
    bstr(out, keyId);
    return Bytes.wrap(out.toByteArray());
  }

  /** Sig_structure of RFC 9052 section 4.4 with empty external_aad: the bytes that are signed. */
  static Bytes sigStructure(Bytes protectedHeader, Bytes payload) {
    return sigStructure(
        protectedHeader.unsafeArray(),
        0,
        protectedHeader.length(),
        payload.unsafeArray(),
        0,
        payload.length());
  }

  /** Same for a signed entry. */
  static Bytes sigStructure(Bytes cose, CoseParts parts) {
    byte[] bytes = cose.unsafeArray();
    return sigStructure(
        bytes, parts.header(), parts.headerEnd(), bytes, parts.payload(), parts.payloadEnd());
  }

  private static Bytes sigStructure(
      byte[] header, int headerFrom, int headerTo, byte[] payload, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + 48);
    head(out, ARRAY, 4);
    tstr(out, "Signature1");
    head(out, BSTR, headerTo - headerFrom);
    out.write(header, headerFrom, headerTo - headerFrom);
    head(out, BSTR, 0);
    head(out, BSTR, to - from);
    out.write(payload, from, to - from);
    return Bytes.wrap(out.toByteArray());
  }

  /**
   * Where the parts of a COSE_Sign1 stand, as offsets; the signature is its last 64 bytes.
   *
   * @param header first byte of the protected header
   * @param headerEnd the byte after it
   * @param payload first byte of the payload
   * @param payloadEnd the byte after it
   */
  record CoseParts(int header, int headerEnd, int payload, int payloadEnd) {}

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

  /**
   * Reads the few CBOR types an entry uses, in their deterministic encoding only: shortest lengths
   * and ascending map keys (RFC 8949 section 4.2.1). So one entry has one id, and nobody may frame
   * a signed one anew and give it another hash.
   */
  private static final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.end = to;
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
      if (info > 27) {
        throw new MalformedException("Expected definite lengths in entry, but found others");
      }
      int width = 1 << (info - 24);
      long value = 0;
      for (int i = 0; i < width; i++) {
        value = (value << 8) | next();
      }
      if (value < 0) {
        throw new MalformedException(
            "Expected numbers below 2^63 in entry, but found a larger one");
      }
      // Half the width holds it, or the head itself does.
      if (width == 1 ? value < 24 : value >>> (4 * width) == 0) {
        throw new MalformedException(
            "Expected deterministic CBOR in entry, but a number is longer than it need be");
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

    /** Passes a byte string; its length. */
    int skipBstr() {
      return skip(length(BSTR));
    }

    Hash hash() {
      int length = skipBstr();
      if (length != Hash.LENGTH) {
        throw new MalformedException("Expected 32 bytes in entry, but got " + length);
      }
      return Hash.of(Arrays.copyOfRange(bytes, at - length, at));
    }

    String tstr() {
      int length = skip(length(TSTR));
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, at - length, length))
            .toString();
      } catch (CharacterCodingException e) {
        throw new MalformedException("Expected UTF-8 text in entry, but found other bytes");
      }
    }

    <T> SortedMap<String, T> map(Function<Cursor, T> value) {
      long count = length(MAP);
      SortedMap<String, T> result = new TreeMap<>();
      int before = at;
      int beforeEnd = at;
      for (long i = 0; i < count; i++) {
        int from = at;
        String name = tstr();
        int order = Arrays.compareUnsigned(bytes, before, beforeEnd, bytes, from, at);
        if (order == 0) {
          throw new MalformedException("Expected distinct map keys in entry, but found one twice");
        }
        if (order > 0) {
          throw new MalformedException(
              "Expected deterministic CBOR in entry, but map keys are not in order");
        }
        before = from;
        beforeEnd = at;
        result.put(name, value.apply(this));
      }
      return result;
    }

    void end() {
      if (at != end) {
        throw new MalformedException("Expected the end of an entry, but more bytes follow");
      }
    }

    /** Passes these bytes if they are what comes next. */
    boolean skipIf(byte[] expected) {
      int to = Math.min(end, at + expected.length);
      boolean there = Arrays.equals(bytes, at, to, expected, 0, expected.length);
      at += there ? expected.length : 0;
      return there;
    }

    private int next() {
      if (at >= end) {
        throw new MalformedException("Expected more bytes in entry, but it ends early");
      }
      return bytes[at++] & 0xff;
    }

    private int skip(long length) {
      if (length > end - at) {
        throw new MalformedException("Expected more bytes in entry, but it ends early");
      }
      at += (int) length;
      return (int) length;
    }
  }
}
