/**
 * The ledger as JSON and the HTTP inlets. Resources check parameters and translate; they decide
 * nothing. The records ending in {@code Json} are the wire format: a renamed component is a
 * breaking change. Errors are problem details (RFC 9457) made in one place, {@link
 * org.caduceus.console.rest.Failures}.
 */
package org.caduceus.console.rest;
