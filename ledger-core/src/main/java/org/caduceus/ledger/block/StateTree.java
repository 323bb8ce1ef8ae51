package org.caduceus.ledger.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * World state as a compact sparse Merkle tree over SHA-256 ({@code docs/reference/formats.md}): a
 * leaf stands at the shallowest depth at which it is alone, and its place is given by the hash of
 * its key. Proves that a key has a value, or that it has none, to somebody who holds only the root.
 */
public final class StateTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};
  private static final int MAX_DEPTH = 256;

  private record Leaf(Hash key, Hash value) {
    Hash hash() {
      return Hash.sha256(LEAF, key.toArray(), value.toArray());
    }
  }

  /**
   * The way from the root to the place of a key.
   *
   * @param siblings from the root down, at most 256
   * @param found what stands at the end of the way, empty if nothing does
   */
  public record Path(List<Hash> siblings, Optional<Found> found) {
    /** Copies the list. */
    public Path {
      siblings = List.copyOf(siblings);
      if (siblings.size() > MAX_DEPTH) {
        throw new MalformedException(
            "Expected at most 256 siblings in state proof, but got " + siblings.size());
      }
    }

    /** The siblings as they stand in a StateProof: a count of 2 bytes, then each. */
    public Bytes encode() {
      Writer out = new Writer(2 + siblings.size() * Hash.LENGTH).u16(siblings.size());
      siblings.forEach(out::hash);
      return Bytes.wrap(out.toArray());
    }

    /** Reads what {@link #encode} wrote. */
    public static List<Hash> readSiblings(Reader in) {
      int count = in.u16();
      List<Hash> siblings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        siblings.add(in.hash());
      }
      return siblings;
    }

    /** A way whose end is to be this value of this key. */
    public static Path to(Bytes key, Bytes value, List<Hash> siblings) {
      return new Path(siblings, Optional.of(new Found(hash(key), hash(value))));
    }

    /** Whether it shows under this root that the key has the value. */
    public boolean proves(Hash root, Bytes key, Bytes value) {
      return found.equals(Optional.of(new Found(hash(key), hash(value))))
          && rootFrom(hash(key)).equals(root);
    }

    /** Whether it shows under this root that the key has no value. */
    public boolean provesAbsence(Hash root, Bytes key) {
      Hash place = hash(key);
      boolean other =
          found
              .map(leaf -> !leaf.key().equals(place) && samePrefix(leaf.key(), place))
              .orElse(true);
      return other && rootFrom(place).equals(root);
    }

    private boolean samePrefix(Hash one, Hash two) {
      for (int depth = 0; depth < siblings.size(); depth++) {
        if (bit(one, depth) != bit(two, depth)) {
          return false;
        }
      }
      return true;
    }

    private Hash rootFrom(Hash place) {
      Hash hash = found.map(leaf -> new Leaf(leaf.key(), leaf.value()).hash()).orElse(EMPTY);
      for (int depth = siblings.size() - 1; depth >= 0; depth--) {
        Hash sibling = siblings.get(depth);
        hash = bit(place, depth) ? node(sibling, hash) : node(hash, sibling);
      }
      return hash;
    }
  }

  /**
   * A leaf.
   *
   * @param key hash of the key
   * @param value hash of the value
   */
  public record Found(Hash key, Hash value) {}

  /** Root of the tree without values: the hash of nothing. */
  public static final Hash EMPTY = Hash.sha256();

  private final List<Leaf> leaves;

  private StateTree(List<Leaf> leaves) {
    this.leaves = leaves;
  }

  /** The tree of these values. */
  public static StateTree of(Map<Bytes, Bytes> values) {
    TreeMap<Hash, Leaf> sorted = new TreeMap<>();
    values.forEach((key, value) -> sorted.put(hash(key), new Leaf(hash(key), hash(value))));
    return new StateTree(List.copyOf(sorted.values()));
  }

  /** What a header's {@code stateRoot} holds. */
  public Hash root() {
    return root(0, leaves.size(), 0);
  }

  /** The way to the place of this key. */
  public Path path(Bytes key) {
    Hash place = hash(key);
    List<Hash> siblings = new ArrayList<>();
    int from = 0;
    int to = leaves.size();
    for (int depth = 0; to - from > 1; depth++) {
      int split = split(from, to, depth);
      boolean right = bit(place, depth);
      siblings.add(right ? root(from, split, depth + 1) : root(split, to, depth + 1));
      from = right ? split : from;
      to = right ? to : split;
    }
    return new Path(
        siblings,
        from == to
            ? Optional.empty()
            : Optional.of(new Found(leaves.get(from).key(), leaves.get(from).value())));
  }

  private Hash root(int from, int to, int depth) {
    if (from == to) {
      return EMPTY;
    }
    if (to - from == 1) {
      return leaves.get(from).hash();
    }
    int split = split(from, to, depth);
    return node(root(from, split, depth + 1), root(split, to, depth + 1));
  }

  // The leaves are sorted by key, so those of the right side come last.
  private int split(int from, int to, int depth) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bit(leaves.get(middle).key(), depth)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static boolean bit(Hash hash, int depth) {
    return (hash.toArray()[depth / 8] & (0x80 >>> (depth % 8))) != 0;
  }

  private static Hash node(Hash left, Hash right) {
    return Hash.sha256(NODE, left.toArray(), right.toArray());
  }

  private static Hash hash(Bytes bytes) {
    return Hash.sha256(bytes.unsafeArray());
  }
}
