/**
 * Consent to share: grants of a record by its holder to another member, which the members' enclaves
 * enforce.
 */
package org.caduceus.ledger.consent;
