package org.caduceus.ledger.intake;

/**
 * Who hands a record in.
 *
 * @param author ledger account of the person or service that submits
 * @param remote network address, for the message journal only
 */
public record Submission(String author, String remote) {}
