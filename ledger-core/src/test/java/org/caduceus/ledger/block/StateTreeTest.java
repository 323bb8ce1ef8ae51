package org.caduceus.ledger.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.junit.jupiter.api.Test;

/** World state is proven, value or absence, and nothing else is. */
class StateTreeTest {
  private static final int LARGEST = 200;

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<Bytes, Bytes> values(int count) {
    Map<Bytes, Bytes> values = new HashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(bytes("key " + i), bytes("value " + i));
    }
    return values;
  }

  @Test
  void theEmptyTreeIsThatOfBlocksWithoutState() {
    assertEquals(StateTree.EMPTY, StateTree.of(Map.of()).root());
    assertTrue(StateTree.of(Map.of()).path(bytes("x")).provesAbsence(StateTree.EMPTY, bytes("x")));
  }

  @Test
  void eachValueIsProvenAndNoOther() {
    for (int count = 1; count <= LARGEST; count += 19) {
      StateTree tree = StateTree.of(values(count));
      Hash root = tree.root();
      for (int i = 0; i < count; i++) {
        Bytes key = bytes("key " + i);
        StateTree.Path path = tree.path(key);
        assertTrue(path.proves(root, key, bytes("value " + i)));
        assertFalse(path.proves(root, key, bytes("value x")));
        assertFalse(path.proves(root, bytes("key x"), bytes("value " + i)));
        assertFalse(path.provesAbsence(root, key));
        Bytes encoded = path.encode();
        assertEquals(
            path,
            StateTree.Path.to(
                key,
                bytes("value " + i),
                StateTree.Path.readSiblings(new Reader(encoded.unsafeArray(), "path"))));
      }
    }
  }

  @Test
  void absenceIsProvenForWhatIsNotThere() {
    for (int count = 0; count <= LARGEST; count += 19) {
      StateTree tree = StateTree.of(values(count));
      for (int i = count; i < count + 50; i++) {
        Bytes key = bytes("key " + i);
        assertTrue(tree.path(key).provesAbsence(tree.root(), key));
        assertFalse(tree.path(key).proves(tree.root(), key, bytes("value " + i)));
      }
    }
  }

  @Test
  void anAlteredSiblingProvesNothing() {
    StateTree tree = StateTree.of(values(50));
    StateTree.Path path = tree.path(bytes("key 7"));
    for (int i = 0; i < path.siblings().size(); i++) {
      List<Hash> altered = new ArrayList<>(path.siblings());
      altered.set(i, Hash.sha256(altered.get(i).toArray()));
      assertFalse(
          new StateTree.Path(altered, path.found())
              .proves(tree.root(), bytes("key 7"), bytes("value 7")));
    }
  }

  /** A leaf of elsewhere must not pass for what stands in a key's place. */
  @Test
  void anotherPlacesLeafIsNoAbsence() {
    StateTree tree = StateTree.of(values(50));
    StateTree.Path path = tree.path(bytes("key 7"));
    for (int i = 0; i < 200; i++) {
      Bytes key = bytes("absent " + i);
      assertEquals(
          tree.path(key).equals(path), path.provesAbsence(tree.root(), key), "absent " + i);
    }
  }

  @Test
  void theRootNamesTheValuesNotTheirOrder() {
    Map<Bytes, Bytes> values = values(30);
    Hash root = StateTree.of(values).root();
    Map<Bytes, Bytes> reversed = new HashMap<>();
    for (int i = 29; i >= 0; i--) {
      reversed.put(bytes("key " + i), bytes("value " + i));
    }
    assertEquals(root, StateTree.of(reversed).root());
    values.put(bytes("key 3"), bytes("value x"));
    assertNotEquals(root, StateTree.of(values).root());
  }
}
