/**
 * What readers may ask of a node: entries, blocks, receipts, status. The console and the REST
 * interface know the ledger through these ports only.
 */
package org.caduceus.ledger.query;
