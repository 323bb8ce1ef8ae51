/**
 * The assembled application in a real server, asked from inside: its beans injected, its
 * transactions, its topic. One member, whose vote alone makes a block final. What three members do
 * together is asked in {@code cluster}.
 */
package org.caduceus.deploy.container;
