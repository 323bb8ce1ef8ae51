/**
 * Identification keys of GS1 and of the Chinese drug tracing system: check digits, EPC URIs,
 * Digital Links, trace codes. Knows nothing of events and does no I/O; a text that is not a key is
 * answered with an empty result, never with an exception. Read on in {@link
 * org.caduceus.adapters.epcis.gs1.CanonicalLink}.
 */
package org.caduceus.adapters.epcis.gs1;
