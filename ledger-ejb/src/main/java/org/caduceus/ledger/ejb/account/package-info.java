/** How sign-in is guarded: slow password hashes and a limit on failures. Plain Java. */
package org.caduceus.ledger.ejb.account;
