/**
 * The database of a node: blocks, entries, private records, waiting entries, candidates, accounts.
 * Rows never leave this package; ports of the core go in and out. The schema is {@code
 * db/migration}.
 */
package org.caduceus.ledger.ejb.store;
