package org.caduceus.console.page;

import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.query.EntryView;

/**
 * An entry as lists show it.
 *
 * @param id hexadecimal
 * @param kind record kind
 * @param member institution that took it in
 * @param externalId MSH-10, SOPInstanceUID or eventID; empty at the other members
 * @param at when it was accepted
 * @param last whether it is in a block
 * @param height of that block, 0 while waiting
 */
public record EntryRow(
    String id,
    String kind,
    String member,
    String externalId,
    Moment at,
    boolean last,
    long height) {

  static EntryRow of(EntryView view) {
    LedgerEntry entry = view.signed().entry();
    return new EntryRow(
        view.signed().id().toHex(),
        entry.kind(),
        entry.member(),
        view.externalId().orElse(""),
        Moment.of(entry.timeMs()),
        view.place().isPresent(),
        view.place().map(EntryView.Place::height).orElse(0L));
  }
}
