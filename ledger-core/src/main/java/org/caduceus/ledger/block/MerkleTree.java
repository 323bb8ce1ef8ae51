package org.caduceus.ledger.block;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/** Merkle tree hash and inclusion proofs over SHA-256 (RFC 9162 section 2.1). */
public final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private final List<Hash> leaves;

  private MerkleTree(List<Hash> leaves) {
    this.leaves = leaves;
  }

  /** A tree over these leaves, in order. */
  public static MerkleTree of(List<Bytes> leaves) {
    return new MerkleTree(leaves.stream().map(MerkleTree::leafHash).toList());
  }

  /** A block's tree: its leaves are the entries' COSE_Sign1 bytes. */
  public static MerkleTree ofEntries(List<SignedEntry> entries) {
    return new MerkleTree(entries.stream().map(SignedEntry::leafHash).toList());
  }

  /** H(0x00 || leaf). */
  public static Hash leafHash(Bytes leaf) {
    return Hash.sha256(LEAF, leaf.unsafeArray());
  }

  /** The tree head; that of no leaves is the hash of nothing. */
  public Hash root() {
    return leaves.isEmpty() ? Hash.sha256() : root(0, leaves.size());
  }

  /**
   * The inclusion path of a leaf, leaf side first (section 2.1.3.1).
   *
   * @param index from 0
   */
  public List<Hash> path(int index) {
    if (index < 0 || index >= leaves.size()) {
      throw new IndexOutOfBoundsException(
          "Expected a leaf below " + leaves.size() + ", but got " + index);
    }
    List<Hash> path = new ArrayList<>();
    collect(index, 0, leaves.size(), path);
    return path;
  }

  /**
   * The tree head that a path leads to (section 2.1.3.2), to be compared with the trusted one.
   *
   * @param leafHash of {@link #leafHash}
   * @param index from 0
   * @param size number of leaves
   * @return the head, or {@link Hash#ZERO} if the path has the wrong length for this index and size
   */
  public static Hash rootFrom(Hash leafHash, int index, int size, List<Hash> path) {
    if (index < 0 || index >= size) {
      return Hash.ZERO;
    }
    int fn = index;
    int sn = size - 1;
    Hash hash = leafHash;
    for (Hash sibling : path) {
      if (sn == 0) {
        return Hash.ZERO;
      }
      if ((fn & 1) == 1 || fn == sn) {
        hash = node(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        hash = node(hash, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 ? hash : Hash.ZERO;
  }

  private void collect(int index, int from, int to, List<Hash> path) {
    int size = to - from;
    if (size == 1) {
      return;
    }
    int split = from + Integer.highestOneBit(size - 1);
    if (index < split) {
      collect(index, from, split, path);
      path.add(root(split, to));
    } else {
      collect(index, split, to, path);
      path.add(root(from, split));
    }
  }

  private Hash root(int from, int to) {
    int size = to - from;
    if (size == 1) {
      return leaves.get(from);
    }
    int split = from + Integer.highestOneBit(size - 1);
    return node(root(from, split), root(split, to));
  }

  private static Hash node(Hash left, Hash right) {
    return Hash.sha256(NODE, left.toArray(), right.toArray());
  }
}
