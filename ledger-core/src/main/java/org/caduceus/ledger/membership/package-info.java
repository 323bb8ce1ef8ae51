/**
 * Who belongs to the consortium and with which keys, fixed per epoch. Changes happen only at the
 * end of an epoch. Reads on in {@link org.caduceus.ledger.consensus}.
 */
package org.caduceus.ledger.membership;
