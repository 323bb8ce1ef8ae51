/**
 * The Java side of the enclave: finding or starting its process, one connection to it, and the two
 * ports of the core that it serves ({@link org.caduceus.ledger.enclave.Enclave}, {@link
 * org.caduceus.ledger.consensus.Voter}). Keys and decisions are on the other side of the socket, in
 * {@code src/main/c/trusted}. The only package that imports JNA.
 */
package org.caduceus.enclave;
