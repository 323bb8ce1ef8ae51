/**
 * Who may come in: sign-in with a session for people, bearer tokens for programs, and the one table
 * of who may do what ({@link org.caduceus.console.security.AccessRules}). Accounts and their rules
 * are not here but behind {@link org.caduceus.ledger.account.Accounts}. Read on in {@code rest}.
 */
package org.caduceus.console.security;
