/**
 * The door's other side: seals, signs and stores what adapters hand in, many submissions in one
 * database transaction. Whether a record is acceptable is decided before (adapters) and in {@code
 * store.Drafts}; what is stored goes on to {@code consensus}.
 */
package org.caduceus.ledger.ejb.intake;
