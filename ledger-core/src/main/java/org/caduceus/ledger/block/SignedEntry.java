package org.caduceus.ledger.block;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/** An entry with its institution's signature: COSE_Sign1 (RFC 9052) over deterministic CBOR. */
public final class SignedEntry {
  /** Largest COSE_Sign1 in bytes: the largest entry and room for its frame. */
  public static final int MAX_BYTES = LedgerEntry.MAX_BYTES + 512;

  private static final int SIGNATURE_LENGTH = 64;

  private final Bytes cose;
  private final EntryCodec.CoseParts parts;
  private final Hash id;
  private final Hash leafHash;
  // Many wait in memory, and decoded they are four times as large.
  private WeakReference<LedgerEntry> decoded;

  private SignedEntry(Bytes cose) {
    this.cose = cose;
    this.parts = EntryCodec.decodeCose(cose);
    this.decoded = new WeakReference<>(decodeEntry());
    this.id = Hash.sha256(cose.unsafeArray(), parts.payload(), parts.payloadEnd());
    this.leafHash = MerkleTree.leafHash(cose);
  }

  private LedgerEntry decodeEntry() {
    return EntryCodec.decode(cose.unsafeArray(), parts.payload(), parts.payloadEnd());
  }

  /**
   * Decodes the one encoding that a signed entry has; does not check the signature.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are not a signed entry
   */
  public static SignedEntry decode(Bytes cose) {
    return new SignedEntry(cose);
  }

  /**
   * Frames an entry with a signature made over {@link #bytesToSign}.
   *
   * @param suite of the signature, named in the protected header
   * @param signingKey SEC 1 point, named there too
   * @param signature raw r || s
   */
  public static SignedEntry of(Suite suite, LedgerEntry entry, Bytes signingKey, Bytes signature) {
    return new SignedEntry(
        EntryCodec.encodeCose(
            EntryCodec.protectedHeader(suite, signingKey), entry.encode(), signature));
  }

  /** Sig_structure (RFC 9052 section 4.4) for an entry about to be signed. */
  public static Bytes bytesToSign(Suite suite, LedgerEntry entry, Bytes signingKey) {
    return EntryCodec.sigStructure(EntryCodec.protectedHeader(suite, signingKey), entry.encode());
  }

  /** The COSE_Sign1 bytes: a leaf of the Merkle tree. */
  public Bytes cose() {
    return cose;
  }

  /** The decoded entry; decoded anew if memory was needed since the last call. */
  public LedgerEntry entry() {
    LedgerEntry entry = decoded.get();
    if (entry == null) {
      entry = decodeEntry();
      decoded = new WeakReference<>(entry);
    }
    return entry;
  }

  /** Hash of the entry's CBOR: its name, the same whatever the signature. */
  public Hash id() {
    return id;
  }

  /** Its leaf in a block's Merkle tree; names the entry together with its signature. */
  public Hash leafHash() {
    return leafHash;
  }

  /** Raw r || s, 64 bytes. */
  public Bytes signature() {
    return Bytes.of(cose.unsafeArray(), cose.length() - SIGNATURE_LENGTH, SIGNATURE_LENGTH);
  }

  /** The bytes the signature is over. */
  public Bytes signedBytes() {
    return EntryCodec.sigStructure(cose, parts);
  }

  /** Whether the protected header names this suite and this key. */
  public boolean namesKey(Suite suite, Bytes signingKey) {
    byte[] expected = EntryCodec.protectedHeader(suite, signingKey).unsafeArray();
    return Arrays.equals(
        cose.unsafeArray(), parts.header(), parts.headerEnd(), expected, 0, expected.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedEntry signed && cose.equals(signed.cose);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "SignedEntry[" + id + "]";
  }
}
