package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.membership.Institution;

/**
 * Everybody in an epoch's network by index: the members first, with the indexes of their seats,
 * then the institutions without a seat.
 */
final class Participants {
  private final List<Institution> all;
  private final Map<String, Integer> indexById = new HashMap<>();
  private final List<String> ids = new ArrayList<>();

  Participants(List<Institution> all) {
    this.all = all;
    for (Institution each : all) {
      indexById.put(each.id(), ids.size());
      ids.add(each.id());
    }
  }

  List<Institution> all() {
    return all;
  }

  List<String> ids() {
    return ids;
  }

  int count() {
    return ids.size();
  }

  Optional<Integer> indexOf(String id) {
    return Optional.ofNullable(indexById.get(id));
  }

  boolean contains(int index) {
    return index >= 0 && index < ids.size();
  }
}
