/**
 * Who may use this node: accounts, roles, short-lived tokens (T/ZADT 005-2022 draft 3.5, 6.3a,
 * 8.3). The rules for joiners, movers, leavers and dual control come on top; storage is in {@code
 * ledger-ejb}.
 */
package org.caduceus.ledger.account;
